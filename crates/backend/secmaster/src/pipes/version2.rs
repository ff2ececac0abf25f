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
    timeplus::stream::{ColumnDef, StreamDef, UpdateStream},
};

use super::{
    super::{Json, Part, Query, Rest, Workspace, refusal::Refusal},
    Placed, index, routes,
};
use crate::{Services, audit::Change, auth::Actor};

/// Of a pipe that is ready; here each is at once.
pub(super) const COMPLETED: &str = "COMPLETED";

fn item(workspace: &str, pipe: &Pipe) -> Value {
    json!({
        "project_id": pipe.project_id, "workspace_id": workspace,
        "pipe_id": pipe.pipe_id, "pipe_name": pipe.pipe_name, "pipe_alias": pipe.pipe_name,
        "category": "STREAMING", "directory": "", "description": pipe.description,
        "process_status": COMPLETED,
        "owner_type": if super::is_system(&pipe.pipe_name) { "SYSTEM" } else { "USER" },
        "create_time": pipe.create_time, "update_time": pipe.update_time,
    })
}

fn whole(app: &Services, workspace: &str, pipe: &Pipe) -> Value {
    let mut whole = item(workspace, pipe);
    whole["resources"] = json!([]);
    whole["schema"] = index::schema(app, &pipe.pipe_name);
    whole
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
    Query(part): Query<Part>,
    Query(filter): Query<Filter>,
) -> Answer<Value> {
    let mut all = app.secmaster.pipes.list(&app, &workspace, "");
    let id = &filter.pipe_id_in_query;
    all.retain(|pipe| {
        pipe.pipe_name.contains(&filter.pipe_name_in_query)
            && (id.is_empty() || *id == pipe.pipe_id)
    });
    let (part, count) = part.of(all);
    let records: Vec<Value> = part.iter().map(|pipe| item(&workspace, pipe)).collect();
    Answer(json!({"count": count, "records": records}))
}

pub(super) async fn get(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Value>, Refusal> {
    let pipe = app.secmaster.pipes.get(&app, &workspace, rest.part(0))?;
    Ok(Answer(whole(&app, &workspace, &pipe)))
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Create {
    pipe_name: String,
    description: String,
    schema: Schema,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Schema {
    columns: Vec<Column>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Column {
    column_name: String,
    column_data_type: String,
}

pub(super) async fn create(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    actor: Actor,
    Json(sent): Json<Create>,
) -> Result<Response, Refusal> {
    let name = sent.pipe_name;
    check_name(&name).map_err(|words| Refusal::field("pipe_name", words))?;
    let space = app.secmaster.dataspaces.list(&workspace);
    let space = space.first().cloned().unwrap_or_default();
    let columns = sent.schema.columns.into_iter();
    let mut columns: Vec<ColumnDef> = columns
        .map(|column| index::column(column.column_name, &column.column_data_type.to_lowercase()))
        .collect();
    if columns.is_empty() {
        columns.push(index::column("message".into(), "string"));
    }
    let definition = StreamDef {
        name: name.clone(),
        description: Some(sent.description),
        columns,
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
    };
    pipes.placed.put(&name, placed).await?;
    let (_, pipe) = pipes.placed(&stream);
    let answer = Answer(whole(&app, &workspace, &pipe)).into_response();
    Ok(Change::made("create", "pipe", name).on(answer))
}

#[derive(Deserialize)]
pub(super) struct Update {
    description: Option<String>,
}

pub(super) async fn update(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    actor: Actor,
    Json(sent): Json<Update>,
) -> Result<Response, Refusal> {
    let pipes = &app.secmaster.pipes;
    let name = routes::own(pipes.get(&app, &workspace, rest.part(0))?)?.pipe_name;
    let change = UpdateStream {
        description: sent.description,
        ..UpdateStream::default()
    };
    let stream = app.store.update_stream(&name, change, actor.owner());
    let stream = stream.await?;
    let (_, pipe) = pipes.placed(&stream);
    let answer = Answer(whole(&app, &workspace, &pipe)).into_response();
    Ok(Change::made("update", "pipe", name).on(answer))
}
