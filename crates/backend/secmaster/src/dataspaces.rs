//! Data spaces: what groups pipes. `default` holds every stream that is in no other.

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use weir_api::secmaster::dataspace::{CreateDataspace, Dataspace};
use weir_store::{Store, StoreError};

use super::{DEFAULT, Json, Part, Query, Rest, Workspace, kept::Kept, refusal::Refusal};
use crate::{Services, audit::Change, auth::Actor, clock, random};

pub(super) struct Dataspaces(Kept<Placed>);

#[derive(Clone, Serialize, Deserialize)]
struct Placed {
    workspace: String,
    dataspace: Dataspace,
}

impl Dataspaces {
    pub(super) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self(Kept::load(store, "dataspace").await?))
    }

    /// Of a workspace, by name.
    pub(super) fn list(&self, workspace: &str) -> Vec<Dataspace> {
        let kept = self.0.list().into_iter();
        let here = kept.filter(|placed| placed.workspace == workspace);
        let mut all: Vec<Dataspace> = here.map(|placed| placed.dataspace).collect();
        if workspace == DEFAULT {
            all.push(first());
        }
        all.sort_by(|a, b| a.dataspace_name.cmp(&b.dataspace_name));
        all
    }

    pub(super) fn get(&self, workspace: &str, id: &str) -> Result<Dataspace, Refusal> {
        let mut all = self.list(workspace).into_iter();
        let found = all.find(|dataspace| dataspace.dataspace_id == id);
        found.ok_or_else(|| Refusal::missing(format!("data space '{id}'")))
    }
}

fn first() -> Dataspace {
    Dataspace {
        dataspace_id: DEFAULT.into(),
        dataspace_name: DEFAULT.into(),
        dataspace_type: "system-defined".into(),
        description: "Every stream that is in no other data space".into(),
        domain_id: DEFAULT.into(),
        project_id: DEFAULT.into(),
        region_id: DEFAULT.into(),
        ..Dataspace::default()
    }
}

#[derive(Deserialize)]
pub(super) struct Filter {
    #[serde(default)]
    dataspace_name: String,
    #[serde(default)]
    dataspace_id: String,
}

pub(super) async fn list(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    Query(part): Query<Part>,
    Query(filter): Query<Filter>,
) -> Answer<Value> {
    let mut all = app.secmaster.dataspaces.list(&workspace);
    all.retain(|dataspace| {
        dataspace.dataspace_name.contains(&filter.dataspace_name)
            && (filter.dataspace_id.is_empty() || filter.dataspace_id == dataspace.dataspace_id)
    });
    let (records, count) = part.of(all);
    Answer(json!({"count": count, "records": records}))
}

pub(super) async fn create(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    actor: Actor,
    Json(sent): Json<CreateDataspace>,
) -> Result<Response, Refusal> {
    let name = sent.dataspace_name;
    if name.trim().is_empty() {
        return Err(Refusal::field("dataspace_name", "is needed"));
    }
    let all = &app.secmaster.dataspaces;
    let mut taken = all.list(&workspace).into_iter();
    if taken.any(|dataspace| dataspace.dataspace_name == name) {
        let words = format!("data space '{name}' already exists");
        return Err(Refusal::field("dataspace_name", words));
    }
    let now = clock::now_ms();
    let dataspace = Dataspace {
        dataspace_id: random::uuid(),
        dataspace_name: name,
        dataspace_type: "user-defined".into(),
        description: sent.description,
        create_by: actor.user.clone(),
        create_time: now,
        update_by: actor.user,
        update_time: now,
        ..first()
    };
    keep(all, workspace, &dataspace).await?;
    let change = Change::made("create", "data_space", &dataspace.dataspace_name);
    Ok(change.on(Answer(dataspace).into_response()))
}

async fn keep(
    all: &Dataspaces,
    workspace: String,
    dataspace: &Dataspace,
) -> Result<(), StoreError> {
    let placed = Placed {
        workspace,
        dataspace: dataspace.clone(),
    };
    all.0.put(&dataspace.dataspace_id, placed).await
}

pub(super) async fn get(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Dataspace>, Refusal> {
    let found = app.secmaster.dataspaces.get(&workspace, rest.part(0));
    found.map(Answer)
}

#[derive(Deserialize)]
pub(super) struct Described {
    description: String,
}

pub(super) async fn update(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    actor: Actor,
    Json(sent): Json<Described>,
) -> Result<Response, Refusal> {
    let all = &app.secmaster.dataspaces;
    let mut dataspace = own(all, &workspace, rest.part(0))?;
    dataspace.description = sent.description;
    dataspace.update_by = actor.user;
    dataspace.update_time = clock::now_ms();
    keep(all, workspace, &dataspace).await?;
    let change = Change::made("update", "data_space", &dataspace.dataspace_name);
    Ok(change.on(Answer(dataspace).into_response()))
}

fn own(all: &Dataspaces, workspace: &str, id: &str) -> Result<Dataspace, Refusal> {
    let dataspace = all.get(workspace, id)?;
    match id {
        DEFAULT => Err(Refusal::bad("data space 'default' cannot be changed")),
        _ => Ok(dataspace),
    }
}

pub(super) async fn delete(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, Refusal> {
    let all = &app.secmaster.dataspaces;
    let dataspace = own(all, &workspace, rest.part(0))?;
    let id = dataspace.dataspace_id;
    if let Some(pipe) = app.secmaster.pipes.list(&app, &workspace, &id).first() {
        let words = format!("pipe '{}' is in this data space", pipe.pipe_name);
        return Err(Refusal::bad(words));
    }
    all.0.remove(&id).await?;
    let change = Change::made("delete", "data_space", dataspace.dataspace_name);
    Ok(change.on(Answer(json!({"dataspace_id": id})).into_response()))
}
