//! Sinks.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use weir_api::timeplus::sink::{SinkDef, SinkStats, UpdateSink};

use crate::{
    Services,
    audit::Change,
    auth::Actor,
    error::HttpError,
    extract::{self, Name, Query},
    roster,
    window::{Lines, Ranges},
};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) fn operations() -> Operations<Services> {
    roster::routes::operations::<SinkDef>(Operations::of("sink"), "/sinks")
        .patch("/sinks/{id}", update)
        .get("/sinks/{id}/stats", stats)
        .get("/sinks/{id}/logs", logs)
        .only(Revision::Y2026)
}

async fn update(
    State(app): State<Services>,
    actor: Actor,
    Name(id): Name,
    extract::Json(change): extract::Json<UpdateSink>,
) -> Result<Response, HttpError> {
    let sink = app.sinks.update(&id, change, actor.owner()).await?;
    let change = Change::named(&sink.name);
    Ok(change.on(Json(sink).into_response()))
}

async fn stats(
    State(app): State<Services>,
    Name(id): Name,
    Query(ranges): Query<Ranges>,
) -> Result<Json<SinkStats>, HttpError> {
    let (throughput, errors) = (ranges.metrics()?, ranges.errors()?);
    app.sinks.stats(&id, throughput, errors).map(Json)
}

async fn logs(
    State(app): State<Services>,
    Name(id): Name,
    Query(lines): Query<Lines>,
) -> Result<Json<Vec<String>>, HttpError> {
    app.sinks.logs(&id, lines.count(100)?).map(Json)
}
