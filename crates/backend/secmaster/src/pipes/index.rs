//! What a pipe's records hold, and who else may read them.

use std::collections::BTreeMap;

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use weir_api::{
    secmaster::pipe::{Index, KeyIndex, Pipe},
    timeplus::stream::{ColumnDef, StreamColumn},
};

use super::{
    super::{
        vendor_error::VendorError,
        wire::{Json, Rest, Workspace},
    },
    columns as fields,
};
use crate::{Services, audit::Change, auth::Actor};

/// Types of an index, and of columns.
const TYPES: [(&str, &str); 7] = [
    ("text", "string"),
    ("keyword", "string"),
    ("long", "int64"),
    ("integer", "int32"),
    ("double", "float64"),
    ("float", "float32"),
    ("date", "datetime64(3)"),
];

pub(super) fn column(name: String, data_type: &str) -> ColumnDef {
    ColumnDef {
        name,
        data_type: data_type.into(),
        ..ColumnDef::default()
    }
}

/// What is nested becomes columns such as `a_b`.
pub(super) fn collect(
    mapping: &BTreeMap<String, KeyIndex>,
    prefix: &str,
    columns: &mut Vec<ColumnDef>,
) -> Result<(), VendorError> {
    for (name, index) in mapping {
        let path = format!("{prefix}{name}");
        if !index.properties.is_empty() {
            collect(&index.properties, &format!("{path}_"), columns)?;
            continue;
        }
        let found = TYPES.iter().find(|(kind, _)| *kind == index.kind);
        let Some((_, data_type)) = found else {
            let all = TYPES.map(|(kind, _)| kind).join(", ");
            let words = format!("'{}' is not one of {all}", index.kind);
            return Err(VendorError::field(format!("mapping.{path}.type"), words));
        };
        columns.push(column(path, data_type));
    }
    Ok(())
}

pub(super) fn columns(app: &Services, pipe: &str) -> Vec<StreamColumn> {
    let streams = app.store.streams();
    let stream = streams.iter().find(|stream| stream.name == pipe);
    stream.map_or_else(Vec::new, |stream| stream.columns.clone())
}

/// The fields of the pipe's records; columns of other types have none.
fn told(app: &Services, pipe: &str) -> Index {
    let key = |column: StreamColumn| {
        let plain = column.data_type.trim_start_matches("nullable(");
        let found = TYPES
            .iter()
            .rev()
            .find(|(_, known)| plain.starts_with(known));
        let (kind, _) = found?;
        let index = KeyIndex {
            kind: (*kind).into(),
            ..KeyIndex::default()
        };
        Some((column.name, index))
    };
    Index {
        mapping: columns(app, pipe).into_iter().filter_map(key).collect(),
        pipe_id: pipe.into(),
        status: "open".into(),
        timestamp_field: "_tp_time".into(),
    }
}

pub(super) async fn get(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Index>, VendorError> {
    let pipe = app
        .secmaster
        .pipes
        .get(&app.store, &workspace, rest.part(0))?;
    Ok(Answer(told(&app, &pipe.pipe_name)))
}

/// Fields that are not sent stay, with what is in them.
pub(super) async fn update(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    actor: Actor,
    Json(sent): Json<Index>,
) -> Result<Response, VendorError> {
    let pipe = app
        .secmaster
        .pipes
        .get(&app.store, &workspace, rest.part(0))?;
    let pipe = super::routes::own(pipe)?;
    let mut wanted = Vec::new();
    collect(&sent.mapping, "", &mut wanted)?;
    fields::add(&app, &pipe.pipe_name, wanted, "mapping", &actor).await?;
    let stands = told(&app, &pipe.pipe_name);
    let change = Change::named(pipe.pipe_name);
    Ok(change.on(Answer(stands).into_response()))
}

/// Other programs read a pipe as every stream is read: by a query.
fn subscription(pipe: &Pipe, on: bool) -> Value {
    let (id, name) = (&pipe.pipe_id, &pipe.pipe_name);
    json!({
        "access_point": "/default/api/v1beta2/queries",
        "dataspace_id": pipe.dataspace_id,
        "pipe_id": id,
        "pipe_name": name,
        "status": if on { "enabled" } else { "disabled" },
        "subscription": name,
        "subscription_name": name,
        "table_id": id,
        "type": pipe.pipe_type,
    })
}

pub(super) async fn consumption(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Value>, VendorError> {
    let pipes = &app.secmaster.pipes;
    let pipe = pipes.get(&app.store, &workspace, rest.part(0))?;
    let on = pipes.consumption.get(&pipe.pipe_name).unwrap_or_default();
    Ok(Answer(subscription(&pipe, on)))
}

pub(super) async fn consume(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, VendorError> {
    switch(&app, &workspace, rest.part(0), true).await
}

pub(super) async fn consume_no_more(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, VendorError> {
    switch(&app, &workspace, rest.part(0), false).await
}

async fn switch(
    app: &Services,
    workspace: &str,
    id: &str,
    on: bool,
) -> Result<Response, VendorError> {
    let pipes = &app.secmaster.pipes;
    let pipe = pipes.get(&app.store, workspace, id)?;
    pipes.consumption.put(&pipe.pipe_name, on).await?;
    let answer = Answer(subscription(&pipe, on)).into_response();
    Ok(Change::named(pipe.pipe_name).on(answer))
}
