//! Sinks.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use weir_api::{
    property,
    timeplus::sink::{SinkDef, SinkStats, UpdateSink},
};

use crate::{
    Services,
    audit::Change,
    auth::Actor,
    error::Failure,
    extract::{self, Name, Query},
    roster,
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
) -> Result<Response, Failure> {
    let sink = app.sinks.update(&id, change, actor.owner()).await?;
    let change = Change::named(&sink.name);
    Ok(change.on(Json(sink).into_response()))
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
