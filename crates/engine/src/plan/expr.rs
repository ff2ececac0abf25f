//! Expressions: syntax to SQLite text with a type.

use std::ops::ControlFlow;

use sqlparser::ast::{
    AccessExpr, BinaryOperator, CastKind, Expr, Query, Subscript, Value, Visit, Visitor,
};
use weir_api::DataType;

use super::{
    budget::on_enough_stack,
    choice::negate,
    compiler::{Compiler, span},
    scope::Env,
};
use crate::{
    Catalog, SqlError, functions,
    parse::interval,
    typed::{Literal, Typed, compare, condition},
    types,
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
            } => self.between(value, (low, high), *negated, env, at),
            Expr::InList {
                expr: value,
                list,
                negated,
            } => self.in_list((expr, value), list, *negated, env),
            Expr::InSubquery {
                expr: value,
                subquery,
                negated,
            } => self.in_subquery(value, subquery, *negated, env, at),
            // `x = ANY (SELECT …)` is IN, `x != ALL (SELECT …)` NOT IN.
            Expr::AnyOp {
                left,
                compare_op: BinaryOperator::Eq,
                right,
                ..
            } if matches!(right.as_ref(), Expr::Subquery(_)) => {
                self.among(left, right, false, env, at)
            }
            Expr::AllOp {
                left,
                compare_op: BinaryOperator::NotEq,
                right,
            } if matches!(right.as_ref(), Expr::Subquery(_)) => {
                self.among(left, right, true, env, at)
            }
            Expr::AtTimeZone {
                timestamp,
                time_zone,
            } => {
                let args = [self.value(timestamp, env)?, self.expr(time_zone, env)?];
                self.scalar("to_timezone", &args).map_err(at)
            }
            Expr::Exists { subquery, negated } => {
                let relation = self.nested(subquery, env, span(expr))?;
                Ok(Typed::new(
                    negate(format!("EXISTS ({relation})"), *negated),
                    DataType::Bool,
                ))
            }
            Expr::Subquery(subquery) => {
                let (sql, column) = self.subquery(
                    subquery,
                    env,
                    at("a subquery in an expression has one column".into()),
                )?;
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
                cast(kind, &operand, &data_type.to_string()).map_err(at)
            }
            Expr::TypedString(typed) => {
                typed_string(&typed.data_type.to_string(), &typed.value.value).map_err(at)
            }
            Expr::Function(function) => self.call(function, env),
            Expr::Array(array) => {
                let items = self.all(&array.elem, env)?;
                functions::array(&items).map_err(at)
            }
            Expr::Tuple(items) => self.tuple(items, env, at),
            Expr::JsonAccess { value, path } => self.json_path(value, path, env),
            Expr::Lambda(_) => Err(at(
                "a lambda is an argument of array_map or another function that takes one".into(),
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
                self.inside(expr, root, access_chain, env)
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

    fn inside(
        &mut self,
        expr: &Expr,
        root: &Expr,
        access_chain: &[AccessExpr],
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let at = |message: String| SqlError::at(message, span(expr));
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
                AccessExpr::Subscript(Subscript::Index { index }) => self.value(index, env)?,
                AccessExpr::Dot(Expr::Identifier(name)) => Typed::text(&name.value),
                _ => return Err(SqlError::unsupported("this subscript", span(expr))),
            };
            value = functions::subscript(&value, &index).map_err(at)?;
        }
        Ok(value)
    }

    pub(super) fn all(&mut self, exprs: &[Expr], env: Env<'_>) -> Result<Vec<Typed>, SqlError> {
        exprs.iter().map(|expr| self.expr(expr, env)).collect()
    }
}

fn cast(kind: &CastKind, operand: &Typed, data_type: &str) -> Result<Typed, String> {
    let data_type = functions::data_type(data_type)?;
    match kind {
        CastKind::TryCast => Ok(functions::try_cast(operand, &data_type)),
        _ => operand.cast(&data_type),
    }
}

/// `DATE '2024-01-01'`
fn typed_string(data_type: &str, value: &Value) -> Result<Typed, String> {
    let data_type = DataType::parse(&data_type.replace("TIMESTAMP", "datetime64(3)"))?;
    literal(value)?.cast(&data_type)
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
                    if self.depth == 0
                        && super::aggregate_call::is_aggregate(function, self.catalog) =>
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
