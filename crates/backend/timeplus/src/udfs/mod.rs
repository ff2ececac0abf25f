//! User-defined functions.

mod remote;
mod wire;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::value::RawValue;
use weir_api::{
    Owner,
    timeplus::udf::{CreateUdf, Kind, Trial, TrialRequest},
};
use weir_engine::udf;
use weir_store::{Existing, Function, Store, StoreError};

pub(crate) use self::remote::caller;
use crate::{
    Services,
    audit::Change,
    auth::Actor,
    delivery::masked::{MASK, is_masked, restored_url},
    error::HttpError,
    extract::{self, Name},
};
use weir_platform::{operations::Operations, revision::Revision};

/// Rows of a trial.
const MOST_ROWS: usize = 1000;
/// The part of the address that a trial is sent to; a function may be called so, too.
const TRIAL: &str = "test";

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("udf")
        .audited_as("function")
        .get("/udfs", list)
        .post("/udfs", create)
        .only(Revision::Y2025)
        .get("/udfs/{name}", get)
        .put("/udfs/{name}", update)
        .only(Revision::Y2025)
        .delete("/udfs/{name}", delete)
        // Runs what is sent, and so is for those who may define it.
        .post("/udfs/{name}", trial)
        .not_audited()
}

async fn list(State(app): State<Services>) -> Response {
    let all: Vec<_> = app
        .store
        .functions()
        .iter()
        .map(|function| wire::body(&app, function))
        .collect();
    Json(all).into_response()
}

async fn create(
    State(app): State<Services>,
    actor: Actor,
    extract::Json(definition): extract::Json<CreateUdf>,
) -> Response {
    let change = Change::named(&definition.name);
    let made = define(&app.store, definition, Existing::Refuse, actor.owner()).await;
    change.on(match made {
        Ok(function) => (StatusCode::CREATED, Json(wire::body(&app, &function))).into_response(),
        Err(failure) => failure.into_response(),
    })
}

async fn get(State(app): State<Services>, Name(name): Name) -> Result<Response, HttpError> {
    let function = app.store.function(&name);
    let function = function.ok_or_else(|| StoreError::NotFound(format!("function '{name}'")))?;
    Ok(Json(wire::body(&app, &function)).into_response())
}

async fn update(
    State(app): State<Services>,
    actor: Actor,
    Name(name): Name,
    extract::Json(definition): extract::Json<CreateUdf>,
) -> Response {
    let change = Change::named(&name);
    let renamed = definition.name != name;
    let made = if app.store.function(&name).is_none() {
        Err(StoreError::NotFound(format!("function '{name}'")).into())
    } else if renamed {
        let words = format!("a function keeps its name, which is {name}");
        Err(HttpError::field("name", words))
    } else {
        let held = app.store.function(&name);
        let mut definition = definition;
        if let Some(held) = held {
            restored_url(&mut definition.url, &held.definition.url);
        }
        define(&app.store, definition, Existing::Change, actor.owner()).await
    };
    change.on(match made {
        Ok(function) => Json(wire::body(&app, &function)).into_response(),
        Err(failure) => failure.into_response(),
    })
}

/// Fails with the names of the views that call it.
async fn delete(State(app): State<Services>, Name(name): Name) -> Response {
    let dropped = app.store.drop_function(&name).await;
    Change::named(&name).on(match dropped {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => HttpError::from(error).into_response(),
    })
}

/// Checks and stores a definition.
pub(crate) async fn define(
    store: &Store,
    definition: CreateUdf,
    existing: Existing,
    owner: Owner,
) -> Result<std::sync::Arc<Function>, HttpError> {
    let definition = check(store, definition).await?;
    Ok(store.define_function(definition, existing, owner).await?)
}

/// Compiling can take as long as code may run, so it happens on a thread of its own.
async fn check(store: &Store, definition: CreateUdf) -> Result<CreateUdf, HttpError> {
    let definition = cleaned(definition)?;
    let store = store.clone();
    tokio::task::spawn_blocking(move || {
        store.check_function(&definition)?;
        Ok::<_, StoreError>(definition)
    })
    .await
    .map_err(HttpError::internal)?
    .map_err(HttpError::from)
}

/// Without the fields of the other kind.
fn cleaned(mut definition: CreateUdf) -> Result<CreateUdf, HttpError> {
    if definition.kind == Kind::Remote {
        definition.source.clear();
        if is_masked(&definition.url) {
            let words =
                format!("{MASK} replaces a secret that is not stored here: enter the secret");
            return Err(HttpError::field("url", words));
        }
        remote::check(&definition).map_err(|(field, words)| HttpError::field(field, words))?;
        if definition.auth_method.is_empty() {
            definition.auth_method = "none".into();
        }
        // The mask stands for what is kept, where something is.
        if let Some(context) = &mut definition.auth_context {
            let masked = context.key_value.as_deref().is_some_and(is_masked);
            context.key_value = context.key_value.take().filter(|_| !masked);
        }
    } else {
        definition.url.clear();
        definition.auth_method.clear();
    }
    if definition.auth_method != "auth_header" {
        definition.auth_context = None;
    }
    Ok(definition)
}

/// Calls a function as it stands in a form, without storing it.
async fn trial(
    State(app): State<Services>,
    Name(name): Name,
    extract::Json(request): extract::Json<TrialRequest>,
) -> Response {
    let tried = match name.as_str() {
        TRIAL => try_out(&app, request).await,
        _ => Err(HttpError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("POST is not possible on /udfs/{name}; a trial goes to /udfs/{TRIAL}"),
        )),
    };
    Change::None.on(tried.into_response())
}

async fn try_out(app: &Services, request: TrialRequest) -> Result<Response, HttpError> {
    let TrialRequest { function, rows } = request;
    if rows.len() > MOST_ROWS {
        let words = format!("{} rows; at most {MOST_ROWS} can be tried", rows.len());
        return Err(HttpError::field("rows", words));
    }
    let mut definition = cleaned(function)?;
    if let (Some(stored), Some(context)) = (
        app.store.function(&definition.name),
        &mut definition.auth_context,
    ) && stored.definition.url == definition.url
        && context.key_value.is_none()
    {
        let stored = stored.definition.auth_context.clone().unwrap_or_default();
        context.key_value = stored.key_value;
    }
    let info = app.store.function_info(&definition)?;
    let store = app.store.clone();
    let tried = tokio::task::spawn_blocking(move || {
        store.check_function(&definition)?;
        Ok::<_, StoreError>(udf::trial(info, &rows))
    })
    .await
    .map_err(HttpError::internal)??;
    // Rows are named in the words; what remains is the code's own doing.
    let tried = tried.map_err(HttpError::bad_request)?;
    let result = tried.results.into_iter().map(RawValue::from_string);
    let trial = Trial {
        result: result
            .collect::<Result<_, _>>()
            .map_err(HttpError::internal)?,
        duration_ms: tried.took.as_secs_f64() * 1000.0,
        logs: tried.logs,
    };
    Ok(Json(trial).into_response())
}
