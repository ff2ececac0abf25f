//! What kind of a SELECT it is, and what it may not say.

use sqlparser::ast::{Expr, GroupByExpr, OrderBy, OrderByKind, Select, SelectItem};

use super::{
    carry::looks_back_inside,
    compiler::{Flow, span},
    expr::has_aggregate,
    limit::Limit,
};
use crate::{Catalog, SqlError, typed::Typed};

/// `GROUP BY ALL` groups by what is selected and is no aggregate. `None` where it is not said.
pub(super) fn all_keys(select: &Select, catalog: &dyn Catalog) -> Result<Option<Select>, SqlError> {
    let GroupByExpr::All(modifiers) = &select.group_by else {
        return Ok(None);
    };
    let mut keys = Vec::new();
    for item in &select.projection {
        let expr = match item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => expr,
            other => {
                let what = "GROUP BY ALL with *; name the columns";
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

pub(super) fn is_aggregated(
    select: &Select,
    order_by: Option<&OrderBy>,
    catalog: &dyn Catalog,
) -> bool {
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
pub(super) fn check_flow(
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
        if !top && limit.count.is_some() && limit.by.is_empty() {
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

pub(super) fn unsupported(select: &Select) -> Result<(), SqlError> {
    let at = select.select_token.0.span;
    let found = [
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

/// Whether a function of the select list looks back at the rows before.
pub(super) fn looks_back_in(select: &Select) -> Result<bool, SqlError> {
    if let Some(having) = select.having.as_ref().filter(|e| looks_back_inside(e)) {
        let what = "lag in HAVING; use a subquery and WHERE";
        return Err(SqlError::unsupported(what, span(having)));
    }
    Ok(select.projection.iter().any(|item| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            looks_back_inside(expr)
        }
        _ => false,
    }))
}

pub(super) fn order_terms(order_by: &OrderBy) -> Result<&[sqlparser::ast::OrderByExpr], SqlError> {
    match (&order_by.kind, &order_by.interpolate) {
        (OrderByKind::Expressions(terms), None) => Ok(terms),
        (_, Some(_)) => Err(SqlError::unsupported(
            "INTERPOLATE; use WITH FILL alone, which fills in zeros",
            span(order_by),
        )),
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
