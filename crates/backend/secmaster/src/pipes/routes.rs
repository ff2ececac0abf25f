//! What is asked of pipes.

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_api::{
    secmaster::pipe::{CreatePipe, Index, Pipe, check_name},
    timeplus::stream::{StreamDef, UpdateStream},
};
use weir_platform::operations::Operations;

use super::{
    super::{
        DELIVERY, IN_WORKSPACE,
        vendor_error::VendorError,
        wire::{Json, Listed, Query, Rest, Workspace},
    },
    DAY_MS, Placed, index, is_system,
    newer::Newer,
    version2,
};
use crate::{Services, audit::Change, auth::Actor, clock};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of(DELIVERY)
        .audited_as("pipe")
        .below(IN_WORKSPACE)
        .get("/siem/pipes", list)
        .post("/siem/pipes", create)
        .get("/siem/pipes/{id}", get)
        .put("/siem/pipes/{id}", update)
        .delete("/siem/pipes/{id}", delete)
        .get("/siem/pipes/{id}/index", index::get)
        .put("/siem/pipes/{id}/index", index::update)
        .get("/siem/pipes/{id}/consumption", index::consumption)
        .post("/siem/pipes/{id}/consumption", index::consume)
        .called("update")
        .delete("/siem/pipes/{id}/consumption", index::consume_no_more)
        .called("update")
        .below("/v2/{project}/workspaces/{workspace}")
        .get("/siem/pipes", version2::list)
        .post("/siem/pipes", version2::create)
        .get("/siem/pipes/{id}", version2::get)
        .put("/siem/pipes/{id}", version2::update)
        .put("/siem/pipes/{id}/schema", version2::update_schema)
        .delete("/siem/pipes/{id}", delete)
}

#[derive(Deserialize)]
struct Filter {
    #[serde(default)]
    dataspace_id: String,
    #[serde(default)]
    pipe_id: String,
    #[serde(default)]
    pipe_name: String,
    #[serde(default)]
    pipe_type: String,
}

async fn list(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    Query(listed): Query<Listed>,
    Query(filter): Query<Filter>,
) -> Result<Answer<Value>, VendorError> {
    let pipes = &app.secmaster.pipes;
    let mut all = pipes.list(&app.store, &workspace, &filter.dataspace_id);
    all.retain(|pipe| {
        pipe.pipe_name.contains(&filter.pipe_name)
            && (filter.pipe_id.is_empty() || pipe.pipe_id == filter.pipe_id)
            && (filter.pipe_type.is_empty() || pipe.pipe_type == filter.pipe_type)
    });
    let records = all.iter().map(|pipe| json!(pipe));
    Ok(Answer(listed.of(records.collect())?))
}

async fn create(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    actor: Actor,
    Json(sent): Json<CreatePipe>,
) -> Result<Response, VendorError> {
    check_name(&sent.pipe_name).map_err(|words| VendorError::field("pipe_name", words))?;
    if !(1..=64).contains(&sent.shards) {
        return Err(VendorError::field("shards", "1 to 64"));
    }
    let days = days(sent.storage_period)?;
    let dataspace = app
        .secmaster
        .dataspaces
        .get(&workspace, &sent.dataspace_id)?;
    let mut columns = Vec::new();
    index::collect(&sent.mapping, "", &mut columns)?;
    if columns.is_empty() {
        columns.push(index::column("message".into(), "string"));
    }
    let event_time = index::event_time(&sent.timestamp_field, &columns)?;
    let index = Index {
        mapping: sent.mapping,
        timestamp_field: sent.timestamp_field,
        ..Index::default()
    };
    let definition = StreamDef {
        name: sent.pipe_name.clone(),
        description: Some(sent.description),
        columns,
        event_time_column: event_time,
        logstore_retention_ms: Some(days),
        ..StreamDef::default()
    };
    let name = sent.pipe_name;
    let stream = app.store.create_stream(definition, actor.owner()).await?;
    let placed = Placed {
        workspace: workspace.clone(),
        pipe: Pipe {
            dataspace_id: dataspace.dataspace_id,
            dataspace_name: dataspace.dataspace_name,
            shards: sent.shards,
            ..Pipe::default()
        },
        newer: Newer::default(),
    };
    let pipes = &app.secmaster.pipes;
    pipes.placed.put(&name, placed).await?;
    pipes.index.put(&name, index).await?;
    let (_, pipe) = pipes.placed(&stream);
    Ok(Change::named(name).on(Answer(pipe).into_response()))
}

/// Milliseconds.
pub(super) fn days(period: i64) -> Result<i64, VendorError> {
    match (7..=180).contains(&period) {
        true => Ok(period * DAY_MS),
        false => Err(VendorError::field("storage_period", "7 to 180 days")),
    }
}

async fn get(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Value>, VendorError> {
    let pipe = app
        .secmaster
        .pipes
        .get(&app.store, &workspace, rest.part(0))?;
    // The vendor's client reads here what version 2 says, too.
    let mut shown = version2::whole(&app, &workspace, &pipe);
    if let (Some(shown), Value::Object(own)) = (shown.as_object_mut(), json!(pipe)) {
        shown.extend(own);
    }
    Ok(Answer(shown))
}

#[derive(Deserialize)]
struct Changed {
    description: Option<String>,
    storage_period: Option<i64>,
    shards: Option<i64>,
}

async fn update(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    actor: Actor,
    Json(sent): Json<Changed>,
) -> Result<Response, VendorError> {
    let pipes = &app.secmaster.pipes;
    let pipe = own(pipes.get(&app.store, &workspace, rest.part(0))?)?;
    let name = pipe.pipe_name.clone();
    let change = UpdateStream {
        description: sent.description,
        logstore_retention_ms: sent.storage_period.map(days).transpose()?,
        ..UpdateStream::default()
    };
    if let Some(shards) = sent.shards {
        if !(1..=64).contains(&shards) {
            return Err(VendorError::field("shards", "1 to 64"));
        }
        let placed = Placed {
            workspace,
            pipe: Pipe { shards, ..pipe },
            newer: pipes.newer(&name),
        };
        pipes.placed.put(&name, placed).await?;
    }
    let stream = app
        .store
        .update_stream(&name, change, actor.owner())
        .await?;
    let (_, pipe) = pipes.placed(&stream);
    Ok(Change::named(name).on(Answer(pipe).into_response()))
}

pub(super) fn own(pipe: Pipe) -> Result<Pipe, VendorError> {
    match is_system(&pipe.pipe_name) {
        true => Err(VendorError::bad(format!(
            "pipe '{}' is system-defined and cannot be changed",
            pipe.pipe_name
        ))),
        false => Ok(pipe),
    }
}

async fn delete(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, VendorError> {
    let pipes = &app.secmaster.pipes;
    let pipe = own(pipes.get(&app.store, &workspace, rest.part(0))?)?;
    let name = pipe.pipe_name;
    if let Some(user) = app.secmaster.shippers.user_of(&name) {
        return Err(VendorError::bad(format!(
            "delivery '{user}' uses this pipe"
        )));
    }
    app.store.delete_stream(&name).await?;
    pipes.placed.remove(&name).await?;
    pipes.consumption.remove(&name).await?;
    pipes.index.remove(&name).await?;
    let answer = json!({"pipe_id": name, "delete_time": clock::now_ms()});
    let answer = Answer(answer).into_response();
    Ok(Change::named(name).on(answer))
}
