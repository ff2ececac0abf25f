//! `/licenses`. The embedded backend needs none; what it ingests is counted all the same.

use axum::{Json, extract::State};
use chrono::DateTime;
use weir_api::timeplus::license::{Date, License, Usage, ValidationResult};

use crate::{Services, error::HttpError};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("license")
        .all_only(Revision::Y2026)
        .get("/licenses", list)
        .post("/licenses", none_needed)
        .post("/licenses/trial", none_needed)
        .get("/licenses/usage", usage)
        .get("/licenses/validations", validations)
}

async fn list() -> Json<Vec<License>> {
    Json(Vec::new())
}

async fn none_needed() -> HttpError {
    HttpError::bad_request("the embedded backend needs no licence and takes none")
}

/// The last days, oldest first.
async fn usage(State(app): State<Services>) -> Result<Json<Vec<Usage>>, HttpError> {
    let store = app.store.clone();
    let days = tokio::task::spawn_blocking(move || store.written_by_day())
        .await
        .map_err(HttpError::internal)??;
    let usage = days.into_iter().map(|(day_ms, ingest_bytes)| Usage {
        date: Date {
            time: DateTime::from_timestamp_millis(day_ms)
                .map(|time| time.format("%Y-%m-%dT%H:%M:%SZ").to_string())
                .unwrap_or_default(),
        },
        ingest_bytes,
        kind: "Stream".into(),
    });
    Ok(Json(usage.collect()))
}

async fn validations() -> Json<Vec<ValidationResult>> {
    Json(Vec::new())
}
