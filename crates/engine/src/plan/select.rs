//! One SELECT.

use super::{
    aggregate::positional,
    compiler::{Compiler, Flow, OutColumn, Relation, span},
    expr::has_aggregate,
    items::Item,
    query::Limit,
    scope::{Env, Scope},
};
use crate::{Catalog, ColumnInfo, SqlError, typed::Typed};
use sqlparser::ast::{Distinct, Expr, GroupByExpr, OrderBy, OrderByKind, Select, SelectItem};

impl Compiler<'_> {
    /// `top`: the query's own SELECT, whose LIMIT ends a query that follows a stream.
    pub(super) fn select(
        &mut self,
        select: &Select,
        order_by: Option<&OrderBy>,
        limit: &Limit,
        top: bool,
    ) -> Result<Relation, SqlError> {
        unsupported(select)?;
        let expanding = std::mem::take(&mut self.expanding);
        let from = self.from(&select.from)?;
        let empty = Scope::default();
        let scope = from.as_ref().map_or(&empty, |from| &from.scope);
        let flow = from.as_ref().map_or(Flow::Bounded, |from| from.flow);
        let rows = Env::rows(scope, &select.projection);
        let selection = match &select.selection {
            Some(expr) => format!(" WHERE {}", self.condition(expr, rows)?),
            None => String::new(),
        };
        if let (Some(selection), Flow::Rows) = (&select.selection, flow) {
            self.note_rewind(selection, scope);
        }
        let aggregated = is_aggregated(select, order_by, self.catalog);
        if aggregated && flow == Flow::Groups {
            return Err(SqlError::at(
                "an aggregation over an aggregation that follows a stream is not supported: wrap the stream in table(…)",
                select.select_token.0.span,
            ));
        }
        if aggregated {
            self.open_groups(&select.group_by, rows)?;
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
        let (source, flow, selection) = if aggregated {
            let (source, flow) = self.close_groups(from.as_ref(), &selection)?;
            (format!(" FROM {source}"), flow, having)
        } else {
            (
                from.as_ref()
                    .map_or_else(String::new, |from| format!(" FROM {}", from.sql)),
                flow,
                selection,
            )
        };
        self.expanding = expanding;
        let distinct = matches!(select.distinct, Some(Distinct::Distinct));
        let ends_after = check_flow(flow, distinct, order_by, limit, top, select)?;
        let list: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(i, item)| format!("{} AS c{i}", item.value.sql))
            .collect();
        let limit_sql = if ends_after {
            String::new()
        } else {
            limit.sql()
        };
        let list = list.join(", ");
        let sql = match by {
            Some(_) if flow != Flow::Bounded || distinct => {
                return Err(SqlError::unsupported(
                    "LIMIT … BY with DISTINCT, or over a followed stream",
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
        })
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
    distinct: bool,
    order_by: Option<&OrderBy>,
    limit: &Limit,
    top: bool,
    select: &Select,
) -> Result<bool, SqlError> {
    let history = "wrap the stream in table(…) to read history";
    if flow == Flow::Rows {
        if distinct {
            return Err(SqlError::at(
                format!("DISTINCT over a followed stream is not supported: {history}, or GROUP BY"),
                select.select_token.0.span,
            ));
        }
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
        && (flow == Flow::Rows || (flow == Flow::Groups && order_by.is_none())))
}

fn unsupported(select: &Select) -> Result<(), SqlError> {
    let at = select.select_token.0.span;
    let found = [
        (select.top.is_some(), "TOP"),
        (select.into.is_some(), "SELECT INTO"),
        (!select.lateral_views.is_empty(), "LATERAL VIEW"),
        (select.prewhere.is_some(), "PREWHERE"),
        (!select.connect_by.is_empty(), "CONNECT BY"),
        (!select.cluster_by.is_empty(), "CLUSTER BY"),
        (!select.distribute_by.is_empty(), "DISTRIBUTE BY"),
        (!select.sort_by.is_empty(), "SORT BY"),
        (!select.named_window.is_empty(), "WINDOW"),
        (select.qualify.is_some(), "QUALIFY"),
        (select.value_table_mode.is_some(), "SELECT AS"),
        (
            matches!(select.distinct, Some(Distinct::On(_))),
            "DISTINCT ON",
        ),
    ]
    .into_iter()
    .find(|(found, _)| *found);
    match found {
        Some((_, what)) => Err(SqlError::unsupported(what, at)),
        None => Ok(()),
    }
}
