//! `ORDER BY x WITH FILL [FROM a] [TO b] [STEP s]`: rows for the values of `x` that are missing
//! between the first and the last, with the zeros of the types in the other columns.

use sqlparser::ast::{OrderBy, OrderBySort};
use weir_api::DataType;

use super::{
    compiler::{Compiler, span},
    items::Item,
    scope::{Env, Scope},
    shape::order_terms,
};
use crate::{
    SqlError, codec,
    functions::operators::binary,
    typed::{Literal, Typed, sql_literal},
    value::Op,
};

/// SQLite text of what is filled in.
pub(super) struct Fill {
    /// The column whose values are filled in.
    place: usize,
    from: Option<String>,
    /// The first value that is not filled in any more.
    to: Option<String>,
    /// The value behind `v`.
    next: String,
    descending: bool,
    /// Of each column.
    zeros: Vec<String>,
}

impl Compiler<'_> {
    pub(super) fn fill(
        &mut self,
        order_by: Option<&OrderBy>,
        env: Env<'_>,
        items: &[Item],
    ) -> Result<Option<Fill>, SqlError> {
        let terms = order_by.map_or(Ok(&[][..]), order_terms)?;
        let Some(term) = terms.iter().find(|term| term.with_fill.is_some()) else {
            return Ok(None);
        };
        let Some(with_fill) = &term.with_fill else {
            return Ok(None);
        };
        let at = span(&term.expr);
        if terms.len() > 1 {
            let what = "WITH FILL beside other terms of ORDER BY; use it with one term";
            return Err(SqlError::unsupported(what, at));
        }
        let value = match self.position(&term.expr, items)? {
            Some(item) => item.value.clone(),
            None => self.value(super::aggregate::positional(&term.expr, env.items)?, env)?,
        };
        let place = items.iter().position(|item| item.value.sql == value.sql);
        let place = place.ok_or_else(|| {
            SqlError::at("WITH FILL takes an expression that is selected, too", at)
        })?;
        let data_type = value.data_type.inner().clone();
        let fits = matches!(
            data_type,
            DataType::Int(8..=64)
                | DataType::UInt(8..=64)
                | DataType::Float32
                | DataType::Float64
                | DataType::Date
                | DataType::DateTime { .. }
                | DataType::DateTime64 { .. }
        );
        if !fits {
            let words = format!("WITH FILL takes numbers and times, not {data_type}");
            return Err(SqlError::at(words, at));
        }
        let descending = term.options.sort == Some(OrderBySort::Desc);
        let mut bound = |expr: &Option<_>| match expr {
            None => Ok(None),
            Some(expr) => {
                let value = self.value(expr, Env::rows(&Scope::default(), &[]))?;
                let value = value.cast(&data_type);
                let value = value.map_err(|message| SqlError::at(message, span(expr)))?;
                Ok::<_, SqlError>(Some(value.sql))
            }
        };
        let (from, to) = (bound(&with_fill.from)?, bound(&with_fill.to)?);
        let (step, place_of_step) = match &with_fill.step {
            None => {
                let one = if descending { "-1" } else { "1" };
                (Typed::number(one).map_err(SqlError::new)?, at)
            }
            Some(step) => (
                self.expr(step, Env::rows(&Scope::default(), &[]))?,
                span(step),
            ),
        };
        let failed = |message: &str| SqlError::at(message.to_string(), place_of_step);
        let (zero, negative) = match &step.literal {
            Literal::Number(text) => (text.parse() == Ok(0.0), text.starts_with('-')),
            Literal::Interval(count, _) => (*count == 0, *count < 0),
            _ => return Err(failed("STEP takes a number or an interval like 1h")),
        };
        if zero || negative != descending {
            return Err(failed(match descending {
                true => "STEP is below 0 with DESC",
                false => "STEP is above 0 without DESC",
            }));
        }
        let next = binary(Op::Add, &Typed::new("v", data_type.clone()), &step);
        let next = next.map_err(|message| failed(&message))?;
        if data_type.is_time() && next.data_type != data_type {
            return Err(failed(&format!("STEP is finer than {data_type}")));
        }
        let zeros = items
            .iter()
            .map(|item| sql_literal(&codec::default_value(&item.value.data_type)));
        Ok(Some(Fill {
            place,
            from,
            to,
            next: next.sql,
            descending,
            zeros: zeros.collect(),
        }))
    }
}

impl Fill {
    /// `rows`: a SELECT of the rows that are there; `limit`: of rows and those filled in.
    pub(super) fn sql(&self, rows: &str, alias: &str, limit: &str) -> String {
        let Self { place, next, .. } = self;
        let (below, first, last, direction) = match self.descending {
            true => (">", "max", "min", " DESC"),
            false => ("<", "min", "max", ""),
        };
        let edge = |given: &Option<String>, function: &str| match given {
            Some(sql) => sql.clone(),
            None => format!("{function}(c{place})"),
        };
        let (from, to) = (edge(&self.from, first), edge(&self.to, last));
        let source = match (&self.from, &self.to) {
            (Some(_), Some(_)) => String::new(),
            _ => format!(" FROM {alias}_rows"),
        };
        let names: Vec<_> = (0..self.zeros.len())
            .map(|index| format!("c{index}"))
            .collect();
        let mut filled = self.zeros.clone();
        filled[*place] = "v".to_string();
        format!(
            "WITH {alias}_rows AS MATERIALIZED ({rows}), \
             {alias}_edges(a, b) AS MATERIALIZED (SELECT {from}, {to}{source}), \
             {alias}_grid(v) AS (SELECT a FROM {alias}_edges WHERE a {below} b \
             UNION ALL SELECT {next} FROM {alias}_grid, {alias}_edges WHERE {next} {below} b) \
             SELECT {0} FROM (SELECT {0} FROM {alias}_rows UNION ALL SELECT {1} FROM {alias}_grid \
             WHERE v NOT IN (SELECT c{place} FROM {alias}_rows WHERE c{place} IS NOT NULL)) \
             ORDER BY c{place}{direction} NULLS LAST{limit}",
            names.join(", "),
            filled.join(", "),
        )
    }
}
