use std::{sync::Arc, time::Duration};

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::value::RawValue;
use weir_api::{
    Audit,
    property::{self, Map},
    timeplus::{
        source::{
            CreateSource, PreviewSource, Source, Stats, StatsError, Throughput, UpdateSource,
        },
        types::sources::TYPES,
    },
};

use super::{Definition, definition, read};
use crate::{
    Services,
    audit::Change,
    auth::Actor,
    clock,
    error::HttpError,
    extract::{self, Name, Query},
    random,
    window::{Lines, Ranges},
};
use weir_platform::{operations::Operations, revision::Revision};

const LINES: usize = 200;
const PREVIEW_SIZE: u32 = 10;
const PREVIEW_LIMIT: u32 = 1000;
const PREVIEW_TIME: Duration = Duration::from_secs(10);
const PREVIEW_LONGEST: Duration = Duration::from_secs(60);

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("source")
        .get("/sources", list)
        .post("/sources", create)
        .get("/sources/{id}", one)
        .put("/sources/{id}", update)
        .patch("/sources/{id}", update)
        .delete("/sources/{id}", delete)
        .post("/sources/{id}/start", start)
        .called("start")
        .post("/sources/{id}/stop", stop)
        .called("stop")
        .get("/sources/{id}/stats", stats)
        .get("/sources/{id}/logs", logs)
        .only(Revision::Y2026)
        // Connects to whatever address the request names, from inside this network.
        .post("/source/preview", preview)
        .not_audited()
}

fn body(app: &Services, definition: &Definition) -> Source {
    let report = app.sources.runners.report(&definition.id);
    let kind = definition.type_of();
    let message = if kind.runs {
        report.message
    } else {
        read::not_run(kind.name)
    };
    let audit = definition.audit.clone();
    Source {
        id: definition.id.clone(),
        name: definition.name.clone(),
        description: definition.description.clone(),
        kind: definition.kind.clone(),
        stream: definition.stream.clone(),
        properties: definition.public_properties(),
        status: report.status.source_word().into(),
        message,
        start_time: report.started_ms / 1000,
        created_at: audit.created_at,
        created_by: audit.created_by,
        last_updated_at: audit.last_updated_at,
        last_updated_by: audit.last_updated_by,
    }
}

async fn list(State(app): State<Services>) -> Json<Vec<Source>> {
    let all = app.sources.list();
    Json(all.iter().map(|one| body(&app, one)).collect())
}

/// Starts it, too, when the backend runs its type.
async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(request): extract::Json<CreateSource>,
) -> Response {
    let change = Change::named(&request.name);
    change.on(match made(&app, &actor, request).await {
        Ok(source) => (StatusCode::CREATED, Json(source)).into_response(),
        Err(failure) => failure.into_response(),
    })
}

async fn made(app: &Services, actor: &Actor, request: CreateSource) -> Result<Source, HttpError> {
    let now = Some(clock::text(clock::now_ms()));
    let definition = Definition {
        id: random::uuid(),
        name: request.name,
        description: request.description,
        kind: request.kind,
        stream: request.stream,
        properties: definition::one_url(request.properties),
        audit: Audit {
            created_at: now.clone(),
            created_by: Some(actor.owner()),
            last_updated_at: now,
            last_updated_by: Some(actor.owner()),
        },
    };
    definition.check(&app.store)?;
    if definition.type_of().runs {
        read::check(&definition.kind, &definition.properties)?;
    }
    let _changing = app.sources.changing.lock().await;
    let definition = app.sources.put(definition).await?;
    if definition.type_of().runs {
        app.sources.start(&definition).await?;
    }
    Ok(body(app, &definition))
}

async fn one(State(app): State<Services>, Name(id): Name) -> Result<Json<Source>, HttpError> {
    let definition = app.sources.find(&id)?;
    Ok(Json(body(&app, &definition)))
}

