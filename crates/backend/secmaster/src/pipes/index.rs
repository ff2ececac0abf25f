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

/// Of streams that name none.
const OWN_TIME: &str = "_tp_time";

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

/// The column that a record's time is read from. The vendor's own example names one that is in no
/// mapping: then it is the time at which a record came.
pub(super) fn event_time(
    field: &str,
    columns: &[ColumnDef],
) -> Result<Option<String>, VendorError> {
    match columns.iter().find(|column| column.name == field) {
        Some(column) if !column.data_type.starts_with("datetime") => {
            let words = format!("'{field}' is no date: {}", column.data_type);
            Err(VendorError::field("timestamp_field", words))
        }
        found => Ok(found.map(|column| column.name.clone())),
    }
}

pub(super) fn columns(app: &Services, pipe: &str) -> Vec<StreamColumn> {
    let streams = app.store.streams();
    let stream = streams.iter().find(|stream| stream.name == pipe);
    stream.map_or_else(Vec::new, |stream| stream.columns.clone())
}

/// The fields of the pipe's records: as they were sent, else by their columns; columns of other types
/// have none.
fn told(app: &Services, pipe: &str) -> Index {
    let kept = app.secmaster.pipes.index.get(pipe).unwrap_or_default();
    let mut sent = Vec::new();
    let _ = collect(&kept.mapping, "", &mut sent);
    let new = |column: &StreamColumn| {
        let own = column.name == OWN_TIME && !kept.timestamp_field.is_empty();
        !own && sent.iter().all(|known| known.name != column.name)
    };
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
    let others = columns(app, pipe).into_iter().filter(new).filter_map(key);
    let or = |text: String, default: &str| match text.is_empty() {
        true => default.into(),
        false => text,
    };
    Index {
        mapping: others.chain(kept.mapping.clone()).collect(),
        pipe_id: pipe.into(),
        status: or(kept.status, "open"),
        timestamp_field: or(kept.timestamp_field, OWN_TIME),
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
    let all = &app.secmaster.pipes.index;
    let mut kept = all.get(&pipe.pipe_name).unwrap_or_default();
    kept.mapping.extend(sent.mapping);
    for (text, sent) in [
        (&mut kept.status, sent.status),
        (&mut kept.timestamp_field, sent.timestamp_field),
    ] {
        if !sent.is_empty() {
            *text = sent;
        }
    }
    all.put(&pipe.pipe_name, kept).await?;
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
        "status": if on { "enable" } else { "disable" },
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
