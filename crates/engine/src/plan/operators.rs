//! Operators of expressions.

use sqlparser::ast::{BinaryOperator, Expr, UnaryOperator};
use weir_api::DataType;

use super::{
    compiler::{Compiler, span},
    scope::Env,
};
use crate::{
    SqlError, functions,
    functions::operators::binary,
    typed::{Literal, Typed, compare, condition},
    types,
    value::Op,
};

impl Compiler<'_> {
    pub(super) fn unary(
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

    pub(super) fn binary(
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
                let what = format!("operator {op}; use {instead}(a, b)");
                Err(SqlError::unsupported(what, place()))
            }
            other => Err(SqlError::unsupported(format!("operator {other}"), place())),
        }
    }
}
