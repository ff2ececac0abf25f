//! Sinks.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use weir_api::{
    property,
    timeplus::sink::{Sink, SinkDef, SinkStats, UpdateSink},
};

use crate::{
    Services,
    audit::Change,
    auth::Actor,
    error::Failure,
    extract::{self, Name, Query},
};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("sink")
        .get("/sinks", list)
        .post("/sinks", create)
        .get("/sinks/{id}", get)
        .put("/sinks/{id}", replace)
        .patch("/sinks/{id}", update)
        .delete("/sinks/{id}", delete)
        .post("/sinks/{id}/start", start)
        .called("start")
        .post("/sinks/{id}/stop", stop)
        .called("stop")
        .get("/sinks/{id}/stats", stats)
        .get("/sinks/{id}/logs", logs)
        .only(Revision::Y2026)
}

async fn list(State(app): State<Services>) -> Json<Vec<Sink>> {
    Json(app.sinks.list())
}

async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(definition): extract::Json<SinkDef>,
) -> Response {
    let change = Change::made("create", "sink", &definition.name);
    change.on(match app.sinks.create(definition, actor.owner()).await {
        Ok(sink) => (StatusCode::CREATED, Json(sink)).into_response(),
        Err(failure) => failure.into_response(),
    })
}

async fn get(State(app): State<Services>, Name(id): Name) -> Result<Json<Sink>, Failure> {
    app.sinks.get(&id).map(Json)
}

async fn replace(
    State(app): State<Services>,
    actor: Actor,
    Name(id): Name,
    extract::Json(definition): extract::Json<SinkDef>,
) -> Result<Response, Failure> {
    let sink = app.sinks.replace(&id, definition, actor.owner()).await?;
    let change = Change::made("update", "sink", &sink.name);
    Ok(change.on(Json(sink).into_response()))
}

async fn update(
    State(app): State<Services>,
    actor: Actor,
    Name(id): Name,
    extract::Json(change): extract::Json<UpdateSink>,
) -> Result<Response, Failure> {
    let sink = app.sinks.update(&id, change, actor.owner()).await?;
    let change = Change::made("update", "sink", &sink.name);
    Ok(change.on(Json(sink).into_response()))
}

fn done(action: &'static str, name: String) -> Response {
    Change::made(action, "sink", name).on(StatusCode::NO_CONTENT.into_response())
}

async fn delete(State(app): State<Services>, Name(id): Name) -> Result<Response, Failure> {
    Ok(done("delete", app.sinks.delete(&id).await?))
}

async fn start(State(app): State<Services>, Name(id): Name) -> Result<Response, Failure> {
    Ok(done("start", app.sinks.start(&id).await?))
}

async fn stop(State(app): State<Services>, Name(id): Name) -> Result<Response, Failure> {
    Ok(done("stop", app.sinks.stop(&id).await?))
}

#[derive(Deserialize)]
struct Ranges {
    metrics_time_range: Option<String>,
    error_log_time_range: Option<String>,
}

async fn stats(
    State(app): State<Services>,
    Name(id): Name,
    Query(ranges): Query<Ranges>,
) -> Result<Json<SinkStats>, Failure> {
    let throughput = range("metrics_time_range", ranges.metrics_time_range, "10m")?;
    let errors = range("error_log_time_range", ranges.error_log_time_range, "1d")?;
    app.sinks.stats(&id, throughput, errors).map(Json)
}

/// `10m`, `1d`.
fn range(field: &str, text: Option<String>, default: &str) -> Result<Duration, Failure> {
    const DAY: u64 = 24 * 3600;
    let text = text.filter(|text| !text.trim().is_empty());
    let text = text.as_deref().unwrap_or(default).trim();
    let days: Option<u32> = text.strip_suffix('d').and_then(|days| days.parse().ok());
    match days {
        Some(days) => Some(Duration::from_secs(u64::from(days) * DAY)),
        None => property::duration(text),
    }
    .ok_or_else(|| {
        let words = format!("'{text}' is not a time range like 10m, 2h or 1d");
        Failure::field(field, words)
    })
}

#[derive(Deserialize)]
struct Lines {
    lines: Option<String>,
}

async fn logs(
    State(app): State<Services>,
    Name(id): Name,
    Query(query): Query<Lines>,
) -> Result<Json<Vec<String>>, Failure> {
    let lines = match query.lines.as_deref() {
        None | Some("") => 100,
        Some(text) => text
            .parse()
            .map_err(|_| Failure::field("lines", format!("'{text}' is not a number of lines")))?,
    };
    app.sinks.logs(&id, lines).map(Json)
}
