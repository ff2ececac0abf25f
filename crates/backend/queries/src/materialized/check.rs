//! Whether a materialized view can be made.

use weir_api::{
    DataType,
    timeplus::{
        materialized_view::Create,
        stream::{ColumnDef, StreamDef},
    },
};
use weir_engine::{ColumnInfo, Plan, Statement, StreamInfo};
use weir_store::Store;

use crate::run::planning;
use crate::{clock, error::HttpError};

/// The stream that it keeps its rows in, or `None` where it writes into one that exists.
pub(super) fn target(
    store: &Store,
    plan: &Plan,
    request: &Create,
) -> Result<Option<StreamDef>, HttpError> {
    follows(plan)?;
    let Some(target) = request.target_stream.as_deref() else {
        return Ok(Some(own(plan, request)));
    };
    let keeps = [
        ("ttl_expression", request.ttl_expression.is_some()),
        (
            "logstore_retention_bytes",
            request.logstore_retention_bytes.is_some(),
        ),
        (
            "logstore_retention_ms",
            request.logstore_retention_ms.is_some(),
        ),
    ];
    if let Some((field, _)) = keeps.iter().find(|(_, given)| *given) {
        return Err(HttpError::field(*field, kept_by(target)));
    }
    if store.stream(target).is_none() {
        return Err(missing(target));
    }
    writes(store, plan, target, "target_stream").map(|()| None)
}

/// Whether another query can write into what the view has.
pub(super) fn another(store: &Store, plan: &Plan, target: &str) -> Result<(), HttpError> {
    follows(plan)?;
    writes(store, plan, target, "query")
}

fn follows(plan: &Plan) -> Result<(), HttpError> {
    let words = "a materialized view follows a stream; this query reads history, which ends";
    match plan.streaming {
        true => Ok(()),
        false => Err(HttpError::field("query", words)),
    }
}

/// The rows fit into the target, which they do not come from; `field` is what was chosen wrongly.
fn writes(store: &Store, plan: &Plan, target: &str, field: &str) -> Result<(), HttpError> {
    let stream = store.catalog().stream(target);
    let stream = stream.ok_or_else(|| missing(target))?;
    for column in &plan.header {
        fits(column, &stream)?;
    }
    if reads(store, plan, target) {
        let words = format!("the query reads stream '{target}', so it would never come to an end");
        return Err(HttpError::field(field, words));
    }
    Ok(())
}

fn missing(target: &str) -> HttpError {
    HttpError::field("target_stream", format!("stream '{target}' does not exist"))
}

pub(super) fn kept_by(target: &str) -> String {
    format!("the rows are kept by stream '{target}'; its own settings say how long")
}

fn own(plan: &Plan, request: &Create) -> StreamDef {
    let columns = plan.header.iter().map(|column| ColumnDef {
        name: column.name.clone(),
        data_type: column.data_type.to_string(),
        ..ColumnDef::default()
    });
    StreamDef {
        name: request.name.clone(),
        columns: columns.collect(),
        logstore_retention_bytes: request.logstore_retention_bytes,
        logstore_retention_ms: request.logstore_retention_ms,
        ttl_expression: request.ttl_expression.clone(),
        ..StreamDef::default()
    }
}

/// What can be known before there are rows: numbers may still be too large.
fn fits(column: &ColumnInfo, target: &StreamInfo) -> Result<(), HttpError> {
    let name = &column.name;
    let Some(known) = target.columns.iter().find(|c| c.name == *name) else {
        return Err(HttpError::field(
            "query",
            format!(
                "stream '{}' has no column '{name}'; name the query's columns after it with AS",
                target.name
            ),
        ));
    };
    let (from, to) = (column.data_type.inner(), known.data_type.inner());
    let number = |t: &DataType| t.is_numeric() || *t == DataType::Bool;
    if from == to || (number(from) && number(to)) || (from.is_time() && to.is_time()) {
        return Ok(());
    }
    Err(HttpError::field(
        "query",
        format!(
            "column '{name}' is {from}, but {to} in stream '{}'; convert it in the query",
            target.name
        ),
    ))
}

/// Whether the plan's rows come from `target`, perhaps by way of other materialized views.
fn reads(store: &Store, plan: &Plan, target: &str) -> bool {
    let views = store.views();
    let mut seen: Vec<String> = plan.sources.clone();
    let mut next = 0;
    while let Some(source) = seen.get(next).cloned() {
        next += 1;
        if source == target {
            return true;
        }
        let writers = views.iter().filter(|view| {
            view.materialized && (view.name == source || view.target.as_deref() == Some(&source))
        });
        for view in writers {
            let found = sources(store, &view.query);
            let found = found.into_iter().chain(view.target.clone());
            for name in found {
                if !seen.contains(&name) {
                    seen.push(name);
                }
            }
        }
    }
    false
}

/// Streams and materialized views that a query reads; none when it cannot be planned.
fn sources(store: &Store, query: &str) -> Vec<String> {
    let Ok(Statement::Select(select)) = planning::parse(query) else {
        return Vec::new();
    };
    let plan = planning::plan(&select, &*store.catalog(), clock::now_ms());
    plan.map(|plan| plan.sources).unwrap_or_default()
}
