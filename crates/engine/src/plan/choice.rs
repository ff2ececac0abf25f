//! CASE, LIKE, IN and tests.

use sqlparser::ast::{CaseWhen, DictionaryField, Expr};
use weir_api::DataType;

use super::{
    Compiler,
    compiler::span,
    expr::Env,
    operators::{compare, condition, unified},
    typed::{Literal, Typed},
};
use crate::{SqlError, types};

impl Compiler<'_> {
    pub(super) fn test(
        &mut self,
        operand: &Expr,
        test: &str,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let value = self.value(operand, env)?;
        Ok(Typed::new(
            format!("({} {test})", value.sql),
            DataType::Bool,
        ))
    }

    pub(super) fn like(
        &mut self,
        function: &str,
        text: &Expr,
        pattern: &Expr,
        negated: bool,
        env: Env<'_>,
        at: impl Fn(String) -> SqlError,
    ) -> Result<Typed, SqlError> {
        let args = [self.expr(text, env)?, self.expr(pattern, env)?];
        let mut found = self.scalar(function, &args).map_err(at)?;
        found.sql = negate(found.sql, negated);
        Ok(found)
    }

    pub(super) fn case(
        &mut self,
        operand: Option<&Expr>,
        conditions: &[CaseWhen],
        otherwise: Option<&Expr>,
        env: Env<'_>,
        at: impl Fn(String) -> SqlError,
    ) -> Result<Typed, SqlError> {
        let operand = operand.map(|expr| self.value(expr, env)).transpose()?;
        let (mut tests, mut values) = (Vec::new(), Vec::new());
        for when in conditions {
            let test = self.expr(&when.condition, env)?;
            tests.push(match &operand {
                Some(operand) => compare("=", operand, &test).map_err(&at)?.sql,
                None => condition(&test).map_err(|m| SqlError::at(m, span(&when.condition)))?,
            });
            values.push(self.value(&when.result, env)?);
        }
        values.push(match otherwise {
            Some(expr) => self.value(expr, env)?,
            None => Typed::null(),
        });
        let values = unified(&values).map_err(&at)?;
        let mut sql = String::from("CASE");
        for (test, value) in tests.iter().zip(&values) {
            sql.push_str(&format!(" WHEN {test} THEN {}", value.sql));
        }
        let last = values.last().map_or("NULL", |value| value.sql.as_str());
        let data_type = values
            .first()
            .map_or(DataType::String, |value| value.data_type.clone());
        Ok(Typed::new(format!("{sql} ELSE {last} END"), data_type))
    }

    pub(super) fn dictionary(
        &mut self,
        fields: &[DictionaryField],
        env: Env<'_>,
        at: impl Fn(String) -> SqlError,
    ) -> Result<Typed, SqlError> {
        let mut args = Vec::with_capacity(fields.len() * 2);
        for field in fields {
            args.push(Typed::text(&field.key.value));
            args.push(self.value(&field.value, env)?);
        }
        self.scalar("map", &args).map_err(at)
    }
}

pub(super) fn negate(sql: String, negated: bool) -> String {
    if negated { format!("(NOT {sql})") } else { sql }
}

/// One `IN` where the items are stored like the value, otherwise comparisons.
pub(super) fn in_list(value: &Typed, items: &[Typed]) -> Result<String, String> {
    if items.is_empty() {
        return Ok("(0)".to_string());
    }
    let simple = !types::is_wide(&value.data_type) && !types::is_float(&value.data_type);
    let mut list = Vec::with_capacity(items.len());
    for item in items {
        match (&item.literal, simple) {
            (Literal::Null, _) => list.push("NULL".to_string()),
            (Literal::Text(_), true) => list.push(item.cast(value.data_type.inner())?.sql),
            _ if simple && item.data_type.inner() == value.data_type.inner() => {
                list.push(item.sql.clone())
            }
            _ if types::is_small_int(&value.data_type) && types::is_small_int(&item.data_type) => {
                list.push(item.sql.clone());
            }
            _ => {
                let tests: Result<Vec<_>, _> = items
                    .iter()
                    .map(|item| Ok(compare("=", value, item)?.sql))
                    .collect();
                let tests: Vec<String> = tests.map_err(|message: String| message)?;
                return Ok(format!("({})", tests.join(" OR ")));
            }
        }
    }
    Ok(format!("({} IN ({}))", value.sql, list.join(", ")))
}
