//! The same routes for sinks and alerts.

use axum::{
    Json,
    extract::{FromRef, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_platform::operations::Operations;

use super::jobs::{Jobs, Runs};
use crate::{
    Services,
    audit::Change,
    auth::Actor,
    error::HttpError,
    extract::{self, Name},
};

/// Adds them to `operations`; they lie below `all`.
pub(crate) fn operations<D: Runs>(
    operations: Operations<Services>,
    all: &str,
) -> Operations<Services>
where
    Jobs<D>: FromRef<Services>,
{
    let one = format!("{all}/{{id}}");
    operations
        .get(all, list::<D>)
        .post(all, create::<D>)
        .get(&one, get::<D>)
        .put(&one, replace::<D>)
        .delete(&one, delete::<D>)
        .post(&format!("{one}/start"), start::<D>)
        .called("start")
        .post(&format!("{one}/stop"), stop::<D>)
        .called("stop")
}

async fn list<D: Runs>(State(jobs): State<Jobs<D>>) -> Json<Vec<D::Model>> {
    Json(jobs.list())
}

async fn create<D: Runs>(
    State(jobs): State<Jobs<D>>,
    actor: Actor,
    extract::Json(definition): extract::Json<D>,
) -> Response {
    let change = Change::named(definition.name());
    change.on(match D::create(&jobs, definition, actor.owner()).await {
        Ok(made) => (StatusCode::CREATED, Json(made)).into_response(),
        Err(failure) => failure.into_response(),
    })
}

async fn get<D: Runs>(
    State(jobs): State<Jobs<D>>,
    Name(id): Name,
) -> Result<Json<D::Model>, HttpError> {
    jobs.get(&id).map(Json)
}

async fn replace<D: Runs>(
    State(jobs): State<Jobs<D>>,
    actor: Actor,
    Name(id): Name,
    extract::Json(definition): extract::Json<D>,
) -> Result<Response, HttpError> {
    let change = Change::named(definition.name());
    let replaced = D::replace(&jobs, &id, definition, actor.owner()).await?;
    Ok(change.on(Json(replaced).into_response()))
}

pub(crate) fn done(name: String) -> Response {
    Change::named(name).on(StatusCode::NO_CONTENT.into_response())
}

async fn delete<D: Runs>(
    State(jobs): State<Jobs<D>>,
    Name(id): Name,
) -> Result<Response, HttpError> {
    Ok(done(jobs.delete(&id).await?))
}

async fn start<D: Runs>(
    State(jobs): State<Jobs<D>>,
    Name(id): Name,
) -> Result<Response, HttpError> {
    Ok(done(jobs.start(&id).await?))
}

async fn stop<D: Runs>(State(jobs): State<Jobs<D>>, Name(id): Name) -> Result<Response, HttpError> {
    Ok(done(jobs.stop(&id).await?))
}
