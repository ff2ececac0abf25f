//! `EMIT CHANGELOG` over the rows of streams that keep the last row of each key: a row that is no
//! longer there comes with `_tp_delta` -1, a new one with 1. Each result is made anew, and what has
//! changed since the last one is sent.

use std::ops::ControlFlow;

use sqlparser::ast::{Expr, Query, SelectItem, SetExpr, visit_expressions};

use super::{
    compiler::{Compiler, Flow, Relation, span},
    stage::{Aggregation, Frame, Work},
    weigh::DELTA,
};
use crate::{SqlError, parse::Policy};

impl Compiler<'_> {
    /// The changes of `relation`, where it is what EMIT CHANGELOG asks for and its rows are of
    /// streams with a key; else `relation`.
    pub(super) fn changes(
        &mut self,
        query: &Query,
        relation: Relation,
    ) -> Result<Relation, SqlError> {
        let keyed = self.leaves.iter().all(|leaf| leaf.keyed && !leaf.looked_up);
        let rows = relation.flow == Flow::Rows && self.stages.is_empty();
        if !(self.emit.changelog && keyed && rows) {
            return Ok(relation);
        }
        let deltas = delta_columns(query)?;
        let width = relation.columns.len();
        let columns: Vec<_> = (0..width).map(|index| format!("c{index}")).collect();
        let list = columns.join(", ");
        // Rows that are the same are numbered, so that each is a group of its own.
        let sql = format!(
            "SELECT {list}, row_number() OVER (PARTITION BY {list} ORDER BY _n) \
             FROM (SELECT *, row_number() OVER () AS _n FROM ({})) ORDER BY _n",
            relation.sql
        );
        let alias = self.alias();
        let names = columns.iter().cloned();
        let names: Vec<_> = names.chain(["_same".into(), "delta".into()]).collect();
        let work = Work::Groups(Aggregation {
            keys: width + 1,
            calls: Vec::new(),
            frame: Frame::None,
            partition: Vec::new(),
            watermark_sql: None,
            delta: true,
        });
        let from = self.push_stage(sql, names.len(), work, &names, &alias);
        let results = relation.columns.iter().enumerate();
        let results: Vec<_> = results
            .map(|(index, column)| match deltas.contains(&column.info.name) {
                true => format!("{alias}.delta AS c{index}"),
                false => format!("{alias}.c{index} AS c{index}"),
            })
            .collect();
        // A change is sent when it comes.
        self.emit.policy.get_or_insert(Policy::Updates(0));
        Ok(Relation {
            sql: format!("SELECT {} FROM {from}", results.join(", ")),
            ..relation
        })
    }
}

/// The names of the columns that are `_tp_delta`, which is known only when rows are compared.
fn delta_columns(query: &Query) -> Result<Vec<String>, SqlError> {
    let mut names = vec![DELTA.to_string()];
    let SetExpr::Select(select) = query.body.as_ref() else {
        return Ok(names);
    };
    let mut mentions = 0;
    for item in &select.projection {
        match item {
            SelectItem::UnnamedExpr(expr) if is_delta(expr) => mentions += 1,
            SelectItem::ExprWithAlias { expr, alias } if is_delta(expr) => {
                mentions += 1;
                names.push(alias.value.clone());
            }
            _ => {}
        }
    }
    let mut last = None;
    let _ = visit_expressions(query, |expr| {
        if is_delta(expr) {
            mentions -= 1;
            last = Some(span(expr));
        }
        ControlFlow::<()>::Continue(())
    });
    match last.filter(|_| mentions < 0) {
        None => Ok(names),
        Some(place) => Err(SqlError::unsupported(
            "_tp_delta inside an expression or a condition of EMIT CHANGELOG over rows of a stream \
             with a key (FROM changelog(s) is; here it is selected as a column of its own)",
            place,
        )),
    }
}

fn is_delta(expr: &Expr) -> bool {
    match expr {
        Expr::Identifier(name) => name.value == DELTA,
        Expr::CompoundIdentifier(parts) => parts.last().is_some_and(|part| part.value == DELTA),
        _ => false,
    }
}
