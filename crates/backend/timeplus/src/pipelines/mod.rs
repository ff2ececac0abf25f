//! `/pipelines`: records of what was defined together. The API knows no way to run one, so keeping
//! them is all there is to do.

mod kept;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_api::timeplus::pipeline::{CreatePipeline, Parsed, Pipeline, Step};
use weir_engine::Statement;

pub(crate) use self::kept::Pipelines;
use super::databases;
use crate::{
    Services,
    audit::Change,
    auth::Actor,
    error::HttpError,
    extract::{self, Name},
    statements,
};
use weir_platform::{operations::Operations, revision::Revision};
use weir_queries::run::planning;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("pipeline")
        .all_only(Revision::Y2026)
        .post("/pipeline/parseddl", parse_ddl)
        .only_reads()
        .get("/pipelines", list)
        .post("/pipelines", create)
        .get("/pipelines/{id}", get)
        .delete("/pipelines/{id}", delete)
        .post("/pipelines/{id}/append", append)
        .called("update")
}

/// What cannot be parsed, or defines nothing, is no error here.
async fn parse_ddl(extract::Json(sql): extract::Json<String>) -> Response {
    let parsed = match planning::parse(&sql) {
        Ok(Statement::Ddl(ddl, _)) => {
            let (_, kind, name) = statements::parts(&ddl);
            Parsed {
                parsed: true,
                resource_db: databases::NAME.into(),
                resource_name: name.into(),
                resource_type: kind.into(),
            }
        }
        Ok(_) | Err(_) => Parsed::default(),
    };
    Change::None.on(Json(parsed).into_response())
}

/// In order of name.
async fn list(State(app): State<Services>) -> Json<Vec<Pipeline>> {
    Json(app.pipelines.list())
}

async fn get(State(app): State<Services>, Name(id): Name) -> Result<Json<Pipeline>, HttpError> {
    app.pipelines.get(&id).map(Json).ok_or_else(|| missing(&id))
}

async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(request): extract::Json<CreatePipeline>,
) -> Response {
    let change = Change::named(request.name.trim());
    let created = app.pipelines.create(request, actor.owner()).await;
    change.on(match created {
        Ok(pipeline) => (StatusCode::CREATED, Json(pipeline)).into_response(),
        Err(failure) => failure.into_response(),
    })
}

async fn append(
    State(app): State<Services>,
    actor: Actor,
    Name(id): Name,
    extract::Json(step): extract::Json<Step>,
) -> Result<Response, HttpError> {
    let appended = app.pipelines.append(&id, step, actor.owner()).await?;
    let pipeline = appended.ok_or_else(|| missing(&id))?;
    let change = Change::named(pipeline.name);
    Ok(change.on(StatusCode::NO_CONTENT.into_response()))
}

/// What it defined stays.
async fn delete(State(app): State<Services>, Name(id): Name) -> Result<Response, HttpError> {
    let deleted = app.pipelines.delete(&id).await?;
    let pipeline = deleted.ok_or_else(|| missing(&id))?;
    let change = Change::named(pipeline.name);
    Ok(change.on(StatusCode::NO_CONTENT.into_response()))
}

fn missing(id: &str) -> HttpError {
    HttpError::not_found(format!("pipeline '{id}'"))
}
