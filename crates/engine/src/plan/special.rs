//! Calls that have a form of their own: `TRIM(BOTH 'x' FROM t)`, `EXTRACT(YEAR FROM t)`,
//! `POSITION('x' IN t)`, `SUBSTRING(t FROM 2)`. Apart from expressions in general, whose nesting must not need much stack.

use sqlparser::ast::{Expr, TrimWhereField};

use super::{
    compiler::{Compiler, span},
    scope::Env,
};
use crate::{SqlError, functions, typed::Typed};

impl Compiler<'_> {
    pub(super) fn special_call(&mut self, expr: &Expr, env: Env<'_>) -> Result<Typed, SqlError> {
        let (function, args): (String, Vec<&Expr>) = match expr {
            Expr::Trim {
                trim_where,
                trim_what,
                expr: text,
                trim_characters: None,
            } => {
                let function = match trim_where {
                    Some(TrimWhereField::Leading) => "trim_left",
                    Some(TrimWhereField::Trailing) => "trim_right",
                    _ => "trim",
                };
                let args = std::iter::once(text).chain(trim_what).map(AsRef::as_ref);
                (function.to_string(), args.collect())
            }
            Expr::Extract { field, expr, .. } => {
                let part = field.to_string().to_ascii_lowercase();
                let function = match part.as_str() {
                    "doy" | "dayofyear" => "to_day_of_year".to_string(),
                    "dow" | "dayofweek" => "to_day_of_week".to_string(),
                    "epoch" => "to_unix_timestamp".to_string(),
                    part => format!("to_{part}"),
                };
                (function, vec![expr])
            }
            Expr::Substring {
                expr: text,
                substring_from: Some(from),
                substring_for,
                ..
            } => {
                let args = [text, from].into_iter().chain(substring_for);
                ("substring".to_string(), args.map(AsRef::as_ref).collect())
            }
            Expr::Position { expr, r#in } => ("position".to_string(), vec![r#in, expr]),
            other => return Err(SqlError::unsupported("this form of call", span(other))),
        };
        let args = args.into_iter().map(|arg| self.expr(arg, env));
        let args = args.collect::<Result<Vec<_>, _>>()?;
        self.scalar(&function, &args)
            .map_err(|message| SqlError::at(message, span(expr)))
    }

    pub(super) fn tuple(
        &mut self,
        items: &[Expr],
        env: Env<'_>,
        at: impl Fn(String) -> SqlError,
    ) -> Result<Typed, SqlError> {
        let items = self.all(items, env)?;
        functions::tuple(&items).map_err(at)
    }

    /// A parameter or column that is not known but has a name of a number.
    pub(super) fn number_name(name: &str) -> Option<Typed> {
        let number = match name.to_ascii_lowercase().as_str() {
            "nan" => "'nan'",
            "inf" | "infinity" => "9e999",
            _ => return None,
        };
        Some(Typed::new(number, weir_api::DataType::Float64))
    }
}
