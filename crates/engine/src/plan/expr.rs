//! Expressions: syntax to SQLite text with a type.

use std::ops::ControlFlow;

use sqlparser::ast::{
    AccessExpr, BinaryOperator, Expr, Query, Subscript, UnaryOperator, Value, Visit, Visitor,
};
use weir_api::DataType;

use super::{
    budget::on_enough_stack,
    choice::{in_list, in_list_work, negate},
    compiler::{Compiler, span},
    scope::Env,
};
use crate::{
    Catalog, SqlError, functions,
    functions::operators::binary,
    parse::interval,
    typed::{Literal, Typed, compare, condition},
    types,
    value::Op,
};

impl Compiler<'_> {
    /// A value; intervals are none.
    pub(super) fn value(&mut self, expr: &Expr, env: Env<'_>) -> Result<Typed, SqlError> {
        self.expr(expr, env)?
            .value()
            .map_err(|message| SqlError::at(message, span(expr)))
    }

    pub(super) fn condition(&mut self, expr: &Expr, env: Env<'_>) -> Result<String, SqlError> {
        let value = self.expr(expr, env)?;
        condition(&value).map_err(|message| SqlError::at(message, span(expr)))
    }

    /// Within the bounds of [`super::budget`].
    pub(super) fn expr(&mut self, expr: &Expr, env: Env<'_>) -> Result<Typed, SqlError> {
        self.budget.enter(|| span(expr))?;
        let value = on_enough_stack(|| self.compiled(expr, env));
        self.budget.leave();
        let value = value?;
        self.budget.value(&value, || span(expr))?;
        Ok(value)
    }

    fn compiled(&mut self, expr: &Expr, env: Env<'_>) -> Result<Typed, SqlError> {
        if env.groups
            && let Some(key) = self.group_key(expr, env)
        {
            return Ok(key);
        }
        let at = |message: String| SqlError::at(message, span(expr));
        match expr {
            Expr::Identifier(name) => self.name(name, env),
            Expr::CompoundIdentifier(parts) => self.path(parts, env),
            Expr::Value(value) => literal(&value.value).map_err(|m| SqlError::at(m, value.span)),
            Expr::Nested(inner) => self.expr(inner, env),
            Expr::UnaryOp { op, expr: operand } => self.unary(*op, operand, env),
            Expr::BinaryOp { left, op, right } => self.binary(left, op, right, env),
            Expr::IsNull(operand) => self.test(operand, "IS NULL", env),
            Expr::IsNotNull(operand) => self.test(operand, "IS NOT NULL", env),
            Expr::IsTrue(operand) => self.test(operand, "IS TRUE", env),
            Expr::IsNotTrue(operand) => self.test(operand, "IS NOT TRUE", env),
            Expr::IsFalse(operand) => self.test(operand, "IS FALSE", env),
            Expr::IsNotFalse(operand) => self.test(operand, "IS NOT FALSE", env),
            Expr::IsDistinctFrom(left, right) => {
                compare("IS NOT", &self.expr(left, env)?, &self.expr(right, env)?).map_err(at)
            }
            Expr::IsNotDistinctFrom(left, right) => {
                compare("IS", &self.expr(left, env)?, &self.expr(right, env)?).map_err(at)
            }
            Expr::Between {
                expr: value,
                negated,
                low,
                high,
            } => {
                let value = self.expr(value, env)?;
                let low = compare(">=", &value, &self.expr(low, env)?).map_err(at)?;
                let high = compare("<=", &value, &self.expr(high, env)?).map_err(at)?;
                let null = low.data_type.is_nullable() || high.data_type.is_nullable();
                let sql = negate(format!("({} AND {})", low.sql, high.sql), *negated);
                Ok(Typed::new(sql, types::nullable_if(DataType::Bool, null)))
            }
            Expr::InList {
                expr: value,
                list,
                negated,
            } => {
                let value = self.value(value, env)?;
                let mut tests = Vec::with_capacity(list.len());
                let null = value.data_type.is_nullable();
                for item in list {
                    tests.push(self.expr(item, env)?);
                }
                // Each item can stand beside a copy of the value.
                self.budget
                    .spend(in_list_work(&value, &tests), || span(expr))?;
                let sql = in_list(&value, &tests).map_err(at)?;
                Ok(Typed::new(
                    negate(sql, *negated),
                    types::nullable_if(DataType::Bool, null),
                ))
            }
            Expr::InSubquery {
                expr: value,
                subquery,
                negated,
            } => {
                let value = self.value(value, env)?;
                let (sql, column) = self.subquery(
                    subquery,
                    env,
                    at("IN takes a subquery of one column".into()),
                )?;
                let alias = self.alias();
                let item = Typed::new(format!("{alias}.c0"), column);
                let equal = compare("=", &value, &item).map_err(at)?;
                let exists = format!(
                    "EXISTS (SELECT 1 FROM ({sql}) AS {alias} WHERE {})",
                    equal.sql
                );
                let sql = negate(exists, *negated);
                let null = value.data_type.is_nullable();
                let sql = match null {
                    true => format!("CASE WHEN {} IS NULL THEN NULL ELSE {sql} END", value.sql),
                    false => sql,
                };
                Ok(Typed::new(sql, types::nullable_if(DataType::Bool, null)))
            }
            Expr::Exists { subquery, negated } => {
                let relation = self.nested(subquery, env, span(expr))?;
                Ok(Typed::new(
                    negate(format!("EXISTS ({relation})"), *negated),
                    DataType::Bool,
                ))
            }
            Expr::Subquery(subquery) => {
                let (sql, column) =
                    self.subquery(subquery, env, at("a subquery here has one column".into()))?;
                Ok(Typed::new(format!("({sql})"), types::nullable(column)))
            }
            Expr::Like {
                negated,
                any: false,
                expr: text,
                pattern,
                escape_char: None,
            } => self.like("like", text, pattern, *negated, env, at),
            Expr::ILike {
                negated,
                any: false,
                expr: text,
                pattern,
                escape_char: None,
            } => self.like("ilike", text, pattern, *negated, env, at),
            Expr::RLike {
                negated,
                expr: text,
                pattern,
                ..
            } => self.like("match", text, pattern, *negated, env, at),
            Expr::Case {
                operand,
                conditions,
                else_result,
                ..
            } => self.case(
                operand.as_deref(),
                conditions,
                else_result.as_deref(),
                env,
                at,
            ),
            Expr::Cast {
                kind,
                expr: operand,
                data_type,
                format: None,
            } => {
                let operand = self.expr(operand, env)?;
                let data_type = functions::data_type(&data_type.to_string()).map_err(at)?;
                if *kind == sqlparser::ast::CastKind::TryCast {
                    return Ok(functions::try_cast(&operand, &data_type));
                }
                operand.cast(&data_type).map_err(at)
            }
            Expr::TypedString(typed) => {
                let name = typed.data_type.to_string();
                let data_type =
                    DataType::parse(&name.replace("TIMESTAMP", "datetime64(3)")).map_err(at)?;
                let literal = literal(&typed.value.value).map_err(at)?;
                literal.cast(&data_type).map_err(at)
            }
            Expr::Function(function) => self.call(function, env),
            Expr::Array(array) => {
                let items = self.all(&array.elem, env)?;
                functions::array(&items).map_err(at)
            }
            Expr::Tuple(items) => self.tuple(items, env, at),
            Expr::JsonAccess { value, path } => self.json_path(value, path, env),
            Expr::Lambda(_) => Err(at(
                "a lambda stands in a call of array_map or another function that takes one".into(),
            )),
            Expr::Trim { .. }
            | Expr::Extract { .. }
            | Expr::Position { .. }
            | Expr::Substring { .. } => self.special_call(expr, env),
            Expr::Dictionary(fields) => self.dictionary(fields, env, at),
            Expr::Interval(interval) => {
                let (count, unit) = interval::count(interval).map_err(at)?;
                Ok(Typed {
                    literal: Literal::Interval(count, unit),
                    ..Typed::new("NULL", DataType::String)
                })
            }
            Expr::CompoundFieldAccess { root, access_chain } => {
                let mut value = self.expr(root, env)?;
                for access in access_chain {
                    let index = match access {
                        AccessExpr::Subscript(Subscript::Index {
                            index: Expr::Value(place),
                        }) if let Value::Number(place, true) = &place.value => {
                            if let DataType::Array(_) = value.data_type.inner() {
                                let words = format!(
                                    "'.{place}' of {} (a[1] is an element, array_map(x -> \
                                     x.{place}, a) has that of every tuple)",
                                    value.data_type
                                );
                                return Err(SqlError::unsupported(words, span(expr)));
                            }
                            Typed::number(place).map_err(at)?
                        }
                        AccessExpr::Subscript(Subscript::Index { index }) => {
                            self.value(index, env)?
                        }
                        AccessExpr::Dot(Expr::Identifier(name)) => Typed::text(&name.value),
                        _ => return Err(SqlError::unsupported("this subscript", span(expr))),
                    };
                    value = functions::subscript(&value, &index).map_err(at)?;
                }
                Ok(value)
            }
            Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => {
                Err(SqlError::unsupported("* inside an expression", span(expr)))
            }
            other => Err(SqlError::unsupported(
                format!("'{}'", shortened(other)),
                span(expr),
            )),
        }
    }

    pub(super) fn all(&mut self, exprs: &[Expr], env: Env<'_>) -> Result<Vec<Typed>, SqlError> {
        exprs.iter().map(|expr| self.expr(expr, env)).collect()
    }

    fn unary(
        &mut self,
        op: UnaryOperator,
        operand: &Expr,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let at = |message: String| SqlError::at(message, span(operand));
        match op {
            UnaryOperator::Not => {
                let value = self.expr(operand, env)?;
                let sql = format!("(NOT {})", condition(&value).map_err(at)?);
                Ok(Typed::new(
                    sql,
                    types::nullable_if(DataType::Bool, value.data_type.is_nullable()),
                ))
            }
            UnaryOperator::Plus => self.expr(operand, env),
            UnaryOperator::Minus => {
                let value = self.expr(operand, env)?;
                match &value.literal {
                    Literal::Number(text) if !text.starts_with('-') => {
                        Typed::number(&format!("-{text}")).map_err(at)
                    }
                    Literal::Interval(count, unit) => Ok(Typed {
                        literal: Literal::Interval(count.saturating_neg(), *unit),
                        ..value.clone()
                    }),
                    _ => functions::negated(&value).map_err(at),
                }
            }
            other => Err(SqlError::unsupported(
                format!("operator {other}"),
                span(operand),
            )),
        }
    }

    /// A time and an interval whose length is computed: `t + INTERVAL n DAY`.
    fn shifted(
        &mut self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        env: Env<'_>,
    ) -> Result<Option<Typed>, SqlError> {
        let computed = |expr: &Expr| match expr {
            Expr::Interval(interval) => {
                !matches!(*interval.value, Expr::Value(_) | Expr::UnaryOp { .. })
            }
            _ => false,
        };
        let (time, interval, how) = match op {
            BinaryOperator::Plus if computed(right) => (left, right, "add"),
            BinaryOperator::Plus if computed(left) => (right, left, "add"),
            BinaryOperator::Minus if computed(right) => (left, right, "subtract"),
            _ => return Ok(None),
        };
        let Expr::Interval(length) = interval else {
            return Ok(None);
        };
        let at = |message: String| SqlError::at(message, span(interval));
        let unit = length.leading_field.as_ref().map(ToString::to_string);
        let unit = unit.ok_or_else(|| at("an interval takes a unit".to_string()))?;
        let unit = unit.to_ascii_lowercase();
        let values = [self.value(time, env)?, self.value(&length.value, env)?];
        let function = format!("{how}_{}s", unit.trim_end_matches('s'));
        self.scalar(&function, &values).map(Some).map_err(at)
    }

    fn binary(
        &mut self,
        left: &Expr,
        op: &BinaryOperator,
        right: &Expr,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let place = || span(left).union(&span(right));
        let at = |message: String| SqlError::at(message, place());
        if let Some(shifted) = self.shifted(left, op, right, env)? {
            return Ok(shifted);
        }
        let (l, r) = (self.expr(left, env)?, self.expr(right, env)?);
        let arithmetic = match op {
            BinaryOperator::Plus => Some(Op::Add),
            BinaryOperator::Minus => Some(Op::Subtract),
            BinaryOperator::Multiply => Some(Op::Multiply),
            BinaryOperator::Divide => Some(Op::Divide),
            BinaryOperator::Modulo => Some(Op::Modulo),
            _ => None,
        };
        if let Some(op) = arithmetic {
            return binary(op, &l, &r).map_err(at);
        }
        let null = l.data_type.is_nullable() || r.data_type.is_nullable();
        match op {
            BinaryOperator::And | BinaryOperator::Or => {
                let word = if *op == BinaryOperator::And {
                    "AND"
                } else {
                    "OR"
                };
                let left = condition(&l).map_err(|m| SqlError::at(m, span(left)))?;
                let right = condition(&r).map_err(|m| SqlError::at(m, span(right)))?;
                let sql = format!("({left} {word} {right})");
                Ok(Typed::new(sql, types::nullable_if(DataType::Bool, null)))
            }
            BinaryOperator::StringConcat
                if [&l, &r].iter().all(|side| {
                    matches!(
                        side.data_type.inner(),
                        DataType::Array(_) | DataType::Map(..)
                    )
                }) =>
            {
                self.scalar("concat", &[l, r]).map_err(at)
            }
            BinaryOperator::StringConcat => {
                let (l, r) = (
                    l.cast(&DataType::String).map_err(at)?,
                    r.cast(&DataType::String).map_err(at)?,
                );
                let sql = format!("({} || {})", l.sql, r.sql);
                Ok(Typed::new(sql, types::nullable_if(DataType::String, null)))
            }
            BinaryOperator::Eq => compare("=", &l, &r).map_err(at),
            BinaryOperator::NotEq => compare("<>", &l, &r).map_err(at),
            BinaryOperator::Lt => compare("<", &l, &r).map_err(at),
            BinaryOperator::LtEq => compare("<=", &l, &r).map_err(at),
            BinaryOperator::Gt => compare(">", &l, &r).map_err(at),
            BinaryOperator::GtEq => compare(">=", &l, &r).map_err(at),
            BinaryOperator::Spaceship => compare("IS", &l, &r).map_err(at),
            BinaryOperator::Xor => self.scalar("xor", &[l, r]).map_err(at),
            BinaryOperator::MyIntegerDivide | BinaryOperator::DuckIntegerDivide => {
                self.scalar("int_div", &[l, r]).map_err(at)
            }
            BinaryOperator::BitwiseAnd | BinaryOperator::BitwiseOr | BinaryOperator::BitwiseXor => {
                let instead = match op {
                    BinaryOperator::BitwiseAnd => "bit_and",
                    BinaryOperator::BitwiseOr => "bit_or",
                    _ => "bit_xor",
                };
                let what = format!("operator {op} ({instead}(a, b) is)");
                Err(SqlError::unsupported(what, place()))
            }
            other => Err(SqlError::unsupported(format!("operator {other}"), place())),
        }
    }
}

