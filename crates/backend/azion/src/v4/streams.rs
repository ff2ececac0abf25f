use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Value, json};
use weir_api::{
    azion::{
        endpoint,
        streaming::StreamingDef,
        v4::stream::{Stream, StreamDef},
    },
    property,
};

use super::{
    super::record::Edits, body, deleted, error::Errors, list, number, object, read, written,
};
use crate::{Services, audit::Change, auth::Actor, clock, delivery::masked::MASK, extract::Body};

/// With what the models of the vendor's clients require: secrets, which are masked, and what
/// version 3 leaves out where it says nothing.
fn required(mut definition: StreamingDef) -> StreamingDef {
    let kind = property::find(endpoint::TYPES, definition.endpoint_type());
    for secret in kind.secrets() {
        definition.endpoint.insert(secret.into(), MASK.into());
    }
    for (of, key, nothing) in [
        (endpoint::STANDARD, "headers", json!({})),
        ("kafka", "use_tls", json!(false)),
    ] {
        let held = definition.endpoint.get(key);
        if kind.name == of && held.is_none_or(Value::is_null) {
            definition.endpoint.insert(key.into(), nothing);
        }
    }
    definition
}

fn shown(streaming: weir_api::azion::streaming::Streaming, edits: &Edits) -> Stream {
    Stream {
        id: streaming.id.parse().unwrap_or_default(),
        last_editor: edits.editor.clone(),
        created: clock::iso(edits.created_ms),
        last_modified: clock::iso(edits.modified_ms),
        product_version: "1.0".into(),
        definition: StreamDef::from_old(&required(streaming.definition)),
    }
}

fn find(app: &Services, id: i64) -> Result<Stream, Errors> {
    let streaming = app.streamings.get(id)?;
    Ok(shown(streaming, &app.streamings.edits(id)?))
}

pub(super) async fn list(
    State(app): State<Services>,
    asked: list::ListQuery,
) -> Result<Json<Value>, Errors> {
    let all = app.streamings.list();
    let all = all.into_iter().map(|one| {
        let edits = one.id.parse().map(|id| app.streamings.edits(id));
        let edits = edits.ok().and_then(Result::ok).unwrap_or_default();
        shown(one, &edits)
    });
    list::page(&asked, &all.collect::<Vec<_>>())
}

pub(super) async fn one(
    State(app): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Errors> {
    find(&app, number(&id)?).map(read)
}

pub(super) async fn create(
    State(app): State<Services>,
    actor: Actor,
    sent: Body,
) -> Result<Response, Errors> {
    let sent = object(sent)?;
    let whole = body::whole(&sent)?;
    let made = app.streamings.create(&whole, &actor.user).await;
    let made = made.map_err(|refusal| Errors::of(refusal, &sent))?;
    let stream = find(&app, made.id.parse().unwrap_or_default())?;
    let change = Change::named(&stream.definition.name);
    Ok(change.on(written(StatusCode::CREATED, stream)))
}

pub(super) async fn replace(
    State(app): State<Services>,
    Path(id): Path<String>,
    actor: Actor,
    sent: Body,
) -> Result<Response, Errors> {
    let (id, sent) = (number(&id)?, object(sent)?);
    let whole = body::whole(&sent)?;
    let replaced = app.streamings.replace(id, &whole, &actor.user).await;
    replaced.map_err(|refusal| Errors::of(refusal, &sent))?;
    changed(&app, id)
}

pub(super) async fn update(
    State(app): State<Services>,
    Path(id): Path<String>,
    actor: Actor,
    sent: Body,
) -> Result<Response, Errors> {
    let (id, sent) = (number(&id)?, object(sent)?);
    let changes = body::old(&sent)?;
    let updated = app.streamings.update(id, &changes, &actor.user).await;
    updated.map_err(|refusal| Errors::of(refusal, &sent))?;
    changed(&app, id)
}

fn changed(app: &Services, id: i64) -> Result<Response, Errors> {
    let stream = find(app, id)?;
    let change = Change::named(&stream.definition.name);
    Ok(change.on(written(StatusCode::OK, stream)))
}

pub(super) async fn delete(
    State(app): State<Services>,
    Path(id): Path<String>,
) -> Result<Response, Errors> {
    let name = app.streamings.delete(number(&id)?).await?;
    Ok(Change::named(name).on(deleted()))
}
