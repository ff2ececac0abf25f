//! One SELECT.

use sqlparser::ast::{Distinct, Expr, Ident, OrderBy, Select};

use super::{
    aggregate::positional,
    compiler::{Compiler, Flow, OutColumn, Relation, span},
    ending::Parts,
    items::Item,
    limit::Limit,
    over_partition::over_partition,
    past_lag::past_lag,
    past_sessions,
    relation::EVENT_TIME,
    scope::{Env, Scope},
    shape::{
        all_keys, check_flow, is_aggregated, looks_back_in, order_term, order_terms, unsupported,
    },
    weigh::DELTA,
};
use crate::{ColumnInfo, SqlError, typed::Literal};

impl Compiler<'_> {
    /// `top`: the query's own SELECT, whose LIMIT ends a query that follows a stream.
    pub(super) fn select(
        &mut self,
        select: &Select,
        order_by: Option<&OrderBy>,
        limit: &Limit,
        top: bool,
    ) -> Result<Relation, SqlError> {
        let wants_time = std::mem::take(&mut self.wants_time);
        unsupported(select)?;
        if let Some(condition) = &select.qualify {
            return self.qualified(select, condition, order_by, limit);
        }
        let named = match select.named_window.is_empty() {
            true => None,
            false => Some(super::over::without_names(select)?),
        };
        let select = named.as_ref().unwrap_or(select);
        let keyed = all_keys(select, self.catalog)?;
        let select = keyed.as_ref().unwrap_or(select);
        if let Some(outer) = super::unroll::over_groups(select, self.catalog)? {
            return self.select(&outer, order_by, limit, top);
        }
        let expanding = std::mem::take(&mut self.expanding);
        let around = std::mem::replace(&mut self.around, past_sessions::around(select));
        let plain = select.distinct.is_none() && !looks_back_in(select)?;
        let anew = (self.anew || is_aggregated(select, order_by, self.catalog)) && plain;
        let anew = std::mem::replace(&mut self.anew, anew);
        let from = self.from(&select.from);
        self.anew = anew;
        let from = from?;
        let applied = self.applied(select, from.as_ref())?;
        let select = applied.as_ref().unwrap_or(select);
        self.around = around;
        let mut from = self.unroll_arrays(select, from)?;
        let follows = from.as_ref().is_some_and(|from| from.flow != Flow::Bounded);
        let parted = match follows {
            true => over_partition(select, self.catalog)?,
            false => past_lag(select)?,
        };
        let select = parted.as_ref().unwrap_or(select);
        let carries = follows && looks_back_in(select)?;
        let aggregated = is_aggregated(select, order_by, self.catalog);
        let mut filtered = false;
        if let (Some(whole), true, false) = (&from, carries, aggregated) {
            // What is looked back at are rows that the filter lets through.
            let rows = Env::rows(&whole.scope, &select.projection);
            let selection = match &select.selection {
                Some(expr) => format!(" WHERE {}", self.condition(expr, rows)?),
                None => String::new(),
            };
            if let (Some(selection), Flow::Rows) = (&select.selection, whole.flow) {
                let scope = whole.scope.clone();
                self.note_rewind(selection, &scope);
            }
            let flat = self.flattened(whole, &selection);
            (from, filtered) = (Some(flat), true);
        }
        let empty = Scope::default();
        let scope = from.as_ref().map_or(&empty, |from| &from.scope);
        let flow = from.as_ref().map_or(Flow::Bounded, |from| from.flow);
        let rows = Env::rows(scope, &select.projection);
        let selection = match &select.selection {
            Some(expr) if !filtered => format!(" WHERE {}", self.condition(expr, rows)?),
            _ => String::new(),
        };
        if let (Some(selection), Flow::Rows, false) = (&select.selection, flow, filtered) {
            self.note_rewind(selection, scope);
        }
        let mut partition = Vec::new();
        if aggregated {
            self.open_groups(&select.group_by, rows)?;
            partition = self.partition_keys(&select.cluster_by, rows)?;
        } else if !select.cluster_by.is_empty() && !carries {
            let words = "PARTITION BY has no effect without an aggregate, lag or lags";
            self.notices.push(words.to_string());
        }
        if carries {
            let (alias, keys) = match (&from, aggregated) {
                (_, true) => (self.group_alias(), Vec::new()),
                (Some(from), false) => {
                    let alias = alias_of(&from.sql);
                    let mut keys = Vec::with_capacity(select.cluster_by.len());
                    for key in &select.cluster_by {
                        keys.push(self.value(key, rows)?.ordered());
                    }
                    (alias, keys)
                }
                (None, false) => (String::new(), Vec::new()),
            };
            self.open_carries(alias, keys);
        }
        let env = Env {
            groups: aggregated,
            ..rows
        };
        let items = self.items(select, env)?;
        let having = match &select.having {
            Some(expr) if aggregated => format!(" WHERE {}", self.condition(expr, env)?),
            Some(expr) => {
                return Err(SqlError::at(
                    "HAVING takes GROUP BY or an aggregate",
                    span(expr),
                ));
            }
            None => String::new(),
        };
        let order = match order_by {
            Some(order_by) => self.order(order_by, env, &items)?,
            None => String::new(),
        };
        let fill = self.fill(order_by, env, &items)?;
        let by = self.limit_by(limit, env)?;
        let carried = match (carries, aggregated) {
            (true, true) => self.group_columns(),
            (true, false) => from.as_ref().map_or_else(Vec::new, flat_columns),
            (false, _) => Vec::new(),
        };
        let mut totals = None;
        let (source, flow, selection) = if aggregated {
            let groups = self.close_groups(from.as_ref(), &selection, partition)?;
            totals = groups.totals;
            if let (Some(_), Some(having)) = (&totals, &select.having) {
                let what = "HAVING beside WITH TOTALS; filter in a query around it";
                return Err(SqlError::unsupported(what, span(having)));
            }
            (format!(" FROM {}", groups.source), groups.flow, having)
        } else {
            (
                from.as_ref()
                    .map_or_else(String::new, |from| format!(" FROM {}", from.sql)),
                flow,
                selection,
            )
        };
        // A HAVING of what was before is tested when it is known.
        let (inside, outside) = match self.refers_to_carries(&selection) {
            true => (String::new(), selection.clone()),
            false => (selection.clone(), String::new()),
        };
        let (source, selection) = match carries {
            true => match self.close_carries(&carried, &format!("{source}{inside}")) {
                Some(relation) => (format!(" FROM {relation}"), outside),
                None => (source, selection),
            },
            false => (source, selection),
        };
        self.expanding = expanding;
        let distinct = matches!(select.distinct, Some(Distinct::Distinct));
        let ends_after = check_flow(flow, order_by, limit, top)?;
        let mut list: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(i, item)| format!("{} AS c{i}", item.value.sql))
            .collect();
        let inside = wants_time && !aggregated && !carries && !distinct && fill.is_none();
        let time = match inside {
            true => self.event_time(&items, scope),
            false => None,
        };
        let delta = match inside && !items.iter().any(|item| item.name == DELTA) {
            true => self.carried_weight(scope),
            false => None,
        };
        let hidden = [&time, &delta].into_iter().flatten();
        for (place, (sql, _)) in hidden.enumerate() {
            list.push(format!("{sql} AS c{}", items.len() + place));
        }
        let rest = format!("{source}{selection}");
        let parts = Parts {
            values: items.iter().map(|item| item.value.sql.as_str()).collect(),
            list: &list.join(", "),
            rest: &rest,
            order: &order,
            flow,
            distinct,
            ends_after,
            by,
            fill,
            totals: totals.as_deref(),
        };
        let sql = self.ended(&parts, limit)?;
        self.check_over(flow)?;
        let columns = items.into_iter().map(|item| OutColumn {
            info: ColumnInfo {
                name: item.name,
                data_type: item.value.data_type.clone(),
            },
            null: item.value.literal == Literal::Null,
            edge: item.edge,
            event_time: item.event_time,
            size: item.size,
        });
        Ok(Relation {
            sql,
            columns: columns.collect(),
            flow,
            limit: limit.count.filter(|_| ends_after),
            time: time.map(|(_, column)| column),
            delta: delta.map(|(_, column)| column),
        })
    }

    /// `_tp_time` of the rows, where it is not selected.
    fn event_time(&mut self, items: &[Item], scope: &Scope) -> Option<(String, OutColumn)> {
        if items.iter().any(|item| item.name == EVENT_TIME) {
            return None;
        }
        let column = scope.find(None, &Ident::new(EVENT_TIME)).ok()??;
        if let Some(stream) = &column.stream
            && self.catalog.outside(stream).is_some()
        {
            self.require(stream, EVENT_TIME, &column.data_type);
        }
        let time = OutColumn {
            info: ColumnInfo {
                name: EVENT_TIME.to_string(),
                data_type: column.data_type.clone(),
            },
            edge: None,
            event_time: column.event_time,
            size: column.size,
            null: false,
        };
        Some((column.sql.clone(), time))
    }

    /// SQLite text of what `LIMIT n BY` counts by.
    fn limit_by(&mut self, limit: &Limit, env: Env<'_>) -> Result<Option<String>, SqlError> {
        if limit.by.is_empty() {
            return Ok(None);
        }
        let mut keys = Vec::with_capacity(limit.by.len());
        for expr in &limit.by {
            keys.push(self.value(positional(expr, env.items)?, env)?.ordered());
        }
        Ok(Some(keys.join(", ")))
    }

    /// The column of the result that a number in ORDER BY means.
    pub(super) fn position<'i>(
        &self,
        expr: &Expr,
        items: &'i [Item],
    ) -> Result<Option<&'i Item>, SqlError> {
        let number = match expr {
            Expr::Value(_) => expr.to_string().parse::<usize>().ok(),
            _ => None,
        };
        let Some(number) = number else {
            return Ok(None);
        };
        let unknown = || {
            let words = format!("position {number} is not in the select list");
            SqlError::at(words, span(expr))
        };
        let item = items.get(number.wrapping_sub(1));
        item.ok_or_else(unknown).map(Some)
    }

    fn order(
        &mut self,
        order_by: &OrderBy,
        env: Env<'_>,
        items: &[Item],
    ) -> Result<String, SqlError> {
        let mut terms = Vec::new();
        for term in order_terms(order_by)? {
            let value = match self.position(&term.expr, items)? {
                Some(item) => item.value.clone(),
                None => self.value(positional(&term.expr, env.items)?, env)?,
            };
            terms.push(order_term(&value, term));
        }
        Ok(format!(" ORDER BY {}", terms.join(", ")))
    }
}

/// The columns of a relation made by [`Compiler::flattened`], and their names.
fn flat_columns(from: &super::relation::From) -> Vec<(String, String)> {
    let columns = from.scope.sources.iter().flat_map(|source| &source.columns);
    columns
        .enumerate()
        .map(|(index, column)| (column.sql.clone(), format!("c{index}")))
        .collect()
}

/// The alias of a derived relation, `(…) AS t1`.
fn alias_of(sql: &str) -> String {
    sql.rsplit(' ').next().unwrap_or_default().to_string()
}
