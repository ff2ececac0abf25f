//! External tables.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_api::timeplus::external_table::{ExternalTable, ExternalTableDef, setting};
use weir_store::{External, ExternalKind};

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
    Operations::of("external_table")
        .get("/external_tables", list)
        .post("/external_tables", create)
        .only(Revision::Y2025)
        .get("/external_tables/{name}", get)
        .delete("/external_tables/{name}", delete)
}

fn body(external: &Arc<External>) -> ExternalTable {
    let settings = external::told(external);
    ExternalTable {
        name: external.name.clone(),
        description: external.description.clone(),
        kind: setting(&settings, "type").to_string(),
        settings,
        create_query: external::create_query(external),
        created_at: external.audit.created_at.clone(),
        created_by: external.audit.created_by.clone(),
        last_updated_at: external.audit.last_updated_at.clone(),
        last_updated_by: external.audit.last_updated_by.clone(),
    }
}

async fn list(State(app): State<Services>) -> Json<Vec<ExternalTable>> {
    let externals = app.store.externals(ExternalKind::Table);
    Json(externals.iter().map(body).collect())
}

/// Answers with the definition, without secrets.
async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(definition): extract::Json<ExternalTableDef>,
) -> Response {
    let change = Change::named(&definition.name);
    let created = external::create_table(&app.store, definition, actor.owner()).await;
    let answer = created.map(|external| {
        let definition = ExternalTableDef {
            name: external.name.clone(),
            description: Some(external.description.clone()),
            settings: external::told(&external),
        };
        (StatusCode::CREATED, Json(definition))
    });
    change.on(answer.into_response())
}

async fn get(
    State(app): State<Services>,
    Name(name): Name,
) -> Result<Json<ExternalTable>, HttpError> {
    let external = app.store.external_of(ExternalKind::Table, &name)?;
    Ok(Json(body(&external)))
}

/// Fails with the names of the views that read it.
async fn delete(State(app): State<Services>, Name(name): Name) -> Result<StatusCode, HttpError> {
    app.store
        .delete_external(ExternalKind::Table, &name)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
