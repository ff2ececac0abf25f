//! What a query needs of streams and tables outside.

use sqlparser::{
    ast::{Expr, GroupByExpr, Query, SelectItem, SetExpr, TableFactor},
    tokenizer::Span,
};
use weir_api::timeplus::sql::Analysis;

use super::{compiler::Bring, limit};

/// Completes what is known of each table once the whole query is read.
pub(super) fn outside(brings: Vec<Bring>, analysis: &Analysis, limit: Option<u64>) -> Vec<Bring> {
    let complete = |bring: Bring| {
        let required = analysis.required_columns.iter();
        let columns = required.filter(|column| column.table == bring.name);
        Bring {
            columns: columns.map(|column| column.column.clone()).collect(),
            limit: limit.filter(|_| !bring.followed),
            ..bring
        }
    };
    brings.into_iter().map(complete).collect()
}

/// Rows after which `SELECT columns FROM one LIMIT n` needs no more of its one relation.
pub(super) fn plain_limit(query: &Query) -> Option<u64> {
    let SetExpr::Select(select) = query.body.as_ref() else {
        return None;
    };
    let plain = |item: &SelectItem| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_))
        }
        SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => true,
        _ => false,
    };
    let grouped = match &select.group_by {
        GroupByExpr::Expressions(by, more) => !by.is_empty() || !more.is_empty(),
        GroupByExpr::All(_) => true,
    };
    let whole = select.selection.is_some()
        || select.having.is_some()
        || select.distinct.is_some()
        || grouped
        || query.order_by.is_some()
        || query.with.is_some()
        || !select.projection.iter().all(plain);
    let relation = |factor: &TableFactor| {
        matches!(
            factor,
            TableFactor::Table { args: None, .. } | TableFactor::TableFunction { .. }
        )
    };
    let one = match select.from.as_slice() {
        [only] => only.joins.is_empty() && relation(&only.relation),
        _ => false,
    };
    if whole || !one {
        return None;
    }
    limit::limit(query.limit_clause.as_ref(), Span::empty())
        .ok()
        .and_then(|limit| limit.count?.checked_add(limit.offset))
}
