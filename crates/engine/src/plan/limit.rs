//! LIMIT and OFFSET, FETCH and TOP.

use sqlparser::{
    ast::{Distinct, Expr, Fetch, LimitClause, Select, TopQuantity, Value},
    tokenizer::Span,
};

use super::compiler::span;
use crate::SqlError;

#[derive(Clone)]
pub(super) struct Limit {
    pub(super) count: Option<u64>,
    pub(super) offset: u64,
    /// `LIMIT n BY these`: so many for each of their values.
    pub(super) by: Vec<Expr>,
    /// And the rows behind that are equal to the last one.
    pub(super) ties: bool,
    pub(super) span: Span,
}

impl Limit {
    pub(super) fn none(span: Span) -> Self {
        Self {
            count: None,
            offset: 0,
            by: Vec::new(),
            ties: false,
            span,
        }
    }

    pub(super) fn sql(&self) -> String {
        match (self.count, self.offset) {
            (None, 0) => String::new(),
            // Without OFFSET SQLite puts the ORDER BY of a query around before this LIMIT, as any
            // rows would do: here the first ones are meant.
            (Some(count), 0) => format!(" LIMIT {count} OFFSET 0"),
            (Some(count), offset) => format!(" LIMIT {count} OFFSET {offset}"),
            (None, offset) => format!(" LIMIT -1 OFFSET {offset}"),
        }
    }
}

pub(super) fn limit(clause: Option<&LimitClause>, at: Span) -> Result<Limit, SqlError> {
    let (count, offset, by) = match clause {
        None => (None, None, &[][..]),
        Some(LimitClause::OffsetCommaLimit { offset, limit }) => {
            (Some(limit), Some(offset), &[][..])
        }
        Some(LimitClause::LimitOffset {
            limit,
            offset,
            limit_by,
        }) => (
            limit.as_ref(),
            offset.as_ref().map(|offset| &offset.value),
            limit_by.as_slice(),
        ),
    };
    Ok(Limit {
        count: count.map(number).transpose()?,
        offset: offset.map(number).transpose()?.unwrap_or(0),
        by: by.to_vec(),
        ties: false,
        span: count.map_or(at, span),
    })
}

/// `FETCH FIRST n ROWS ONLY` is LIMIT n.
pub(super) fn fetched(fetch: &Fetch, limit: &mut Limit, at: Span) -> Result<(), SqlError> {
    if fetch.percent {
        let what = "FETCH … PERCENT; use FETCH FIRST n ROWS ONLY";
        return Err(SqlError::unsupported(what, at));
    }
    if limit.count.is_some() {
        return Err(SqlError::at("LIMIT and FETCH say the same: write one", at));
    }
    limit.count = Some(match &fetch.quantity {
        Some(quantity) => number(quantity)?,
        None => 1,
    });
    limit.ties = fetch.with_ties;
    limit.span = fetch.quantity.as_ref().map_or(at, span);
    Ok(())
}

/// The LIMIT with what stands behind SELECT: `TOP n` is LIMIT n, `DISTINCT ON (k)` LIMIT 1 BY k.
pub(super) fn limited(select: &Select, limit: &Limit) -> Result<Limit, SqlError> {
    let mut limit = limit.clone();
    let at = select.select_token.0.span;
    if let Some(top) = &select.top {
        if top.percent {
            return Err(SqlError::unsupported("TOP … PERCENT; use TOP n", at));
        }
        if limit.count.is_some() {
            return Err(SqlError::at("LIMIT and TOP say the same: write one", at));
        }
        limit.count = match &top.quantity {
            Some(TopQuantity::Constant(count)) => Some(*count),
            Some(TopQuantity::Expr(count)) => Some(number(count)?),
            None => None,
        };
        limit.ties = top.with_ties;
    }
    if let Some(Distinct::On(keys)) = &select.distinct {
        if limit.count.is_some() || limit.offset > 0 {
            let what = "DISTINCT ON beside LIMIT; put DISTINCT ON into a subquery";
            return Err(SqlError::unsupported(what, keys.first().map_or(at, span)));
        }
        limit.count = Some(1);
        limit.by.clone_from(keys);
    }
    Ok(limit)
}

fn number(expr: &Expr) -> Result<u64, SqlError> {
    let number = match expr {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) => text.parse().ok().filter(|n| *n <= i64::MAX as u64),
            _ => None,
        },
        _ => None,
    };
    number.ok_or_else(|| SqlError::at("LIMIT and OFFSET take a whole number", span(expr)))
}