/// `PUT` and `PATCH` alike: absent fields stay; `properties` are taken as a whole, except that
/// secrets which are left out stay.
async fn update(
    State(app): State<Services>,
    actor: Actor,
    Name(id): Name,
    extract::Json(request): extract::Json<UpdateSource>,
) -> Result<Response, HttpError> {
    let _changing = app.sources.changing.lock().await;
    let before = app.sources.find(&id)?;
    if app.sources.runners.is_active(&id) {
        let message = format!("source '{}' is running; stop it first", before.name);
        return Err(HttpError::bad_request(message));
    }
    let mut after = Definition::clone(&before);
    if let Some(name) = request.name {
        after.name = name;
    }
    if let Some(description) = request.description {
        after.description = description;
    }
    if let Some(stream) = request.stream {
        after.stream = stream;
    }
    if let Some(properties) = request.properties {
        after.replace_properties(definition::one_url(properties))?;
    }
    after.audit.last_updated_at = Some(clock::text(clock::now_ms()));
    after.audit.last_updated_by = Some(actor.owner());
    after.check(&app.store)?;
    if after.type_of().runs {
        read::check(&after.kind, &after.properties)?;
    }
    let after = app.sources.put(after).await?;
    let change = Change::named(&after.name);
    Ok(change.on(Json(body(&app, &after)).into_response()))
}

async fn delete(State(app): State<Services>, Name(id): Name) -> Result<Response, HttpError> {
    let _changing = app.sources.changing.lock().await;
    let definition = app.sources.find(&id)?;
    app.sources.remove(&id).await?;
    let change = Change::named(&definition.name);
    Ok(change.on(StatusCode::NO_CONTENT.into_response()))
}

async fn start(State(app): State<Services>, Name(id): Name) -> Result<Response, HttpError> {
    let _changing = app.sources.changing.lock().await;
    let definition: Arc<Definition> = app.sources.find(&id)?;
    app.sources.start(&definition).await?;
    let change = Change::named(&definition.name);
    Ok(change.on(StatusCode::NO_CONTENT.into_response()))
}

async fn stop(State(app): State<Services>, Name(id): Name) -> Result<Response, HttpError> {
    let definition = app.sources.find(&id)?;
    app.sources.runners.stop(&id).await?;
    let change = Change::named(&definition.name);
    Ok(change.on(StatusCode::NO_CONTENT.into_response()))
}

async fn stats(
    State(app): State<Services>,
    Name(id): Name,
    Query(ranges): Query<Ranges>,
) -> Result<Json<Stats>, HttpError> {
    app.sources.find(&id)?;
    let (errors, metrics) = (ranges.errors()?, ranges.metrics()?);
    let runners = &app.sources.runners;
    let report = runners.report(&id);
    let errors = runners.errors(&id, errors).into_iter();
    let throughput = runners.throughput(&id, metrics).into_iter();
    Ok(Json(Stats {
        success_count: report.successes as f64,
        failure_count: report.failures as f64,
        errors: errors
            .map(|error| StatsError {
                message: error.message,
                time: clock::iso(error.time_ms),
                count: Some(error.count),
            })
            .collect(),
        throughput: throughput
            .map(|(at, value)| Throughput {
                time: clock::iso(at),
                value,
            })
            .collect(),
        uptime: report.uptime_ms as f64,
        written_bps: None,
    }))
}

async fn logs(
    State(app): State<Services>,
    Name(id): Name,
    Query(lines): Query<Lines>,
) -> Result<Json<Vec<String>>, HttpError> {
    app.sources.find(&id)?;
    let lines = lines.count(LINES)?;
    Ok(Json(app.sources.runners.logs(&id, lines)))
}

/// Fewer events than asked for when they do not come in time.
async fn preview(
    extract::Json(request): extract::Json<PreviewSource>,
) -> Result<Response, HttpError> {
    let PreviewSource {
        kind,
        properties,
        size,
        timeout,
    } = request;
    definition::known(&kind)?;
    check_preview(&kind, &properties)?;
    let size = size.unwrap_or(PREVIEW_SIZE).clamp(1, PREVIEW_LIMIT);
    let timeout = match timeout.filter(|text| !text.is_empty()) {
        None => PREVIEW_TIME,
        Some(text) => property::duration(&text).ok_or_else(|| {
            HttpError::field("timeout", format!("'{text}' is not a duration like 5s"))
        })?,
    };
    let timeout = timeout.min(PREVIEW_LONGEST);
    let events: Vec<Box<RawValue>> =
        read::preview(&kind, &properties, size as usize, timeout).await?;
    Ok(Change::None.on(Json(events).into_response()))
}

fn check_preview(kind: &str, properties: &Map) -> Result<(), HttpError> {
    definition::properties(property::find(TYPES, kind), properties)?;
    read::check(kind, properties)
}
