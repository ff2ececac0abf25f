//! Aggregates with OVER that follow a stream.

use std::ops::ControlFlow;

use sqlparser::{
    ast::{Expr, Function, Select, WindowType},
    tokenizer::Span,
};

use super::compiler::span;
use crate::{Catalog, SqlError};

/// `f(x) OVER (PARTITION BY k)` of aggregates over a followed stream is PARTITION BY of the whole
/// SELECT: each k has a result of its own. `None` where there is no such call.
pub(super) fn over_partition(
    select: &Select,
    catalog: &dyn Catalog,
) -> Result<Option<Select>, SqlError> {
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
        if !plain
            || window.partition_by.is_empty()
            || !super::aggregate_call::is_aggregate(&bare, catalog)
        {
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
                if super::aggregate_call::is_aggregate(&bare, catalog) {
                    function.over = None;
                }
            }
            ControlFlow::<()>::Continue(())
        });
    }
    select.cluster_by.extend(keys);
    Ok(Some(select))
}
