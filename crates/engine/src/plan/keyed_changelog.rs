//! `changelog(s)` of a stream that keeps the last row of each key: what its rows are and were, with
//! those that were deleted. It is what EMIT CHANGELOG sends; an aggregate of it is one of the rows
//! that are there.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Cte, Expr, Ident, Query, Select, SelectItem, SetExpr, TableFactor, visit_expressions,
};

use super::{
    changes::{is_delta, mentions_delta},
    factor::{plain_argument, simple},
    shape::{is_aggregated, looks_back_in},
    weigh::DELTA,
};
use crate::Catalog;

/// Queries inside each other through which `changelog` is found.
const MOST_INSIDE: usize = 8;

/// The query over the stream itself, and whether its changes are asked for. `None` where it is
/// another query, or says more of `_tp_delta` than that it is selected.
pub(super) fn over_stream(query: &Query, catalog: &dyn Catalog) -> Option<(Query, bool)> {
    let SetExpr::Select(select) = query.body.as_ref() else {
        return None;
    };
    let [table] = select.from.as_slice() else {
        return None;
    };
    if !table.joins.is_empty() {
        return None;
    }
    let with = query.with.iter().flat_map(|with| &with.cte_tables);
    let (stream, has_delta) = keyed(&with.collect::<Vec<_>>(), &table.relation, catalog)?;
    let mut select = select.as_ref().clone();
    let TableFactor::Table { name, args, .. } = &mut select.from.first_mut()?.relation else {
        return None;
    };
    *name = vec![stream].into();
    *args = None;
    let changes = !is_aggregated(&select, query.order_by.as_ref(), catalog);
    match changes {
        true if query.order_by.is_none() => select_changes(&mut select, has_delta)?,
        false if !mentions_delta(query) => {}
        _ => return None,
    }
    let body = Box::new(SetExpr::Select(Box::new(select)));
    let query = Query {
        body,
        ..query.clone()
    };
    Some((query, changes))
}

/// Whether a query reads nothing but such a `changelog(s)`, row by row, also through queries in FROM
/// and WITH.
pub(super) fn is_read_alone(query: &Query, catalog: &dyn Catalog) -> bool {
    reads(query, &[], MOST_INSIDE, catalog)
}

/// `around`: the WITH of queries around it.
fn reads(query: &Query, around: &[&Cte], depth: usize, catalog: &dyn Catalog) -> bool {
    let (SetExpr::Select(select), Some(depth)) = (query.body.as_ref(), depth.checked_sub(1)) else {
        return false;
    };
    let plain = select.distinct.is_none()
        && select.cluster_by.is_empty()
        && query.order_by.is_none()
        && !is_aggregated(select, None, catalog)
        && matches!(looks_back_in(select), Ok(false));
    let [table] = select.from.as_slice() else {
        return false;
    };
    if !plain || !table.joins.is_empty() {
        return false;
    }
    let own = query.with.iter().flat_map(|with| &with.cte_tables);
    let with: Vec<&Cte> = around.iter().copied().chain(own).collect();
    match &table.relation {
        TableFactor::Derived { subquery, .. } => reads(subquery, &with, depth, catalog),
        TableFactor::Table { args: Some(_), .. } => {
            keyed(&with, &table.relation, catalog).is_some()
        }
        TableFactor::Table { name, .. } => {
            let name = simple(name).ok();
            let place = name.and_then(|name| {
                with.iter()
                    .rposition(|cte| cte.alias.name.value == name.value)
            });
            place.is_some_and(|place| reads(&with[place].query, &with[..place], depth, catalog))
        }
        _ => false,
    }
}

/// The stream that `changelog` is called with, by its key, and whether it has `_tp_delta`.
fn keyed(with: &[&Cte], factor: &TableFactor, catalog: &dyn Catalog) -> Option<(Ident, bool)> {
    let TableFactor::Table {
        name,
        args: Some(args),
        ..
    } = factor
    else {
        return None;
    };
    let name = simple(name).ok()?;
    if !name.value.eq_ignore_ascii_case("changelog") {
        return None;
    }
    let args: Option<Vec<&Expr>> = args.args.iter().map(plain_argument).collect();
    let args = args?;
    let (Expr::Identifier(stream), keys) = args.split_first()? else {
        return None;
    };
    if with.iter().any(|cte| cte.alias.name.value == stream.value) {
        return None;
    }
    let info = catalog.stream(&stream.value).filter(|info| info.keyed)?;
    let own = catalog.key(&stream.value);
    let named =
        |(key, own): (&&Expr, &String)| matches!(key, Expr::Identifier(key) if key.value == *own);
    let by_key = keys.is_empty() || (keys.len() == own.len() && keys.iter().zip(&own).all(named));
    let has_delta = info.columns.iter().any(|column| column.name == DELTA);
    by_key.then(|| (stream.clone(), has_delta))
}

/// `*` has `_tp_delta`; elsewhere it stands only as a column of the result.
fn select_changes(select: &mut Select, has_delta: bool) -> Option<()> {
    if select.distinct.is_some() || looks_back_in(select).ok()? || !select.cluster_by.is_empty() {
        return None;
    }
    let mut mentions = 0i64;
    let _ = visit_expressions(&*select, |expr| {
        mentions += i64::from(is_delta(expr));
        ControlFlow::<()>::Continue(())
    });
    let mut projection = Vec::with_capacity(select.projection.len() + 1);
    for item in std::mem::take(&mut select.projection) {
        match &item {
            SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
                mentions -= i64::from(is_delta(expr));
                projection.push(item);
            }
            SelectItem::Wildcard(options) if options.opt_except.is_none() => {
                projection.push(item);
                if !has_delta {
                    let delta = Expr::Identifier(Ident::new(DELTA));
                    projection.push(SelectItem::UnnamedExpr(delta));
                }
            }
            _ => return None,
        }
    }
    select.projection = projection;
    (mentions == 0).then_some(())
}
