//! Version 4 of the API, at the vendor's own paths: the same streamings in another form, and
//! templates of one's own.

mod body;
mod error;
mod list;
mod streams;
mod templates;

use axum::{
    Json, Router,
    http::StatusCode,
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use serde_json::{Map, Value};
use weir_api::azion::v4::{Answer, DATA_SOURCES, DataSource, EXECUTED};

pub(super) use self::error::Errors;
use super::{domains, error::Refusal, guard};
use crate::{Services, extract::Body};

pub fn routes(services: &Services) -> Router {
    Router::new()
        .route("/workspace/stream/data_sources", get(data_sources))
        .route("/workspace/workloads", get(workloads))
        .route(
            "/workspace/stream/streams",
            get(streams::list).post(streams::create),
        )
        .route(
            "/workspace/stream/streams/{id}",
            get(streams::one)
                .put(streams::replace)
                .patch(streams::update)
                .delete(streams::delete),
        )
        .route(
            "/workspace/stream/templates",
            get(templates::list).post(templates::create),
        )
        .route(
            "/workspace/stream/templates/{id}",
            get(templates::one)
                .put(templates::replace)
                .patch(templates::update)
                .delete(templates::delete),
        )
        .fallback(async || Errors::from(Refusal::not_found()))
        .method_not_allowed_fallback(async || {
            let words = "This method is not allowed here.";
            Errors::from(Refusal::new(StatusCode::METHOD_NOT_ALLOWED, words))
        })
        .layer(from_fn_with_state(services.clone(), guard::enter_version_4))
        .with_state(services.clone())
}

/// What a write answers: it is done at once here.
fn written(status: StatusCode, data: impl Serialize) -> Response {
    let answer = Answer {
        state: EXECUTED.into(),
        data: serde_json::to_value(data).unwrap_or_default(),
    };
    (status, Json(answer)).into_response()
}

fn deleted() -> Response {
    Json(serde_json::json!({ "state": EXECUTED })).into_response()
}

fn read(data: impl Serialize) -> Json<Value> {
    Json(serde_json::json!({ "data": data }))
}

fn number(text: &str) -> Result<i64, Errors> {
    text.parse().map_err(|_| Refusal::not_found().into())
}

fn object(Body(bytes): Body) -> Result<Map<String, Value>, Errors> {
    let refuse = |words: String| Errors::from(Refusal::new(StatusCode::BAD_REQUEST, words));
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(refuse("Invalid data. Expected a dictionary.".into())),
        Err(error) => Err(refuse(format!("JSON parse error - {error}"))),
    }
}

/// What domains are in version 3; read only, as this is no part of streams.
async fn workloads(asked: list::Asked) -> Result<Json<Value>, Errors> {
    let all = domains::list(None).into_iter();
    let all =
        all.map(|one| serde_json::json!({"id": one.domain_id, "name": one.name, "active": true}));
    list::page(&asked, &all.collect::<Vec<_>>())
}

async fn data_sources(asked: list::Asked) -> Result<Json<Value>, Errors> {
    let name = |slug: &str| match slug {
        "workloads" => "Workloads",
        "waf" => "WAF Events",
        "functions_console" => "Functions Console",
        _ => "Activity History",
    };
    let mut all: Vec<DataSource> = Vec::new();
    for (slug, old) in DATA_SOURCES {
        // The other names of the same are for reading only.
        if weir_api::azion::v4::new_name(old) == slug {
            all.push(DataSource {
                slug: slug.into(),
                name: name(slug).into(),
                active: true,
            });
        }
    }
    list::page(&asked, &all)
}
