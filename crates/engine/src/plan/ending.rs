//! What becomes of the rows of a SELECT at its end: DISTINCT, `LIMIT n BY`, WITH TIES, WITH FILL,
//! and the row of WITH TOTALS.

use sqlparser::ast::OrderBy;

use super::{
    compiler::{Compiler, Flow, span},
    fill::Fill,
    limit::Limit,
    shape::order_terms,
};
use crate::SqlError;

/// A SELECT in SQLite text, by its parts.
pub(super) struct Parts<'p> {
    /// The expressions of the select list.
    pub(super) values: Vec<&'p str>,
    /// The same with their names, and more behind them.
    pub(super) list: &'p str,
    /// All from FROM on.
    pub(super) rest: &'p str,
    pub(super) order: &'p str,
    pub(super) flow: Flow,
    pub(super) distinct: bool,
    /// The LIMIT ends the query instead of cutting a result.
    pub(super) ends_after: bool,
    /// What `LIMIT n BY` counts by.
    pub(super) by: Option<String>,
    pub(super) fill: Option<Fill>,
    /// The relation of one group of all rows.
    pub(super) totals: Option<&'p str>,
}

impl Compiler<'_> {
    pub(super) fn ended(&mut self, parts: &Parts<'_>, limit: &Limit) -> Result<String, SqlError> {
        let sql = self.limited(parts, limit)?;
        let Some(totals) = parts.totals else {
            return Ok(sql);
        };
        // SQLite keeps the order of a subquery that has a LIMIT.
        let most = if limit.is_none() { " LIMIT -1" } else { "" };
        Ok(format!(
            "SELECT * FROM ({sql}{most}) UNION ALL SELECT {} FROM {totals}",
            parts.list
        ))
    }

    fn limited(&mut self, parts: &Parts<'_>, limit: &Limit) -> Result<String, SqlError> {
        let Parts {
            list, rest, order, ..
        } = parts;
        let width = parts.values.len();
        let refused = |what| Err(SqlError::unsupported(what, limit.span));
        let followed = parts.flow == Flow::Rows;
        if (limit.ties || parts.by.is_some()) && order.contains(" OVER (") {
            return refused(
                "WITH TIES and LIMIT … BY where ORDER BY has OVER; put OVER into a subquery",
            );
        }
        match (&parts.by, &parts.fill) {
            (None, Some(_)) if limit.ties => refused("WITH FILL beside WITH TIES"),
            (Some(_), Some(_)) => refused("WITH FILL beside LIMIT … BY"),
            (Some(_), None) if limit.ties => refused("WITH TIES beside LIMIT … BY"),
            (Some(_), None) if parts.distinct => {
                refused("LIMIT … BY with DISTINCT; put DISTINCT into a subquery")
            }
            (Some(by), None) if followed => {
                let values: Vec<String> = parts.values.iter().map(ToString::to_string).collect();
                let most = limit.count.unwrap_or(u64::MAX);
                Ok(self.first_rows(&values, by, most, rest))
            }
            (Some(by), None) => Ok(limit.sql_by(by, list, width, order, rest, &self.alias())),
            (None, None) if limit.ties && parts.distinct => {
                refused("WITH TIES with DISTINCT; put DISTINCT into a subquery")
            }
            (None, None) if limit.ties && order.is_empty() => {
                Err(SqlError::at("WITH TIES takes ORDER BY", limit.span))
            }
            (None, None) if limit.ties => {
                Ok(limit.sql_ties(list, width, order, rest, &self.alias()))
            }
            (None, None) if parts.distinct && followed => {
                let values: Vec<String> = parts.values.iter().map(ToString::to_string).collect();
                Ok(self.distinct_rows(&values, rest))
            }
            (None, fill) => {
                let distinct = if parts.distinct { "DISTINCT " } else { "" };
                let limit = match parts.ends_after {
                    true => String::new(),
                    false => limit.sql(),
                };
                Ok(match fill {
                    Some(fill) => {
                        let rows = format!("SELECT {distinct}{list}{rest}");
                        fill.sql(&rows, &self.alias(), &limit)
                    }
                    None => format!("SELECT {distinct}{list}{rest}{order}{limit}"),
                })
            }
        }
    }
}

impl Limit {
    pub(super) fn is_none(&self) -> bool {
        self.count.is_none() && self.offset == 0
    }

    /// A select of so many rows for each value of `by`, in `order`.
    fn sql_by(
        &self,
        by: &str,
        list: &str,
        columns: usize,
        order: &str,
        rest: &str,
        alias: &str,
    ) -> String {
        let most = match self.count {
            Some(count) => format!(" AND _rank <= {}", count.saturating_add(self.offset)),
            None => String::new(),
        };
        format!(
            "SELECT {} FROM (SELECT {list}, row_number() OVER (PARTITION BY {by}{order}) AS _rank, \
             row_number() OVER ({}) AS _place{rest}) AS {alias} WHERE _rank > {}{most} \
             ORDER BY _place",
            names(columns),
            order.trim_start(),
            self.offset
        )
    }

    /// A select of so many rows in `order`, and of those behind that are the last one's equals.
    pub(super) fn sql_ties(
        &self,
        list: &str,
        columns: usize,
        order: &str,
        rest: &str,
        alias: &str,
    ) -> String {
        let order = order.trim_start();
        let count = self.count.unwrap_or(i64::MAX.unsigned_abs());
        format!(
            "SELECT {} FROM (SELECT {list}, rank() OVER ({order}) AS _rank, \
             row_number() OVER ({order}) AS _place{rest}) AS {alias} \
             WHERE _place > {} AND _rank <= {} ORDER BY _place",
            names(columns),
            self.offset,
            count
                .saturating_add(self.offset)
                .min(i64::MAX.unsigned_abs())
        )
    }
}

/// `c0, c1, …`
fn names(columns: usize) -> String {
    let names: Vec<_> = (0..columns).map(|index| format!("c{index}")).collect();
    names.join(", ")
}

/// Refuses WITH FILL where it would do nothing.
pub(super) fn no_fill(order_by: Option<&OrderBy>) -> Result<(), SqlError> {
    let terms = order_by.map_or(Ok(&[][..]), order_terms)?;
    match terms.iter().find(|term| term.with_fill.is_some()) {
        Some(term) => Err(SqlError::unsupported(
            "WITH FILL in this place; use it at the end of one SELECT",
            span(&term.expr),
        )),
        None => Ok(()),
    }
}
