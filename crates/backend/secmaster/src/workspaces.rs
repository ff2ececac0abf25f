//! Workspaces: `default` is always there, others can be made.

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use weir_api::secmaster::workspace::{CreateWorkspace, Workspace};
use weir_store::{Store, StoreError};

use super::{DEFAULT, Json, Part, Query, kept::Kept, refusal::Refusal};
use crate::{Services, audit::Change, clock, random};

pub(super) struct Workspaces(Kept<Workspace>);

impl Workspaces {
    pub(super) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self(Kept::load(store, "workspace").await?))
    }

    pub(super) fn get(&self, id: &str) -> Option<Workspace> {
        match id {
            DEFAULT => Some(first()),
            id => self.0.get(id),
        }
    }

    pub(super) fn has(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    pub(super) fn list(&self) -> Vec<Workspace> {
        let mut all = vec![first()];
        all.extend(self.0.list());
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}

fn first() -> Workspace {
    Workspace {
        id: DEFAULT.into(),
        name: DEFAULT.into(),
        description: "All streams of the embedded backend".into(),
        region_id: DEFAULT.into(),
        project_id: DEFAULT.into(),
        project_name: DEFAULT.into(),
        domain_id: DEFAULT.into(),
        ..Workspace::default()
    }
}

pub(super) async fn list(State(app): State<Services>, Query(part): Query<Part>) -> Answer<Value> {
    let (workspaces, count) = part.of(app.secmaster.workspaces.list());
    Answer(json!({"count": count, "workspaces": workspaces}))
}

pub(super) async fn create(
    State(app): State<Services>,
    Json(sent): Json<CreateWorkspace>,
) -> Result<Response, Refusal> {
    if sent.name.trim().is_empty() {
        return Err(Refusal::field("name", "is needed"));
    }
    let all = &app.secmaster.workspaces;
    if all
        .list()
        .iter()
        .any(|workspace| workspace.name == sent.name)
    {
        let words = format!("workspace '{}' already exists", sent.name);
        return Err(Refusal::field("name", words));
    }
    let now = clock::iso(clock::now_ms());
    let workspace = Workspace {
        id: random::uuid(),
        name: sent.name,
        description: sent.description,
        create_time: now.clone(),
        update_time: now,
        ..first()
    };
    all.0.put(&workspace.id, workspace.clone()).await?;
    let change = Change::made("create", "workspace", &workspace.name);
    Ok(change.on(Answer(workspace).into_response()))
}
