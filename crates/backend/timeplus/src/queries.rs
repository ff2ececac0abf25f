use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use weir_api::timeplus::query::{CreateQuery, Pipeline, Query};
use weir_engine::{Select, Statement};

use weir_queries::run::{
    planning,
    sse::{self, Lines},
};

use crate::{
    Services,
    auth::Actor,
    clock,
    error::HttpError,
    extract::{self, Name},
    inserts, statements,
};
use weir_platform::operations::Operations;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("query")
        .get("/queries", list)
        .post("/queries", create)
        .own()
        .not_audited()
        .get("/queries/{id}", get)
        .delete("/queries/{id}", delete)
        .own()
        .post("/queries/{id}/cancel", cancel)
        .own()
        .called("cancel")
        .get("/queries/{id}/pipeline", pipeline)
}

/// DDL and `INSERT` answer 204. `SELECT` answers with its events whatever `Accept` says: Timeplus'
/// own client asks for JSON and reads events. With `Prefer: respond-async` (RFC 7240), which no
/// client sends by accident, the answer is the query, whose events can then be read from its own
/// address.
pub(crate) async fn create(
    State(app): State<Services>,
    actor: Actor,
    headers: HeaderMap,
    extract::Json(request): extract::Json<CreateQuery>,
) -> Result<Response, HttpError> {
    if request.sql.trim().is_empty() {
        return Err(HttpError::field("sql", "a statement is needed"));
    }
    described(&request)?;
    let statement = planning::parse(&request.sql)?;
    if let Some(refused) = statements::more_than_reading(request.read_only, &statement) {
        return Ok(refused);
    }
    match statement {
        Statement::Ddl(ddl, notices) => Ok(statements::define(&app, &actor, *ddl, &notices).await),
        Statement::Insert(insert) => {
            let change = statements::inserting(&insert);
            Ok(match inserts::insert(&app, *insert, &actor).await {
                Ok(rows) => {
                    let change = change.with_detail(format!(", {rows} rows"));
                    change.on(StatusCode::NO_CONTENT.into_response())
                }
                Err(failure) => change.on(failure.into_response()),
            })
        }
        Statement::Select(select) => start(&app, actor, &headers, request, &select).await,
    }
}

/// What a query is called is kept with it and told to everybody.
fn described(request: &CreateQuery) -> Result<(), HttpError> {
    const NAME: usize = 200;
    const DESCRIPTION: usize = 4000;
    const TAGS: usize = 50;
    let bounded = |field: &str, text: &str, most: usize| match text.chars().count() > most {
        true => Err(HttpError::field(
            field,
            format!("at most {most} characters"),
        )),
        false => Ok(()),
    };
    bounded("name", request.name.as_deref().unwrap_or_default(), NAME)?;
    let description = request.description.as_deref().unwrap_or_default();
    bounded("description", description, DESCRIPTION)?;
    if request.tags.len() > TAGS {
        return Err(HttpError::field("tags", format!("at most {TAGS} tags")));
    }
    let mut tags = request.tags.iter();
    tags.try_for_each(|tag| bounded("tags", tag, NAME))
}

async fn start(
    app: &Services,
    actor: Actor,
    headers: &HeaderMap,
    request: CreateQuery,
    select: &Select,
) -> Result<Response, HttpError> {
    let plan = planning::plan(select, &*app.store.catalog(), clock::now_ms())?;
    // Only who knows this backend can come back.
    let lines = match request.resume_within {
        Some(_) => Lines::All,
        None => Lines::Vendors,
    };
    let live = app.queries.start(plan, request, actor.owner()).await?;
    Ok(if respond_async(headers) {
        (StatusCode::ACCEPTED, Json(live.started())).into_response()
    } else {
        sse::follow(&app.queries, &live, None, lines)
    })
}

fn respond_async(headers: &HeaderMap) -> bool {
    let preferences = headers.get_all("prefer").into_iter();
    preferences
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| one.trim().eq_ignore_ascii_case("respond-async"))
}

#[derive(Deserialize)]
pub(crate) struct Filter {
    tag: Option<String>,
}

/// Newest first.
pub(crate) async fn list(
    State(app): State<Services>,
    extract::Query(filter): extract::Query<Filter>,
) -> Json<Vec<Query>> {
    let mut list = app.queries.list();
    if let Some(tag) = filter.tag.filter(|tag| !tag.is_empty()) {
        list.retain(|query| query.tags.contains(&tag));
    }
    Json(list)
}

#[derive(Deserialize)]
pub(crate) struct Resume {
    last_event_id: Option<String>,
}

/// The query or, asked for as `text/event-stream`, its events: after `Last-Event-ID`, which
/// browsers send by themselves when they reconnect, or all that are kept.
pub(crate) async fn get(
    State(app): State<Services>,
    Name(id): Name,
    extract::Query(resume): extract::Query<Resume>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let events = headers
        .get(axum::http::header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/event-stream"));
    match app.queries.live(&id) {
        Some(live) if events => {
            let last_row = last_event_id(&headers, resume)?;
            Ok(sse::follow(&app.queries, &live, last_row, Lines::All))
        }
        Some(live) => Ok(Json(live.query()).into_response()),
        None => {
            let record = app.queries.ended(&id).ok_or_else(|| missing(&id))?;
            Ok(if events {
                sse::ended(&record.query)
            } else {
                Json(record.query).into_response()
            })
        }
    }
}

fn last_event_id(headers: &HeaderMap, resume: Resume) -> Result<Option<u64>, HttpError> {
    let header = headers.get("last-event-id").map(|value| value.to_str());
    let text = match header {
        Some(text) => Some(text.unwrap_or("?").to_string()),
        None => resume.last_event_id,
    };
    text.filter(|text| !text.is_empty())
        .map(|text| {
            text.parse().map_err(|_| {
                let words = format!("'{text}' is not an event id of this backend");
                HttpError::field("last_event_id", words)
            })
        })
        .transpose()
}

/// Canceling an ended query does nothing.
pub(crate) async fn cancel(
    State(app): State<Services>,
    actor: Actor,
    Name(id): Name,
) -> Result<StatusCode, HttpError> {
    must_own(&app, &actor, &id)?;
    if let Some(live) = app.queries.live(&id) {
        app.queries.cancel(&live, "canceled by request").await;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// A running query is canceled first.
pub(crate) async fn delete(
    State(app): State<Services>,
    actor: Actor,
    Name(id): Name,
) -> Result<StatusCode, HttpError> {
    must_own(&app, &actor, &id)?;
    match app.queries.delete(&id).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(missing(&id)),
    }
}

fn must_own(app: &Services, actor: &Actor, id: &str) -> Result<(), HttpError> {
    let query = match app.queries.live(id) {
        Some(live) => live.query(),
        None => app.queries.ended(id).ok_or_else(|| missing(id))?.query,
    };
    actor.must_own(query.audit.created_by.as_ref(), &format!("query '{id}'"))
}

pub(crate) async fn pipeline(
    State(app): State<Services>,
    Name(id): Name,
) -> Result<Json<Pipeline>, HttpError> {
    let pipeline = match app.queries.live(&id) {
        Some(live) => live.pipeline(),
        None => app.queries.ended(&id).ok_or_else(|| missing(&id))?.pipeline,
    };
    Ok(Json(pipeline))
}

fn missing(id: &str) -> HttpError {
    HttpError::not_found(format!("query '{id}'"))
}
