//! One SELECT.

use super::{
    aggregate::positional,
    carry::looks_back_inside,
    compiler::{Compiler, Flow, OutColumn, Relation, span},
    expr::has_aggregate,
    items::Item,
    past_sessions,
    query::Limit,
    relation::EVENT_TIME,
    scope::{Env, Scope},
};
use crate::{Catalog, ColumnInfo, SqlError, typed::Typed};
use sqlparser::{
    ast::{
        Distinct, Expr, Function, GroupByExpr, Ident, OrderBy, OrderByKind, Select, SelectItem,
        WindowType,
    },
    tokenizer::Span,
};
use std::ops::ControlFlow;

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
        self.around = around;
        let mut from = self.unroll_arrays(select, from)?;
        let follows = from.as_ref().is_some_and(|from| from.flow != Flow::Bounded);
        let parted = match follows {
            true => over_partition(select, self.catalog)?,
            false => None,
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
        let by = self.limit_by(limit, env)?;
        let carried = match (carries, aggregated) {
            (true, true) => self.group_columns(),
            (true, false) => from.as_ref().map_or_else(Vec::new, flat_columns),
            (false, _) => Vec::new(),
        };
        let (source, flow, selection) = if aggregated {
            let (source, flow) = self.close_groups(from.as_ref(), &selection, partition)?;
            (format!(" FROM {source}"), flow, having)
        } else {
            (
                from.as_ref()
                    .map_or_else(String::new, |from| format!(" FROM {}", from.sql)),
                flow,
                selection,
            )
        };
        let (source, selection) = match carries {
            true => match self.close_carries(&carried, &format!("{source}{selection}")) {
                Some(relation) => (format!(" FROM {relation}"), String::new()),
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
        let time = match wants_time && !aggregated && !carries && !distinct {
            true => self.event_time(&items, scope),
            false => None,
        };
        if let Some((sql, _)) = &time {
            list.push(format!("{sql} AS c{}", items.len()));
        }
        let limit_sql = if ends_after {
            String::new()
        } else {
            limit.sql()
        };
        let list = list.join(", ");
        let sql = match by {
            Some(_) if flow == Flow::Rows || distinct => {
                return Err(SqlError::unsupported(
                    "LIMIT … BY with DISTINCT, or over rows of a followed stream",
                    limit.span,
                ));
            }
            Some(by) => limit.sql_by(
                &by,
                &list,
                items.len(),
                &order,
                &format!("{source}{selection}"),
                &self.alias(),
            ),
            None if distinct && flow == Flow::Rows => {
                let list: Vec<_> = items.iter().map(|item| item.value.sql.clone()).collect();
                self.distinct_rows(&list, &format!("{source}{selection}"))
            }
            None => format!(
                "SELECT {}{list}{source}{selection}{order}{limit_sql}",
                if distinct { "DISTINCT " } else { "" },
            ),
        };
        self.check_over(flow)?;
        let columns = items.into_iter().map(|item| OutColumn {
            info: ColumnInfo {
                name: item.name,
                data_type: item.value.data_type,
            },
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

    fn order(
        &mut self,
        order_by: &OrderBy,
        env: Env<'_>,
        items: &[Item],
    ) -> Result<String, SqlError> {
        let mut terms = Vec::new();
        for term in order_terms(order_by)? {
            let place = span(&term.expr);
            let position = match &term.expr {
                Expr::Value(_) => term.expr.to_string().parse::<usize>().ok(),
                _ => None,
            };
            let value = match position {
                Some(n) => items
                    .get(n.wrapping_sub(1))
                    .map(|item| item.value.clone())
                    .ok_or_else(|| {
                        SqlError::at(format!("position {n} is not in the select list"), place)
                    })?,
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

/// Whether a function of the select list looks back at the rows before.
fn looks_back_in(select: &Select) -> Result<bool, SqlError> {
    if let Some(having) = select.having.as_ref().filter(|e| looks_back_inside(e)) {
        let what = "lag in HAVING (a subquery around it with WHERE is)";
        return Err(SqlError::unsupported(what, span(having)));
    }
    Ok(select.projection.iter().any(|item| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            looks_back_inside(expr)
        }
        _ => false,
    }))
}

/// `f(x) OVER (PARTITION BY k)` of aggregates over a followed stream is PARTITION BY of the whole
/// SELECT: each k has a result of its own. `None` where there is no such call.
fn over_partition(select: &Select, catalog: &dyn Catalog) -> Result<Option<Select>, SqlError> {
    let mut found: Option<(Vec<Expr>, Span)> = None;
    let mut wrong = None;
    let mut take = |expr: &Expr| {
        let Expr::Function(function) = expr else {
            return false;
        };
        let Some(WindowType::WindowSpec(window)) = &function.over else {
            return false;
        };
        let plain = window.order_by.is_empty() && window.window_frame.is_none();
        let bare = Function {
            over: None,
            ..function.clone()
        };
        if !plain || window.partition_by.is_empty() || !super::call::is_aggregate(&bare, catalog) {
            return false;
        }
        match &found {
            Some((keys, _)) if *keys != window.partition_by => wrong = Some(span(expr)),
            Some(_) => {}
            None => found = Some((window.partition_by.clone(), span(expr))),
        }
        true
    };
    for item in &select.projection {
        let _ = sqlparser::ast::visit_expressions(item, |expr| {
            take(expr);
            ControlFlow::<()>::Continue(())
        });
    }
    let Some((keys, _)) = found else {
        return Ok(None);
    };
    if let Some(place) = wrong {
        return Err(SqlError::unsupported(
            "OVER with different PARTITION BY",
            place,
        ));
    }
    let mut select = select.clone();
    for item in &mut select.projection {
        let _ = sqlparser::ast::visit_expressions_mut(item, |expr| {
            if let Expr::Function(function) = expr {
                let bare = Function {
                    over: None,
                    ..function.clone()
                };
                if super::call::is_aggregate(&bare, catalog) {
                    function.over = None;
                }
            }
            ControlFlow::<()>::Continue(())
        });
    }
    select.cluster_by.extend(keys);
    Ok(Some(select))
}

pub(super) fn order_terms(order_by: &OrderBy) -> Result<&[sqlparser::ast::OrderByExpr], SqlError> {
    match (&order_by.kind, &order_by.interpolate) {
        (OrderByKind::Expressions(terms), None) => {
            match terms.iter().find(|term| term.with_fill.is_some()) {
                Some(term) => Err(SqlError::unsupported("WITH FILL", span(&term.expr))),
                None => Ok(terms),
            }
        }
        _ => Err(SqlError::unsupported(
            "this form of ORDER BY",
            span(order_by),
        )),
    }
}

/// NULL comes last unless told otherwise.
pub(super) fn order_term(value: &Typed, term: &sqlparser::ast::OrderByExpr) -> String {
    let direction = match term.options.sort {
        Some(sqlparser::ast::OrderBySort::Desc) => " DESC",
        _ => "",
    };
    let nulls = if term.options.nulls_first == Some(true) {
        "FIRST"
    } else {
        "LAST"
    };
    format!("{}{direction} NULLS {nulls}", value.ordered())
}

/// `GROUP BY ALL` groups by what is selected and is no aggregate. `None` where it is not said.
fn all_keys(select: &Select, catalog: &dyn Catalog) -> Result<Option<Select>, SqlError> {
    let GroupByExpr::All(modifiers) = &select.group_by else {
        return Ok(None);
    };
    let mut keys = Vec::new();
    for item in &select.projection {
        let expr = match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => expr,
            other => {
                let what = "GROUP BY ALL with * (the columns by name are)";
                return Err(SqlError::unsupported(what, span(other)));
            }
        };
        if matches!(expr, Expr::Value(_)) {
            continue;
        }
        if !has_aggregate(expr, catalog) {
            keys.push(expr.clone());
        }
    }
    Ok(Some(Select {
        group_by: GroupByExpr::Expressions(keys, modifiers.clone()),
        ..select.clone()
    }))
}

fn is_aggregated(select: &Select, order_by: Option<&OrderBy>, catalog: &dyn Catalog) -> bool {
    let has_aggregate = |expr: &Expr| has_aggregate(expr, catalog);
    let grouped = match &select.group_by {
        GroupByExpr::Expressions(exprs, modifiers) => !exprs.is_empty() || !modifiers.is_empty(),
        GroupByExpr::All(_) => true,
    };
    let selected = select.projection.iter().any(|item| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            has_aggregate(expr)
        }
        _ => false,
    });
    let ordered = order_by.is_some_and(|order_by| {
        order_terms(order_by).is_ok_and(|terms| terms.iter().any(|term| has_aggregate(&term.expr)))
    });
    grouped || selected || ordered || select.having.as_ref().is_some_and(&has_aggregate)
}

/// Whether the LIMIT ends the query, instead of cutting each result.
fn check_flow(
    flow: Flow,
    order_by: Option<&OrderBy>,
    limit: &Limit,
    top: bool,
) -> Result<bool, SqlError> {
    let history = "wrap the stream in table(…) to read history";
    if flow == Flow::Rows {
        if let Some(order_by) = order_by {
            return Err(SqlError::at(
                format!("ORDER BY over a followed stream is not supported: {history}"),
                span(order_by),
            ));
        }
        if !top && limit.count.is_some() {
            return Err(SqlError::at(
                format!("LIMIT in a subquery over a followed stream is not supported: {history}"),
                limit.span,
            ));
        }
    }
    if flow != Flow::Bounded && limit.offset > 0 {
        return Err(SqlError::at(
            format!("OFFSET is not supported here: {history}"),
            limit.span,
        ));
    }
    Ok(top
        && limit.count.is_some()
        && limit.by.is_empty()
        && (flow == Flow::Rows || (flow == Flow::Groups && order_by.is_none())))
}

fn unsupported(select: &Select) -> Result<(), SqlError> {
    let at = select.select_token.0.span;
    if let Some(qualify) = &select.qualify {
        let what = "QUALIFY (WHERE around a subquery is)";
        return Err(SqlError::unsupported(what, span(qualify)));
    }
    if let Some(Distinct::On(keys)) = &select.distinct {
        let what = "DISTINCT ON (LIMIT 1 BY is, at the end of the query)";
        return Err(SqlError::unsupported(what, keys.first().map_or(at, span)));
    }
    let found = [
        (select.top.is_some(), "TOP (LIMIT is)"),
        (select.into.is_some(), "SELECT INTO"),
        (!select.lateral_views.is_empty(), "LATERAL VIEW"),
        (select.prewhere.is_some(), "PREWHERE"),
        (!select.connect_by.is_empty(), "CONNECT BY"),
        (!select.distribute_by.is_empty(), "DISTRIBUTE BY"),
        (!select.sort_by.is_empty(), "SORT BY"),
        (select.value_table_mode.is_some(), "SELECT AS"),
    ]
    .into_iter()
    .find(|(found, _)| *found);
    match found {
        Some((_, what)) => Err(SqlError::unsupported(what, at)),
        None => Ok(()),
    }
}
