//! Pipes: every stream is one, under its name.

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use weir_api::{
    secmaster::pipe::{CreatePipe, KeyIndex, Pipe, check_name},
    timeplus::stream::{ColumnDef, Stream, StreamDef, UpdateStream},
};
use weir_store::{Store, StoreError};

use super::{
    DEFAULT, Json, Part, Query, Rest, Workspace,
    kept::Kept,
    refusal::{Refusal, code},
};
use crate::{access::Change, app::App, auth::Actor};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Streams that the backend fills itself.
const SYSTEM: [&str; 3] = ["audit_log", "host_metrics", "http_access"];
/// Before the names of streams that hold data objects.
pub(super) const OBJECTS: &str = "secmaster_";

/// What is known of pipes besides their streams.
pub(super) struct Pipes(Kept<Placed>);

#[derive(Clone, Serialize, Deserialize)]
struct Placed {
    workspace: String,
    pipe: Pipe,
}

impl Pipes {
    pub(super) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self(Kept::load(store, "pipe").await?))
    }

    /// Of a workspace by name; of all its data spaces where `dataspace` is empty.
    pub(super) fn list(&self, app: &App, workspace: &str, dataspace: &str) -> Vec<Pipe> {
        let streams = app.store.streams();
        let pipes = streams.iter().filter_map(|stream| {
            let (of, pipe) = self.placed(stream);
            let here = of == workspace && (dataspace.is_empty() || pipe.dataspace_id == dataspace);
            here.then_some(pipe)
        });
        pipes.collect()
    }

    pub(super) fn get(&self, app: &App, workspace: &str, id: &str) -> Result<Pipe, Refusal> {
        let stream = app.store.streams().into_iter().find(|s| s.name == id);
        let placed = stream.map(|stream| self.placed(&stream));
        match placed {
            Some((of, pipe)) if of == workspace => Ok(pipe),
            _ => {
                let words = format!("pipe '{id}' does not exist");
                Err(Refusal::new(
                    axum::http::StatusCode::BAD_REQUEST,
                    code::NO_PIPE,
                    words,
                ))
            }
        }
    }

    /// The workspace it is in, and the pipe.
    fn placed(&self, stream: &Stream) -> (String, Pipe) {
        let kept = self.0.get(&stream.name).unwrap_or_else(|| Placed {
            workspace: DEFAULT.into(),
            pipe: Pipe {
                dataspace_id: DEFAULT.into(),
                dataspace_name: DEFAULT.into(),
                shards: 1,
                ..Pipe::default()
            },
        });
        let owner = |owner: &Option<weir_api::timeplus::Owner>| {
            owner.as_ref().map(|o| o.name.clone()).unwrap_or_default()
        };
        let system = is_system(&stream.name);
        let pipe = Pipe {
            pipe_id: stream.name.clone(),
            pipe_name: stream.name.clone(),
            pipe_type: match system {
                true => "system-defined".into(),
                false => "user-defined".into(),
            },
            description: stream.description.clone(),
            storage_period: stream.logstore_retention_ms / DAY_MS,
            domain_id: DEFAULT.into(),
            project_id: DEFAULT.into(),
            create_by: owner(&stream.created_by),
            create_time: unix_ms(stream.created_at.as_deref()),
            update_by: owner(&stream.last_updated_by),
            update_time: unix_ms(stream.last_updated_at.as_deref()),
            ..kept.pipe
        };
        (kept.workspace, pipe)
    }
}

/// Nobody else writes into it.
pub(super) fn is_system(name: &str) -> bool {
    SYSTEM.contains(&name) || name.starts_with(OBJECTS)
}

/// Of `2023-02-01 23:22:59` in UTC; 0 where it is not known.
fn unix_ms(text: Option<&str>) -> i64 {
    let text = text.unwrap_or_default();
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S");
    time.map_or(0, |time| time.and_utc().timestamp_millis())
}

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    dataspace_id: String,
    #[serde(default)]
    pipe_id: String,
    #[serde(default)]
    pipe_name: String,
    #[serde(default)]
    pipe_type: String,
}

pub(super) async fn list(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    Query(part): Query<Part>,
    Query(filter): Query<Filter>,
) -> Answer<Value> {
    let pipes = &app.secmaster.pipes;
    let mut all = pipes.list(&app, &workspace, &filter.dataspace_id);
    all.retain(|pipe| {
        pipe.pipe_name.contains(&filter.pipe_name)
            && (filter.pipe_id.is_empty() || pipe.pipe_id == filter.pipe_id)
            && (filter.pipe_type.is_empty() || pipe.pipe_type == filter.pipe_type)
    });
    let (records, count) = part.of(all);
    Answer(json!({"count": count, "records": records}))
}

