//! Data spaces: what groups pipes. `default` holds every stream that is in no other.

use axum::{
    Json as Answer,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_api::secmaster::dataspace::{CreateDataspace, Dataspace};
use weir_platform::operations::Operations;

use super::{
    DELIVERY, IN_WORKSPACE,
    records::dataspaces::first,
    vendor_error::VendorError,
    wire::{Json, Listed, Query, Rest, Workspace},
};
use crate::{Services, audit::Change, auth::Actor, clock, random};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of(DELIVERY)
        .audited_as("data_space")
        .below(IN_WORKSPACE)
        .get("/siem/dataspaces", list)
        .post("/siem/dataspaces", create)
        .get("/siem/dataspaces/{id}", get)
        .put("/siem/dataspaces/{id}", update)
        .delete("/siem/dataspaces/{id}", delete)
}

#[derive(Deserialize)]
struct Filter {
    #[serde(default)]
    dataspace_name: String,
    #[serde(default)]
    dataspace_id: String,
}

async fn list(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    Query(listed): Query<Listed>,
    Query(filter): Query<Filter>,
) -> Result<Answer<Value>, VendorError> {
    let mut all = app.secmaster.dataspaces.list(&workspace);
    all.retain(|dataspace| {
        dataspace.dataspace_name.contains(&filter.dataspace_name)
            && (filter.dataspace_id.is_empty() || filter.dataspace_id == dataspace.dataspace_id)
    });
    let records = all.iter().map(|dataspace| json!(dataspace));
    Ok(Answer(listed.of(records.collect())?))
}

async fn create(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    actor: Actor,
    Json(sent): Json<CreateDataspace>,
) -> Result<Response, VendorError> {
    let name = sent.dataspace_name;
    if name.trim().is_empty() {
        return Err(VendorError::field("dataspace_name", "is needed"));
    }
    let all = &app.secmaster.dataspaces;
    let mut taken = all.list(&workspace).into_iter();
    if taken.any(|dataspace| dataspace.dataspace_name == name) {
        let words = format!("data space '{name}' already exists");
        return Err(VendorError::field("dataspace_name", words));
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
    all.put(workspace, &dataspace).await?;
    let change = Change::named(&dataspace.dataspace_name);
    Ok(change.on(Answer(dataspace).into_response()))
}

async fn get(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Answer<Dataspace>, VendorError> {
    let found = app.secmaster.dataspaces.get(&workspace, rest.part(0));
    found.map(Answer)
}

#[derive(Deserialize)]
struct Described {
    description: String,
}

async fn update(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    actor: Actor,
    Json(sent): Json<Described>,
) -> Result<Response, VendorError> {
    let all = &app.secmaster.dataspaces;
    let mut dataspace = all.own(&workspace, rest.part(0))?;
    dataspace.description = sent.description;
    dataspace.update_by = actor.user;
    dataspace.update_time = clock::now_ms();
    all.put(workspace, &dataspace).await?;
    let change = Change::named(&dataspace.dataspace_name);
    Ok(change.on(Answer(dataspace).into_response()))
}

async fn delete(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
) -> Result<Response, VendorError> {
    let all = &app.secmaster.dataspaces;
    let dataspace = all.own(&workspace, rest.part(0))?;
    let id = dataspace.dataspace_id;
    if let Some(pipe) = app
        .secmaster
        .pipes
        .list(&app.store, &workspace, &id)
        .first()
    {
        let words = format!("pipe '{}' is in this data space", pipe.pipe_name);
        return Err(VendorError::bad(words));
    }
    all.remove(&id).await?;
    let change = Change::named(dataspace.dataspace_name);
    Ok(change.on(Answer(json!({"dataspace_id": id})).into_response()))
}