pub(super) fn literal(value: &Value) -> Result<Typed, String> {
    match value {
        Value::Number(text, false) => Typed::number(text),
        Value::SingleQuotedString(text) => Ok(Typed::text(text)),
        Value::Boolean(value) => Ok(Typed::new(if *value { "1" } else { "0" }, DataType::Bool)),
        Value::Null => Ok(Typed::null()),
        other => Err(format!("{other} is not supported")),
    }
}

fn shortened(expr: &Expr) -> String {
    let text = expr.to_string();
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

/// Whether an aggregate is called, subqueries aside.
pub(super) fn has_aggregate(expr: &Expr, catalog: &dyn Catalog) -> bool {
    struct Search<'c> {
        depth: usize,
        catalog: &'c dyn Catalog,
    }
    impl Visitor for Search<'_> {
        type Break = ();

        fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
            self.depth += 1;
            ControlFlow::Continue(())
        }

        fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
            self.depth -= 1;
            ControlFlow::Continue(())
        }

        fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
            match expr {
                Expr::Function(function)
                    if self.depth == 0 && super::call::is_aggregate(function, self.catalog) =>
                {
                    ControlFlow::Break(())
                }
                _ => ControlFlow::Continue(()),
            }
        }
    }
    let mut search = Search { depth: 0, catalog };
    expr.visit(&mut search).is_break()
}
