//! `EMIT CHANGELOG` over the rows of streams that keep the last row of each key: a row that is no
//! longer there comes with `_tp_delta` -1, a new one with 1. Each result is made anew, and what has
//! changed since the last one is sent. A join of such streams sends what is new in it as well,
//! whichever side has changed.

use std::{cell::Cell, ops::ControlFlow};

use sqlparser::ast::{
    Cte, Expr, Join, Query, SelectItem, SetExpr, TableFactor, TableWithJoins, visit_expressions,
};

use weir_api::DataType;

use super::{
    carry::renamed_columns,
    compiler::{Compiler, Flow, Relation, span},
    factor::is_part,
    relation::{From, scope},
    scope::{Edge, ScopeColumn},
    shape::is_aggregated,
    stage::{Aggregation, Frame, Work},
    weigh::DELTA,
};
use crate::{
    Catalog, SqlError, functions,
    parse::{self, Joins, Policy, Strictness},
};

/// Queries inside each other through which a join is found.
const MOST_INSIDE: usize = 8;

/// Streams, views and queries that are looked at for it.
const MOST_LOOKED_AT: usize = 500;

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
        let alias = self.alias();
        let from = self.changed_rows(&relation.sql, relation.columns.len(), &alias);
        let results = relation.columns.iter().enumerate();
        let results: Vec<_> = results
            .map(|(index, column)| match deltas.contains(&column.info.name) {
                true => format!("{alias}.delta AS c{index}"),
                false => format!("{alias}.c{index} AS c{index}"),
            })
            .collect();
        let only_new = match self.emit.changelog {
            true => String::new(),
            false => format!(" WHERE {alias}.delta > 0"),
        };
        Ok(Relation {
            sql: format!("SELECT {} FROM {from}{only_new}", results.join(", ")),
            ..relation
        })
    }

    /// The rows that are new in `sql`, whose columns are c0, c1, …, and those that are no longer in
    /// it, with `delta`.
    fn changed_rows(&mut self, sql: &str, width: usize, alias: &str) -> String {
        let columns: Vec<_> = (0..width).map(|index| format!("c{index}")).collect();
        let list = columns.join(", ");
        // Rows that are the same are numbered, so that each is a group of its own.
        let sql = format!(
            "SELECT {list}, row_number() OVER (PARTITION BY {list} ORDER BY _n) \
             FROM (SELECT *, row_number() OVER () AS _n FROM ({sql})) ORDER BY _n"
        );
        let names = columns.into_iter();
        let names: Vec<_> = names.chain(["_same".into(), "delta".into()]).collect();
        let work = Work::Groups(Aggregation {
            keys: width + 1,
            calls: Vec::new(),
            frame: Frame::None,
            partition: Vec::new(),
            watermark_sql: None,
            delta: true,
        });
        // A change is sent when it comes.
        self.emit.policy.get_or_insert(Policy::Updates(0));
        self.push_stage(sql, names.len(), work, &names, alias)
    }

    /// `changelog(s)` of a stream by its key, in a query that says more of `_tp_delta` than that it
    /// is selected.
    pub(super) fn taken_back(&mut self, mut source: From) -> From {
        for part in &mut source.scope.sources {
            part.columns.retain(|column| column.name != DELTA);
        }
        let columns = source.scope.sources.iter().flat_map(|part| &part.columns);
        let list: Vec<_> = columns
            .enumerate()
            .map(|(index, column)| format!("{} AS c{index}", column.sql))
            .collect();
        let sql = format!("SELECT {} FROM {}", list.join(", "), source.sql);
        let alias = self.alias();
        let from = self.changed_rows(&sql, list.len(), &alias);
        let mut columns = renamed_columns(&source, &alias);
        columns.push(ScopeColumn {
            name: DELTA.to_string(),
            sql: format!("{alias}.delta"),
            data_type: DataType::Int(8),
            edge: Some(Edge::Delta),
            event_time: None,
            size: 0,
            stream: None,
            hidden: false,
        });
        From {
            sql: from,
            scope: scope(columns),
            flow: Flow::Rows,
        }
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
        let search = Search {
            catalog: self.catalog,
            kinds: &self.joins,
            left: &Cell::new(MOST_LOOKED_AT),
            depth: 0,
        };
        if !self.bounded && search.query(query, &[]) == Some(true) {
            self.anew = true;
            self.emit.changelog |= mentions_delta(query);
        }
        self.anew |= self.emit.changelog;
    }
}

