//! External streams.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value};
use weir_api::timeplus::{
    external_stream::{ExternalStream, ExternalStreamDef, Preview},
    stream::{StreamColumn, StreamStats},
};
use weir_store::{External, ExternalKind};

use super::streams::{History, history_days};
use crate::{
    Services,
    audit::Change,
    auth::Actor,
    error::HttpError,
    external,
    extract::{self, Name, Query},
};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("external_stream")
        .get("/external_streams", list)
        .post("/external_streams", create)
        .only(Revision::Y2025)
        .get("/external_streams/{name}", get)
        .delete("/external_streams/{name}", delete)
        .get("/external_streams/{name}/stats", stats)
        .only(Revision::Y2025)
        // Connects to whatever address the request names, from inside this network.
        .post("/external_streams/preview", preview)
        .not_audited()
}

fn body(app: &Services, external: &External) -> ExternalStream {
    let settings = external::told(external);
    let info = app.store.catalog().stream(&external.name);
    let columns = info.map(|info| info.columns).unwrap_or_default();
    let columns = columns.into_iter().map(|column| {
        let given = external.columns.iter().find(|one| one.name == column.name);
        StreamColumn {
            nullable: column.data_type.is_nullable(),
            data_type: column.data_type.to_string(),
            default: given.and_then(|one| one.default.clone()),
            codec: given.and_then(|one| one.codec.clone()),
            name: column.name,
        }
    });
    ExternalStream {
        name: external.name.clone(),
        description: external.description.clone(),
        kind: weir_api::timeplus::external_stream::setting(&settings, "type").to_string(),
        columns: columns.collect(),
        settings,
        create_query: external::create_query(external),
        created_at: external.audit.created_at.clone(),
        created_by: external.audit.created_by.clone(),
        last_updated_at: external.audit.last_updated_at.clone(),
        last_updated_by: external.audit.last_updated_by.clone(),
    }
}

async fn list(State(app): State<Services>) -> Json<Vec<ExternalStream>> {
    let externals = app.store.externals(ExternalKind::Stream);
    Json(externals.iter().map(|one| body(&app, one)).collect())
}

/// Answers with the definition, without secrets.
async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(definition): extract::Json<ExternalStreamDef>,
) -> Response {
    let change = Change::named(&definition.name);
    let created = external::create_stream(&app.store, definition, actor.owner()).await;
    let answer = created.map(|external| {
        let definition = ExternalStreamDef {
            name: external.name.clone(),
            description: Some(external.description.clone()),
            columns: external.columns.clone(),
            settings: external::told(&external),
        };
        (StatusCode::CREATED, Json(definition))
    });
    change.on(answer.into_response())
}

async fn get(
    State(app): State<Services>,
    Name(name): Name,
) -> Result<Json<ExternalStream>, HttpError> {
    let external = app.store.external_of(ExternalKind::Stream, &name)?;
    Ok(Json(body(&app, &external)))
}

/// Fails with the names of the views that read it.
async fn delete(State(app): State<Services>, Name(name): Name) -> Result<StatusCode, HttpError> {
    app.store
        .delete_external(ExternalKind::Stream, &name)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How much queries have read of it; what is stored elsewhere is not known here.
async fn stats(
    State(app): State<Services>,
    Name(name): Name,
    Query(history): Query<History>,
) -> Result<Json<StreamStats>, HttpError> {
    let days = history_days(&history)?;
    app.store.external_of(ExternalKind::Stream, &name)?;
    Ok(Json(app.store.external_stats(&name, days)?))
}

async fn preview(
    State(app): State<Services>,
    extract::Json(asked): extract::Json<Preview>,
) -> Result<Json<Vec<Map<String, Value>>>, HttpError> {
    Ok(Json(external::preview(&app.store, asked).await?))
}
