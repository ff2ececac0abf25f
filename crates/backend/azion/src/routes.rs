//! `/data_streaming/…`

use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use weir_api::azion::{check::KeyError, domain::Domain, streaming::Streaming, v4::old_name};
use weir_platform::operations::Operations;

use super::{KIND, SCHEMA_VERSION, domains, error::VendorError, templates};
use crate::{Services, audit::Change, auth::Actor, extract::Body};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of(KIND)
        .get("/data_streaming/streamings", list)
        .post("/data_streaming/streamings", create)
        .get("/data_streaming/streamings/{id}", one)
        .put("/data_streaming/streamings/{id}", replace)
        .patch("/data_streaming/streamings/{id}", update)
        .delete("/data_streaming/streamings/{id}", delete)
        .get("/data_streaming/templates", all_templates)
        // The vendor's document posts a streaming with a template of its own to this address.
        .post("/data_streaming/templates", create)
        .get("/data_streaming/templates/{id}", template)
        .get("/data_streaming/domains", all_domains)
}

fn results(results: impl serde::Serialize) -> Json<Value> {
    Json(json!({ "results": results, "schema_version": SCHEMA_VERSION }))
}

fn number(text: &str) -> Result<i64, VendorError> {
    text.parse().map_err(|_| VendorError::not_found())
}

pub(super) fn object(Body(bytes): Body) -> Result<Map<String, Value>, VendorError> {
    let refuse = |words: String| VendorError::new(StatusCode::BAD_REQUEST, words);
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Err(refuse("Invalid data. Expected a dictionary.".into())),
        Err(error) => Err(refuse(format!("JSON parse error - {error}"))),
    }
}

/// A streaming that is sent; names of data sources that only version 4 has are none here.
fn definition(body: Body) -> Result<Map<String, Value>, VendorError> {
    let sent = object(body)?;
    let source = sent.get("data_source").and_then(Value::as_str);
    match source.filter(|source| old_name(source) != *source) {
        Some(source) => Err(VendorError::key_errors(vec![KeyError::new(
            "data_source",
            format!("\"{source}\" is not a valid choice."),
        )])),
        None => Ok(sent),
    }
}

/// In the words of this version, also where it was made in those of version 4.
fn older(mut streaming: Streaming) -> Streaming {
    let source = &mut streaming.definition.data_source;
    *source = old_name(source).into();
    streaming
}

fn changed(status: StatusCode, streaming: Streaming) -> Response {
    let change = Change::named(&streaming.definition.name);
    change.on((status, results(older(streaming))).into_response())
}

async fn list(State(app): State<Services>) -> Json<Value> {
    let all = app.streamings.list().into_iter().map(older);
    results(all.collect::<Vec<_>>())
}

async fn create(
    State(app): State<Services>,
    actor: Actor,
    body: Body,
) -> Result<Response, VendorError> {
    let streaming = app
        .streamings
        .create(&definition(body)?, &actor.user)
        .await?;
    Ok(changed(StatusCode::CREATED, streaming))
}

async fn one(
    State(app): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<Value>, VendorError> {
    app.streamings.get(number(&id)?).map(older).map(results)
}

async fn replace(
    State(app): State<Services>,
    Path(id): Path<String>,
    actor: Actor,
    body: Body,
) -> Result<Response, VendorError> {
    let (id, sent) = (number(&id)?, definition(body)?);
    let streaming = app.streamings.replace(id, &sent, &actor.user).await?;
    Ok(changed(StatusCode::OK, streaming))
}

async fn update(
    State(app): State<Services>,
    Path(id): Path<String>,
    actor: Actor,
    body: Body,
) -> Result<Response, VendorError> {
    let (id, sent) = (number(&id)?, definition(body)?);
    let streaming = app.streamings.update(id, &sent, &actor.user).await?;
    Ok(changed(StatusCode::OK, streaming))
}

async fn delete(
    State(app): State<Services>,
    Path(id): Path<String>,
) -> Result<Response, VendorError> {
    let name = app.streamings.delete(number(&id)?).await?;
    let change = Change::named(name);
    Ok(change.on(StatusCode::NO_CONTENT.into_response()))
}

async fn all_templates() -> Json<Value> {
    results(templates::everybodys())
}

async fn template(
    State(app): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<Value>, VendorError> {
    let found = app.streamings.templates().get(number(&id)?);
    found.map(results).ok_or_else(VendorError::not_found)
}

#[derive(Deserialize)]
struct DomainQuery {
    name: Option<String>,
    streaming_id: Option<i64>,
    selected: Option<bool>,
    page: Option<usize>,
    page_size: Option<usize>,
}

async fn all_domains(
    State(app): State<Services>,
    asked: Result<Query<DomainQuery>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, VendorError> {
    let Query(asked) =
        asked.map_err(|error| VendorError::new(StatusCode::BAD_REQUEST, error.body_text()))?;
    let streaming = asked.streaming_id.map(|id| app.streamings.get(id));
    let streaming = streaming.transpose()?.map(|one| one.definition);
    let selected = streaming.as_ref().map(|one| one.domain_ids.as_slice());
    let name = asked.name.unwrap_or_default().to_lowercase();
    let all: Vec<Domain> = domains::list(selected)
        .into_iter()
        .filter(|one| one.name.to_lowercase().contains(&name))
        .filter(|one| {
            asked
                .selected
                .is_none_or(|wanted| one.selected == Some(wanted))
        })
        .collect();
    let size = asked.page_size.unwrap_or(10).clamp(1, 2000);
    let pages = all.len().div_ceil(size).max(1);
    let page = asked.page.unwrap_or(1);
    if !(1..=pages).contains(&page) {
        return Err(VendorError::new(StatusCode::NOT_FOUND, "Invalid page."));
    }
    let shown: Vec<&Domain> = all.iter().skip((page - 1) * size).take(size).collect();
    let link = |page: usize| format!("/data_streaming/domains?page={page}&page_size={size}");
    Ok(Json(json!({
        "count": all.len(),
        "total_pages": pages,
        "schema_version": SCHEMA_VERSION,
        "links": {
            "previous": (page > 1).then(|| link(page - 1)),
            "next": (page < pages).then(|| link(page + 1)),
        },
        "results": shown,
    })))
}
