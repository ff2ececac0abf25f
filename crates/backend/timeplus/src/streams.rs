use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use weir_api::timeplus::{
    stream::{Stream, StreamDef, StreamStats, UpdateStream},
    stream_ddl,
};

use crate::{
    Services,
    audit::Change,
    auth::Actor,
    error::HttpError,
    extract::{self, Name, Query},
};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("stream")
        .get("/streams", list)
        .post("/streams", create)
        .only(Revision::Y2025)
        .get("/streams/{name}", get)
        .patch("/streams/{name}", update)
        .only(Revision::Y2025)
        .delete("/streams/{name}", delete)
        .get("/streams/{name}/stats", stats)
}

/// A stream and the statement that makes it.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(flatten)]
    stream: &'a Stream,
    create_query: String,
}

impl<'a> Body<'a> {
    fn of(stream: &'a Stream) -> Self {
        Self {
            stream,
            create_query: stream_ddl::of(stream),
        }
    }
}

pub(crate) async fn list(State(app): State<Services>) -> Response {
    let streams = app.store.streams();
    let streams: Vec<Body> = streams.iter().map(|stream| Body::of(stream)).collect();
    Json(streams).into_response()
}

pub(crate) async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(definition): extract::Json<StreamDef>,
) -> Response {
    let change = Change::named(&definition.name);
    if let Err(failure) = check_spans(&definition) {
        return change.on(failure.into_response());
    }
    let created = app.store.create_stream(definition, actor.owner()).await;
    change.on(match created {
        Ok(stream) => (StatusCode::CREATED, Json(Body::of(&stream))).into_response(),
        Err(error) => HttpError::from(error).into_response(),
    })
}

/// How rows lie in storage changes nothing here, and is told again; what is no span is a mistake.
fn check_spans(definition: &StreamDef) -> Result<(), HttpError> {
    const SPANS: [&str; 5] = ["Y", "M", "D", "H", "m"];
    let spans = [
        ("order_by_granularity", &definition.order_by_granularity),
        (
            "partition_by_granularity",
            &definition.partition_by_granularity,
        ),
    ];
    for (field, span) in spans {
        let span = span.as_deref().unwrap_or_default();
        if !span.is_empty() && !SPANS.contains(&span) {
            let words = format!("'{span}' is none of {}", SPANS.join(", "));
            return Err(HttpError::field(field, words));
        }
    }
    Ok(())
}

pub(crate) async fn get(
    State(app): State<Services>,
    Name(name): Name,
) -> Result<Response, HttpError> {
    match app.store.stream(&name) {
        Some(stream) => Ok(Json(Body::of(&stream)).into_response()),
        None => Err(missing(&name)),
    }
}

pub(crate) async fn update(
    State(app): State<Services>,
    actor: Actor,
    Name(name): Name,
    extract::Json(change): extract::Json<UpdateStream>,
) -> Result<Response, HttpError> {
    let updated = app
        .store
        .update_stream(&name, change, actor.owner())
        .await?;
    Ok(Json(Body::of(&updated)).into_response())
}

/// Fails with the names of the views that read the stream.
pub(crate) async fn delete(
    State(app): State<Services>,
    Name(name): Name,
) -> Result<StatusCode, HttpError> {
    app.store.delete_stream(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub(crate) struct History {
    #[serde(rename = "historyDays")]
    history_days: Option<String>,
}

pub(crate) async fn stats(
    State(app): State<Services>,
    Name(name): Name,
    Query(history): Query<History>,
) -> Result<Json<StreamStats>, HttpError> {
    let days = history_days(&history)?;
    let store = app.store.clone();
    let stats = tokio::task::spawn_blocking(move || store.stats(&name, days))
        .await
        .map_err(HttpError::internal)??;
    Ok(Json(stats))
}

pub(super) fn history_days(history: &History) -> Result<Option<u8>, HttpError> {
    let text = history.history_days.as_deref();
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match text.parse::<u8>() {
        Ok(days) if (1..=7).contains(&days) => Ok(Some(days)),
        _ => Err(HttpError::field(
            "historyDays",
            "a number from 1 to 7 is needed",
        )),
    }
}

pub(super) fn missing(name: &str) -> HttpError {
    HttpError::from(weir_store::StoreError::NotFound(format!("stream '{name}'")))
}
