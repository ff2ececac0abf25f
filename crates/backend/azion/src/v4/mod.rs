//! Version 4 of the API, at the vendor's own paths: the same streamings in another form, and
//! templates of one's own.

mod body;
mod error;
mod list;
mod streams;
mod templates;

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Map, Value};
use weir_api::azion::v4::{Answer, DATA_SOURCES, DataSource, EXECUTED};
use weir_platform::operations::Operations;

pub(super) use self::error::Errors;
use super::{KIND, domains, error::VendorError};
use crate::{Services, extract::Body};

pub(crate) fn operations() -> Operations<Services> {
    let workloads = Operations::of(KIND).get("/workspace/workloads", workloads);
    // The vendor's preview client and its older guides have other addresses for the same.
    let below = ["/workspace/stream", "/data_stream"];
    Operations::all(
        [workloads]
            .into_iter()
            .chain(below.into_iter().flat_map(at)),
    )
}

fn at(below: &'static str) -> [Operations<Services>; 2] {
    let streams = Operations::of(KIND)
        .below(below)
        .get("/data_sources", data_sources)
        .get("/streams", streams::list)
        .post("/streams", streams::create)
        .get("/streams/{id}", streams::one)
        .put("/streams/{id}", streams::replace)
        .patch("/streams/{id}", streams::update)
        .delete("/streams/{id}", streams::delete);
    let templates = Operations::of(KIND)
        .below(below)
        .audited_as("streaming_template")
        .get("/templates", templates::list)
        .post("/templates", templates::create)
        .get("/templates/{id}", templates::one)
        .put("/templates/{id}", templates::replace)
        .patch("/templates/{id}", templates::update)
        .delete("/templates/{id}", templates::delete);
    [streams, templates]
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
    text.parse().map_err(|_| VendorError::not_found().into())
}

fn object(Body(bytes): Body) -> Result<Map<String, Value>, Errors> {
    let refuse = |words: String| Errors::from(VendorError::new(StatusCode::BAD_REQUEST, words));
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(refuse("Invalid data. Expected a dictionary.".into())),
        Err(error) => Err(refuse(format!("JSON parse error - {error}"))),
    }
}

/// What domains are in version 3; read only, as this is no part of streams.
async fn workloads(asked: list::ListQuery) -> Result<Json<Value>, Errors> {
    let all = domains::list(None).into_iter();
    let all =
        all.map(|one| serde_json::json!({"id": one.domain_id, "name": one.name, "active": true}));
    list::page(&asked, &all.collect::<Vec<_>>())
}

async fn data_sources(asked: list::ListQuery) -> Result<Json<Value>, Errors> {
    let all = DATA_SOURCES.map(|one| DataSource {
        slug: one.slug.into(),
        name: one.title.into(),
        active: true,
    });
    list::page(&asked, &all)
}
