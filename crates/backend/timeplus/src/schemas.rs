//! Schemas.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_api::timeplus::schema::{Schema, SchemaDef};
use weir_store::{Put, StoreError};

use crate::{
    Services,
    audit::Change,
    auth::Actor,
    error::HttpError,
    external,
    extract::{self, Name},
};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("schema")
        .get("/schemas", list)
        .post("/schemas", create)
        .only(Revision::Y2025)
        .get("/schemas/{name}", get)
        .put("/schemas/{name}", update)
        .only(Revision::Y2025)
        .delete("/schemas/{name}", delete)
}

fn definition(schema: &Schema) -> SchemaDef {
    SchemaDef {
        name: schema.name.clone(),
        kind: schema.kind.clone(),
        content: schema.content.clone(),
        ..SchemaDef::default()
    }
}

async fn list(State(app): State<Services>) -> Response {
    let schemas = app.store.schemas();
    let schemas: Vec<&Schema> = schemas.iter().map(AsRef::as_ref).collect();
    Json(schemas).into_response()
}

async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(asked): extract::Json<SchemaDef>,
) -> Response {
    let change = Change::named(&asked.name);
    let made = external::put_schema(&app.store, asked, Put::Create, actor.owner()).await;
    let answer = made.map(|schema| (StatusCode::CREATED, Json(definition(&schema))));
    change.on(answer.into_response())
}

async fn get(State(app): State<Services>, Name(name): Name) -> Result<Response, HttpError> {
    let missing = || StoreError::NotFound(format!("schema '{name}'"));
    let schema = app.store.schema(&name).ok_or_else(missing)?;
    Ok(Json(schema.as_ref()).into_response())
}

async fn update(
    State(app): State<Services>,
    actor: Actor,
    Name(name): Name,
    extract::Json(asked): extract::Json<SchemaDef>,
) -> Result<Json<SchemaDef>, HttpError> {
    if !asked.name.is_empty() && asked.name != name {
        return Err(HttpError::field(
            "name",
            "a schema's name cannot be changed",
        ));
    }
    let asked = SchemaDef { name, ..asked };
    let schema = external::put_schema(&app.store, asked, Put::Update, actor.owner()).await?;
    Ok(Json(definition(&schema)))
}

/// Fails with the names of the external streams that use it.
async fn delete(State(app): State<Services>, Name(name): Name) -> Result<StatusCode, HttpError> {
    app.store.delete_schema(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}
