//! Workspaces: `default` is always there, others can be made.

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_api::secmaster::workspace::{CreateWorkspace, UpdateWorkspace, Workspace};
use weir_platform::operations::Operations;

use super::{
    DELIVERY,
    records::workspaces::{check_name, first, own},
    vendor_error::VendorError,
    wire::{DEFAULT, Json, Part, Query, Workspace as Here},
};
use crate::{Services, audit::Change, auth::Actor, clock, random};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of(DELIVERY)
        .audited_as("workspace")
        .below("/v1/{project}")
        .get("/workspaces", list)
        .post("/workspaces", create)
        .get("/workspaces/{workspace}", get)
        .put("/workspaces/{workspace}", update)
        .delete("/workspaces/{workspace}", delete)
        .get("/workspaces/{workspace}/sa/guides", ready)
}

/// What is empty filters nothing.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Filter {
    name: String,
    description: String,
    region_id: String,
    /// Separated by commas.
    ids: String,
    is_view: Option<bool>,
    view_bind_id: String,
    view_bind_name: String,
    enterprise_project_id: String,
    normal_project_id: String,
    create_time_start: String,
    create_time_end: String,
}

impl Filter {
    fn lets(&self, workspace: &Workspace) -> bool {
        let ids = &self.ids;
        workspace.name.contains(&self.name)
            && workspace.description.contains(&self.description)
            && (self.region_id.is_empty() || workspace.region_id == self.region_id)
            && (ids.is_empty() || ids.split(',').any(|id| id.trim() == workspace.id))
            && self.is_view.is_none_or(|view| workspace.is_view == view)
            && [
                (&self.view_bind_id, &workspace.view_bind_id),
                (&self.view_bind_name, &workspace.view_bind_name),
                (&self.enterprise_project_id, &workspace.enterprise_project_id),
                (&self.normal_project_id, &workspace.project_id),
            ]
            .into_iter()
            .all(|(wanted, has)| wanted.is_empty() || wanted == has)
            // Both are ISO 8601 in UTC, so that their order is that of texts.
            && (self.create_time_start.is_empty() || workspace.create_time >= self.create_time_start)
            && (self.create_time_end.is_empty() || workspace.create_time <= self.create_time_end)
    }
}

async fn list(
    State(app): State<Services>,
    Query(part): Query<Part>,
    Query(filter): Query<Filter>,
) -> Answer<Value> {
    let mut all = app.secmaster.workspaces.list();
    all.retain(|workspace| filter.lets(workspace));
    let (workspaces, count) = part.of(all);
    Answer(json!({"count": count, "workspaces": workspaces}))
}

async fn get(State(app): State<Services>, Here(id): Here) -> Result<Answer<Value>, VendorError> {
    let workspace = app.secmaster.workspaces.get(&id).unwrap_or_default();
    Ok(Answer(json!({"workspace": workspace})))
}

/// The vendor's Terraform provider asks for a new workspace's guides until there are some: then it
/// can be used. Here it can at once.
async fn ready(Here(_): Here) -> Answer<Value> {
    Answer(json!({}))
}

/// What the vendor's clients send beyond what the console does.
#[derive(Default, Deserialize)]
#[serde(default)]
struct More {
    enterprise_project_id: Option<String>,
    enterprise_project_name: Option<String>,
    view_bind_id: Option<String>,
    is_view: Option<bool>,
}

impl More {
    fn set(self, workspace: &mut Workspace) {
        let texts = [
            (
                self.enterprise_project_id,
                &mut workspace.enterprise_project_id,
            ),
            (
                self.enterprise_project_name,
                &mut workspace.enterprise_project_name,
            ),
            (self.view_bind_id, &mut workspace.view_bind_id),
        ];
        for (sent, kept) in texts {
            if let Some(text) = sent {
                *kept = text;
            }
        }
        workspace.is_view = self.is_view.unwrap_or(workspace.is_view);
    }
}

#[derive(Deserialize)]
struct Sent<T> {
    #[serde(flatten)]
    workspace: T,
    #[serde(flatten)]
    more: More,
}

async fn update(
    State(app): State<Services>,
    Here(id): Here,
    actor: Actor,
    Json(Sent {
        workspace: sent,
        more,
    }): Json<Sent<UpdateWorkspace>>,
) -> Result<Response, VendorError> {
    let all = &app.secmaster.workspaces;
    let mut workspace = own(all, &id)?;
    if let Some(name) = sent.name {
        check_name(all, &id, &name)?;
        workspace.name = name;
    }
    if let Some(description) = sent.description {
        workspace.description = description;
    }
    more.set(&mut workspace);
    workspace.modifier_id.clone_from(&actor.user);
    workspace.modifier_name = actor.user;
    workspace.update_time = clock::iso(clock::now_ms());
    all.0.put(&id, workspace.clone()).await?;
    let change = Change::named(&workspace.name);
    Ok(change.on(Answer(workspace).into_response()))
}

/// Only an empty one: pipes are streams, and nobody means to delete those by the way.
async fn delete(State(app): State<Services>, Here(id): Here) -> Result<Response, VendorError> {
    let system = &app.secmaster;
    let workspace = own(&system.workspaces, &id)?;
    if let Some(space) = system.dataspaces.list(&id).first() {
        let words = format!("data space '{}' is in this workspace", space.dataspace_name);
        return Err(VendorError::bad(words));
    }
    system.workspaces.0.remove(&id).await?;
    let change = Change::named(workspace.name);
    Ok(change.on(Answer(json!({})).into_response()))
}

async fn create(
    State(app): State<Services>,
    actor: Actor,
    Json(Sent {
        workspace: sent,
        more,
    }): Json<Sent<CreateWorkspace>>,
) -> Result<Response, VendorError> {
    let all = &app.secmaster.workspaces;
    check_name(all, "", &sent.name)?;
    let now = clock::iso(clock::now_ms());
    let mut workspace = Workspace {
        id: random::uuid(),
        creator_id: actor.user.clone(),
        creator_name: actor.user.clone(),
        modifier_id: actor.user.clone(),
        modifier_name: actor.user,
        name: sent.name,
        description: sent.description,
        region_id: match sent.region_id.is_empty() {
            true => DEFAULT.into(),
            false => sent.region_id,
        },
        create_time: now.clone(),
        update_time: now,
        ..first()
    };
    more.set(&mut workspace);
    all.0.put(&workspace.id, workspace.clone()).await?;
    let change = Change::named(&workspace.name);
    Ok(change.on(Answer(workspace).into_response()))
}