/// Looks for joins of streams that keep the last row of each key.
struct Search<'c> {
    catalog: &'c dyn Catalog,
    /// Which rows the joins of the query take, or of the view.
    kinds: &'c Joins,
    /// What may still be looked at.
    left: &'c Cell<usize>,
    depth: usize,
}

impl Search<'_> {
    /// Whether its rows are those of a join of nothing but such streams, each of whose rows can be
    /// met; also through views, and queries in FROM and WITH. `None` where other rows are among
    /// them. `around`: the WITH of queries around it.
    fn query(&self, query: &Query, around: &[&Cte]) -> Option<bool> {
        let SetExpr::Select(select) = query.body.as_ref() else {
            return None;
        };
        let plain = select.distinct.is_none()
            && !is_aggregated(select, query.order_by.as_ref(), self.catalog);
        if self.depth >= MOST_INSIDE || !plain || select.from.is_empty() {
            return None;
        }
        let own = query.with.iter().flat_map(|with| &with.cte_tables);
        let with: Vec<&Cte> = around.iter().copied().chain(own).collect();
        let joined = |table: &TableWithJoins| !table.joins.is_empty();
        let mut joined = select.from.len() > 1 || select.from.iter().any(joined);
        for table in &select.from {
            let rest = table.joins.iter().map(|join| &join.relation);
            for factor in std::iter::once(&table.relation).chain(rest) {
                joined |= self.factor(factor, &with)?;
            }
            let all = |join: &Join| self.kinds.strictness(span(&join.relation)) == Strictness::All;
            if !table.joins.iter().all(all) {
                return None;
            }
        }
        Some(joined)
    }

    /// The same of what stands in FROM.
    fn factor(&self, factor: &TableFactor, with: &[&Cte]) -> Option<bool> {
        self.left.set(self.left.get().checked_sub(1)?);
        let deeper = Search {
            depth: self.depth + 1,
            ..*self
        };
        let name = match factor {
            TableFactor::Derived { subquery, .. } => return deeper.query(subquery, with),
            TableFactor::Table {
                name, args: None, ..
            } => match name.0.as_slice() {
                [name] => name.as_ident(),
                [database, name] if is_part(database, "default") => name.as_ident(),
                _ => None,
            },
            _ => None,
        };
        let name = &name?.value;
        if let Some(place) = with.iter().rposition(|cte| cte.alias.name.value == *name) {
            return deeper.query(&with[place].query, &with[..place]);
        }
        if let Some(stream) = self.catalog.stream(name) {
            return stream.keyed.then_some(false);
        }
        let text = self.catalog.view(name)?;
        let (query, tail, kinds) = parse::parse_query(&text, functions::is_known).ok()?;
        let inside = Search {
            kinds: &kinds,
            ..deeper
        };
        match tail.table_mode {
            true => None,
            false => inside.query(&query, &[]),
        }
    }
}

pub(super) fn mentions_delta(query: &Query) -> bool {
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
             with a key; use FROM changelog(s)",
            place,
        )),
    }
}

pub(super) fn is_delta(expr: &Expr) -> bool {
    match expr {
        Expr::Identifier(name) => name.value == DELTA,
        Expr::CompoundIdentifier(parts) => parts.last().is_some_and(|part| part.value == DELTA),
        _ => false,
    }
}
