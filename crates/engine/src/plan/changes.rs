//! `EMIT CHANGELOG` over the rows of streams that keep the last row of each key: a row that is no
//! longer there comes with `_tp_delta` -1, a new one with 1. Each result is made anew, and what has
//! changed since the last one is sent. A join of such streams sends what is new in it as well,
//! whichever side has changed.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Query, Select, SelectItem, SetExpr, TableFactor, TableWithJoins, visit_expressions,
};

use super::{
    compiler::{Compiler, Flow, Relation, span},
    shape::is_aggregated,
    stage::{Aggregation, Frame, Work},
    weigh::DELTA,
};
use crate::{
    SqlError,
    parse::{Policy, Strictness},
};

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
        let joined = self.anew && self.leaves.len() > 1;
        if !((self.emit.changelog || joined) && keyed && rows) {
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
        let only_new = match self.emit.changelog {
            true => String::new(),
            false => format!(" WHERE {alias}.delta > 0"),
        };
        Ok(Relation {
            sql: format!("SELECT {} FROM {from}{only_new}", results.join(", ")),
            ..relation
        })
    }

    /// Whether each result of the query is made anew and compared with the one before, and with
    /// `_tp_delta`: what EMIT CHANGELOG asks for, and a join of streams that keep the last row of
    /// each key.
    pub(super) fn compares(&mut self, query: &Query, inside: bool) {
        let SetExpr::Select(select) = query.body.as_ref() else {
            self.anew = self.emit.changelog;
            return;
        };
        let aggregated = is_aggregated(select, query.order_by.as_ref(), self.catalog);
        if inside && self.emit.changelog && aggregated && !mentions_delta(query) {
            // What is made of results is made of each as a whole: what was so before is not in it.
            self.emit.changelog = false;
        }
        let plain = !aggregated && select.distinct.is_none() && !self.bounded;
        if plain && self.joins_keyed(query, select) {
            self.anew = true;
            self.emit.changelog |= mentions_delta(query);
        }
        self.anew |= self.emit.changelog;
    }

    /// Whether FROM is a join of nothing but such streams, each of whose rows can be met.
    fn joins_keyed(&self, query: &Query, select: &Select) -> bool {
        let keyed = |factor: &TableFactor| {
            let TableFactor::Table {
                name, args: None, ..
            } = factor
            else {
                return false;
            };
            let name = match name.0.as_slice() {
                [name] => name.as_ident(),
                [database, name] if database.to_string() == "default" => name.as_ident(),
                _ => None,
            };
            let with = query.with.iter().flat_map(|with| &with.cte_tables);
            name.is_some_and(|name| {
                let mut named = with.clone();
                named.all(|cte| cte.alias.name.value != name.value)
                    && self.catalog.stream(&name.value).is_some_and(|s| s.keyed)
            })
        };
        let joins = |table: &TableWithJoins| {
            keyed(&table.relation)
                && table.joins.iter().all(|join| {
                    keyed(&join.relation)
                        && self.joins.strictness(span(&join.relation)) == Strictness::All
                })
        };
        let joined = select.from.len() > 1 || select.from.iter().any(|t| !t.joins.is_empty());
        joined && select.from.iter().all(joins)
    }
}

fn mentions_delta(query: &Query) -> bool {
    let found = visit_expressions(query, |expr| match is_delta(expr) {
        true => ControlFlow::Break(()),
        false => ControlFlow::Continue(()),
    });
    found.is_break()
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