pub(super) async fn create(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    actor: Actor,
    Json(sent): Json<CreatePipe>,
) -> Result<Response, Refusal> {
    check_name(&sent.pipe_name).map_err(|words| Refusal::field("pipe_name", words))?;
    if !(1..=64).contains(&sent.shards) {
        return Err(Refusal::field("shards", "1 to 64"));
    }
    let days = days(sent.storage_period)?;
    let dataspace = app
        .secmaster
        .dataspaces
        .get(&workspace, &sent.dataspace_id)?;
    let mut columns = Vec::new();
    collect(&sent.mapping, "", &mut columns)?;
    if columns.is_empty() {
        columns.push(column("message".into(), "string"));
    }
    let timestamp = Some(sent.timestamp_field).filter(|field| !field.is_empty());
    if let Some(field) = &timestamp
        && columns.iter().all(|column| column.name != *field)
    {
        return Err(Refusal::field("timestamp_field", "is not in the mapping"));
    }
    let definition = StreamDef {
        name: sent.pipe_name.clone(),
        description: Some(sent.description),
        columns,
        event_time_column: timestamp,
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
    };
    app.secmaster.pipes.0.put(&name, placed).await?;
    let (_, pipe) = app.secmaster.pipes.placed(&stream);
    Ok(Change::made("create", "pipe", name).on(Answer(pipe).into_response()))
}

/// Milliseconds.
fn days(period: i64) -> Result<i64, Refusal> {
    match (7..=180).contains(&period) {
        true => Ok(period * DAY_MS),
        false => Err(Refusal::field("storage_period", "7 to 180 days")),
    }
}

fn column(name: String, data_type: &str) -> ColumnDef {
    ColumnDef {
        name,
        data_type: data_type.into(),
        ..ColumnDef::default()
    }
}

/// What is nested becomes columns such as `a_b`.
fn collect(
    mapping: &std::collections::BTreeMap<String, KeyIndex>,
    prefix: &str,
    columns: &mut Vec<ColumnDef>,
) -> Result<(), Refusal> {
    for (name, index) in mapping {
        let path = format!("{prefix}{name}");
        if !index.properties.is_empty() {
            collect(&index.properties, &format!("{path}_"), columns)?;
            continue;
        }
        let data_type = match index.kind.as_str() {
            "text" | "keyword" => "string",
            "long" => "int64",
            "integer" => "int32",
            "double" => "float64",
            "float" => "float32",
            "date" => "datetime64(3)",
            other => {
                let words = format!("'{other}' is not a type of an index");
                return Err(Refusal::field(format!("mapping.{path}.type"), words));
            }
        };
        columns.push(column(path, data_type));
    }
    Ok(())
}

pub(super) async fn get(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Pipe>, Refusal> {
    let found = app.secmaster.pipes.get(&app, &workspace, rest.part(0));
    found.map(Answer)
}

#[derive(Deserialize)]
pub(super) struct Changed {
    description: Option<String>,
    storage_period: Option<i64>,
    shards: Option<i64>,
}

pub(super) async fn update(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    rest: Rest,
    actor: Actor,
    Json(sent): Json<Changed>,
) -> Result<Response, Refusal> {
    let pipes = &app.secmaster.pipes;
    let pipe = own(pipes.get(&app, &workspace, rest.part(0))?)?;
    let name = pipe.pipe_name.clone();
    let change = UpdateStream {
        description: sent.description,
        logstore_retention_ms: sent.storage_period.map(days).transpose()?,
        ..UpdateStream::default()
    };
    if let Some(shards) = sent.shards {
        if !(1..=64).contains(&shards) {
            return Err(Refusal::field("shards", "1 to 64"));
        }
        let pipe = Pipe { shards, ..pipe };
        pipes.0.put(&name, Placed { workspace, pipe }).await?;
    }
    let stream = app
        .store
        .update_stream(&name, change, actor.owner())
        .await?;
    let (_, pipe) = pipes.placed(&stream);
    Ok(Change::made("update", "pipe", name).on(Answer(pipe).into_response()))
}

fn own(pipe: Pipe) -> Result<Pipe, Refusal> {
    match is_system(&pipe.pipe_name) {
        true => Err(Refusal::bad(format!(
            "pipe '{}' is system-defined and cannot be changed",
            pipe.pipe_name
        ))),
        false => Ok(pipe),
    }
}

pub(super) async fn delete(
    State(app): State<App>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, Refusal> {
    let pipes = &app.secmaster.pipes;
    let pipe = own(pipes.get(&app, &workspace, rest.part(0))?)?;
    let name = pipe.pipe_name;
    if let Some(user) = app.secmaster.shippers.user_of(&name) {
        return Err(Refusal::bad(format!("delivery '{user}' uses this pipe")));
    }
    app.store.delete_stream(&name).await?;
    pipes.0.remove(&name).await?;
    let answer = Answer(json!({"pipe_id": name})).into_response();
    Ok(Change::made("delete", "pipe", name).on(answer))
}
