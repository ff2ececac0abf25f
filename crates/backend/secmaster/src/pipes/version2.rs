//! Pipes as version 2 of the API has them: the same streams under other keys.

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_api::{
    secmaster::pipe::{Pipe, check_name},
    timeplus::stream::{StreamDef, UpdateStream},
};

use super::{
    super::{
        vendor_error::VendorError,
        wire::{Json, Listed, Query, Rest, Workspace},
    },
    DAY_MS, Placed,
    columns::{self, Column},
    index,
    newer::{CATEGORIES, Newer},
    routes,
};
use crate::{Services, audit::Change, auth::Actor};

/// Of a pipe that is ready; here each is at once.
const COMPLETED: &str = "COMPLETED";

fn item(app: &Services, workspace: &str, pipe: &Pipe) -> Value {
    let newer = app.secmaster.pipes.newer(&pipe.pipe_name);
    let or = |text: String, other: &str| match text.is_empty() {
        true => other.to_owned(),
        false => text,
    };
    json!({
        "project_id": pipe.project_id, "workspace_id": workspace,
        "pipe_id": pipe.pipe_id, "pipe_name": pipe.pipe_name,
        "pipe_alias": or(newer.pipe_alias, &pipe.pipe_name),
        "category": or(newer.category, CATEGORIES[0]),
        "directory": newer.directory, "description": pipe.description,
        "process_status": COMPLETED, "process_error": "NONE",
        "owner_type": if super::is_system(&pipe.pipe_name) { "SYSTEM" } else { "USER" },
        "create_time": pipe.create_time, "update_time": pipe.update_time,
    })
}

pub(super) fn whole(app: &Services, workspace: &str, pipe: &Pipe) -> Value {
    let mut whole = item(app, workspace, pipe);
    let setting = app.secmaster.pipes.newer(&pipe.pipe_name).storage_setting;
    whole["resources"] = json!([]);
    whole["schema"] = schema(app, &pipe.pipe_name);
    whole["storage_setting"] = match setting {
        Value::Object(_) => setting,
        _ => json!({
            "index_storage_period": pipe.storage_period, "streaming_partition": pipe.shards,
            "streaming_dataspace_id": pipe.dataspace_id,
        }),
    };
    whole
}

fn schema(app: &Services, pipe: &str) -> Value {
    let newer = app.secmaster.pipes.newer(pipe);
    json!({
        "columns": columns::told(&index::columns(app, pipe)),
        "watermark_column": newer.watermark_column,
        "watermark_interval": newer.watermark_interval,
        "time_filter": newer.time_filter,
        "partition": [], "primary_key": [],
    })
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    pipe_name_in_query: String,
    pipe_id_in_query: String,
}

pub(super) async fn list(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    Query(listed): Query<Listed>,
    Query(filter): Query<Filter>,
) -> Result<Answer<Value>, VendorError> {
    let mut all = app.secmaster.pipes.list(&app.store, &workspace, "");
    let id = &filter.pipe_id_in_query;
    all.retain(|pipe| {
        pipe.pipe_name.contains(&filter.pipe_name_in_query)
            && (id.is_empty() || *id == pipe.pipe_id)
    });
    let records = all.iter().map(|pipe| item(&app, &workspace, pipe));
    Ok(Answer(listed.of(records.collect())?))
}

