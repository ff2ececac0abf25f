use axum::{Json, Router, extract::State, http::StatusCode};
use serde::Serialize;
use weir_api::timeplus::{Audit, Column};
use weir_store::{StoreError, View};

use crate::{app::App, clock, error::Failure, extract::Name};

/// What the specification calls `View`; the backend has no retention of its own for views.
#[derive(Serialize)]
pub(crate) struct Body {
    name: String,
    description: String,
    query: String,
    materialized: bool,
    target_stream: String,
    columns: Vec<Column>,
    logstore_retention_bytes: i64,
    logstore_retention_ms: i64,
    ttl: String,
    ttl_expression: String,
    #[serde(flatten)]
    audit: Audit,
}

fn body(app: &App, view: &View) -> Body {
    Body {
        name: view.name.clone(),
        description: view.description.clone(),
        query: view.query.clone(),
        materialized: view.materialized,
        target_stream: view.target.clone().unwrap_or_default(),
        columns: columns(app, &view.query),
        logstore_retention_bytes: 0,
        logstore_retention_ms: 0,
        ttl: String::new(),
        ttl_expression: String::new(),
        audit: view.audit.clone(),
    }
}

/// Empty when the view's query no longer fits the streams.
fn columns(app: &App, query: &str) -> Vec<Column> {
    let Ok(weir_engine::Statement::Select(select)) = weir_engine::parse(query) else {
        return Vec::new();
    };
    match weir_engine::plan(&select, &*app.store.catalog(), clock::now_ms()) {
        Ok(plan) => crate::queries::columns(&plan),
        Err(_) => Vec::new(),
    }
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/views", axum::routing::get(list))
        .route("/views/{name}", axum::routing::get(get).delete(delete))
}

pub(crate) async fn list(State(app): State<App>) -> Json<Vec<Body>> {
    let views = app.store.views();
    Json(views.iter().map(|view| body(&app, view)).collect())
}

pub(crate) async fn get(State(app): State<App>, Name(name): Name) -> Result<Json<Body>, Failure> {
    let view = app.store.view(&name);
    let view = view.ok_or_else(|| StoreError::NotFound(format!("view '{name}'")))?;
    Ok(Json(body(&app, &view)))
}

pub(crate) async fn delete(
    State(app): State<App>,
    Name(name): Name,
) -> Result<StatusCode, Failure> {
    app.store.drop_view(&name).await?;
    Ok(StatusCode::NO_CONTENT)
}
