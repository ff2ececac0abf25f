//! CASE, LIKE, IN and tests.

use sqlparser::ast::{CaseWhen, DictionaryField, Expr};
use weir_api::DataType;

use super::{
    compiler::{Compiler, span},
    scope::Env,
};
use crate::{
    SqlError,
    typed::{Literal, Typed, comparable, compare, condition, unified},
};

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

/// Bytes that [`in_list`] puts together besides its result.
pub(super) fn in_list_work(value: &Typed, items: &[Typed]) -> usize {
    value.sql.len().saturating_mul(items.len())
}

/// `IN` lists of the items that compare in the same way; most often that is one list.
pub(super) fn in_list(value: &Typed, items: &[Typed]) -> Result<String, String> {
    // What stands on the left for each item, and the items. NULL among them counts as nothing.
    let mut lists: Vec<(String, Vec<String>)> = Vec::new();
    for item in items.iter().filter(|item| item.literal != Literal::Null) {
        let (left, right) = comparable(value, item)?;
        match lists.iter_mut().rev().find(|(known, _)| *known == left) {
            Some((_, list)) => list.push(right),
            None => lists.push((left, vec![right])),
        }
    }
    let tests: Vec<_> = lists
        .iter()
        .map(|(left, list)| format!("{left} IN ({})", list.join(", ")))
        .collect();
    let null = items.iter().any(|item| item.data_type.is_nullable());
    let found = match tests.is_empty() {
        true => "(0)".to_string(),
        false => format!("({})", tests.join(" OR ")),
    };
    Ok(match null {
        true => format!(
            "CASE WHEN {} IS NULL THEN NULL ELSE coalesce({found}, 0) END",
            value.sql
        ),
        false => found,
    })
}