pub(super) async fn get(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Value>, VendorError> {
    let pipe = app
        .secmaster
        .pipes
        .get(&app.store, &workspace, rest.part(0))?;
    Ok(Answer(whole(&app, &workspace, &pipe)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Create {
    pipe_name: String,
    pipe_alias: String,
    category: String,
    directory: String,
    description: String,
    schema: Schema,
    storage_setting: Value,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Schema {
    columns: Vec<Column>,
    watermark_column: Option<String>,
    watermark_interval: Option<f64>,
    time_filter: Option<String>,
}

impl Schema {
    fn set(&self, newer: &mut Newer) {
        if let Some(column) = &self.watermark_column {
            newer.watermark_column.clone_from(column);
        }
        if let Some(interval) = self.watermark_interval {
            newer.watermark_interval = interval;
        }
        if let Some(filter) = &self.time_filter {
            newer.time_filter.clone_from(filter);
        }
    }
}

pub(super) async fn create(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    actor: Actor,
    Json(sent): Json<Create>,
) -> Result<Response, VendorError> {
    let name = sent.pipe_name;
    check_name(&name).map_err(|words| VendorError::field("pipe_name", words))?;
    let mut newer = Newer {
        pipe_alias: sent.pipe_alias,
        category: sent.category,
        directory: sent.directory,
        storage_setting: sent.storage_setting,
        ..Newer::default()
    };
    sent.schema.set(&mut newer);
    let newer = newer.checked()?;
    let days = newer.storage_setting["index_storage_period"].as_i64();
    let days = days.filter(|days| *days > 0);
    let space = app.secmaster.dataspaces.list(&workspace);
    let space = space.first().cloned().unwrap_or_default();
    let mut columns = columns::read(sent.schema.columns, "schema.columns")?;
    if columns.is_empty() {
        columns.push(index::column("message".into(), "string"));
    }
    let definition = StreamDef {
        name: name.clone(),
        description: Some(sent.description),
        columns,
        logstore_retention_ms: days.map(|days| days.saturating_mul(DAY_MS)),
        ..StreamDef::default()
    };
    let stream = app.store.create_stream(definition, actor.owner()).await?;
    let pipe = Pipe {
        dataspace_id: space.dataspace_id,
        dataspace_name: space.dataspace_name,
        shards: 1,
        ..Pipe::default()
    };
    let pipes = &app.secmaster.pipes;
    let placed = Placed {
        workspace: workspace.clone(),
        pipe,
        newer,
    };
    pipes.placed.put(&name, placed).await?;
    let (_, pipe) = pipes.placed(&stream);
    let answer = Answer(whole(&app, &workspace, &pipe)).into_response();
    Ok(Change::named(name).on(answer))
}

#[derive(Deserialize)]
pub(super) struct Update {
    description: Option<String>,
    pipe_alias: Option<String>,
    category: Option<String>,
    directory: Option<String>,
}

pub(super) async fn update(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    actor: Actor,
    Json(sent): Json<Update>,
) -> Result<Response, VendorError> {
    let pipes = &app.secmaster.pipes;
    let pipe = routes::own(pipes.get(&app.store, &workspace, rest.part(0))?)?;
    let name = pipe.pipe_name.clone();
    let newer = pipes.newer(&name);
    let newer = Newer {
        pipe_alias: sent.pipe_alias.unwrap_or(newer.pipe_alias),
        category: sent.category.unwrap_or(newer.category),
        directory: sent.directory.unwrap_or(newer.directory),
        ..newer
    };
    let placed = Placed {
        workspace: workspace.clone(),
        pipe,
        newer: newer.checked()?,
    };
    pipes.placed.put(&name, placed).await?;
    let change = UpdateStream {
        description: sent.description,
        ..UpdateStream::default()
    };
    let stream = app.store.update_stream(&name, change, actor.owner());
    let stream = stream.await?;
    let (_, pipe) = pipes.placed(&stream);
    let answer = Answer(whole(&app, &workspace, &pipe)).into_response();
    Ok(Change::named(name).on(answer))
}

pub(super) async fn update_schema(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    actor: Actor,
    Json(sent): Json<Schema>,
) -> Result<Response, VendorError> {
    let pipes = &app.secmaster.pipes;
    let pipe = routes::own(pipes.get(&app.store, &workspace, rest.part(0))?)?;
    let name = pipe.pipe_name.clone();
    let mut newer = pipes.newer(&name);
    sent.set(&mut newer);
    let wanted = columns::read(sent.columns, "columns")?;
    columns::add(&app, &name, wanted, "columns", &actor).await?;
    let placed = Placed {
        workspace,
        pipe,
        newer,
    };
    pipes.placed.put(&name, placed).await?;
    let answer = Answer(schema(&app, &name)).into_response();
    Ok(Change::named(name).on(answer))
}
