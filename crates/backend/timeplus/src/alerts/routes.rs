//! Alerts.

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_api::timeplus::alert::{Alert, AlertDef};

use crate::{
    Services,
    audit::Change,
    auth::Actor,
    error::Failure,
    extract::{self, Name},
};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("alert")
        .all_only(Revision::Y2025)
        .get("/alerts", list)
        .post("/alerts", create)
        .get("/alerts/{id}", get)
        .put("/alerts/{id}", replace)
        .delete("/alerts/{id}", delete)
        .post("/alerts/{id}/start", start)
        .called("start")
        .post("/alerts/{id}/stop", stop)
        .called("stop")
        .post("/alerts/{id}/resolve", resolve)
        .called("resolve")
}

async fn list(State(app): State<Services>) -> Json<Vec<Alert>> {
    Json(app.alerts.list())
}

async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(definition): extract::Json<AlertDef>,
) -> Response {
    let change = Change::made("create", "alert", &definition.name);
    change.on(match app.alerts.create(definition, actor.owner()).await {
        Ok(alert) => (StatusCode::CREATED, Json(alert)).into_response(),
        Err(failure) => failure.into_response(),
    })
}

async fn get(State(app): State<Services>, Name(id): Name) -> Result<Json<Alert>, Failure> {
    app.alerts.get(&id).map(Json)
}

async fn replace(
    State(app): State<Services>,
    actor: Actor,
    Name(id): Name,
    extract::Json(definition): extract::Json<AlertDef>,
) -> Result<Response, Failure> {
    let alert = app.alerts.replace(&id, definition, actor.owner()).await?;
    let change = Change::made("update", "alert", &alert.name);
    Ok(change.on(Json(alert).into_response()))
}

fn done(action: &'static str, name: String) -> Response {
    Change::made(action, "alert", name).on(StatusCode::NO_CONTENT.into_response())
}

async fn delete(State(app): State<Services>, Name(id): Name) -> Result<Response, Failure> {
    Ok(done("delete", app.alerts.delete(&id).await?))
}

async fn start(State(app): State<Services>, Name(id): Name) -> Result<Response, Failure> {
    Ok(done("start", app.alerts.start(&id).await?))
}

async fn stop(State(app): State<Services>, Name(id): Name) -> Result<Response, Failure> {
    Ok(done("stop", app.alerts.stop(&id).await?))
}

async fn resolve(
    State(app): State<Services>,
    actor: Actor,
    Name(id): Name,
) -> Result<Response, Failure> {
    let name = app.alerts.resolve(&id, &actor.user).await?;
    Ok(done("resolve", name))
}
