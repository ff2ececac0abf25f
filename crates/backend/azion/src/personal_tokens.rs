//! `/iam/personal_tokens`: a person's API keys, as Azion has them.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::DateTime;
use serde_json::{Map, Value, json};
use weir_api::azion::check::KeyError;
use weir_platform::operations::Operations;

use super::{error::VendorError, routes::object};
use crate::{
    Services,
    audit::Change,
    auth::{
        Actor,
        keys::{self, Key},
        permission::Permissions,
    },
    clock,
    extract::Body,
};

pub(super) fn operations() -> Operations<Services> {
    Operations::of("api_key")
        .get("/iam/personal_tokens", list)
        .post("/iam/personal_tokens", create)
        .own()
        .get("/iam/personal_tokens/{id}", one)
        .delete("/iam/personal_tokens/{id}", delete)
        .own()
}

fn shown(key: &Key) -> Value {
    json!({
        "uuid": key.id, "name": key.given_name(), "description": key.description,
        "user_id": user_id(&key.user),
        "created": clock::iso(key.created_ms), "expires_at": key.expires_ms.map(clock::iso),
    })
}

/// Azion numbers its users and its clients read a number. Users have names here: the number follows
/// from the name (FNV-1a), the same each time.
fn user_id(name: &str) -> u32 {
    let hash = name.bytes().fold(2_166_136_261_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(16_777_619)
    });
    hash >> 1
}

fn own(app: &Services, actor: &Actor) -> Vec<Key> {
    let mut keys = app.auth.keys.list();
    keys.retain(|key| key.user == actor.user);
    keys
}

fn found(app: &Services, actor: &Actor, id: &str) -> Result<Key, VendorError> {
    let mut keys = own(app, actor).into_iter();
    keys.find(|key| key.id == id)
        .ok_or_else(VendorError::not_found)
}

async fn list(State(app): State<Services>, actor: Actor) -> Json<Value> {
    let tokens: Vec<Value> = own(&app, &actor).iter().map(shown).collect();
    Json(json!({ "results": tokens }))
}

async fn one(
    State(app): State<Services>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Json<Value>, VendorError> {
    found(&app, &actor, &id).map(|key| Json(shown(&key)))
}

/// The key itself is told this once.
async fn create(
    State(app): State<Services>,
    actor: Actor,
    sent: Body,
) -> Result<Response, VendorError> {
    let sent = object(sent)?;
    let name = text(&sent, "name")?;
    if name.trim().is_empty() {
        return Err(wrong("name", "This field is required."));
    }
    let description = text(&sent, "description")?;
    for (field, text, most) in [
        ("name", name, keys::NAME),
        ("description", description, keys::DESCRIPTION),
    ] {
        if text.chars().count() > most {
            let words = format!("Ensure this field has no more than {most} characters.");
            return Err(wrong(field, &words));
        }
    }
    let expires_ms = match text(&sent, "expires_at")? {
        "" => None,
        time => Some(future(time)?),
    };
    let all = Permissions::default();
    actor.must_cover(&all)?;
    app.auth.keys.may_have_more(&actor.user)?;
    let keys = &app.auth.keys;
    let made = keys.create(name.trim(), &actor.user, expires_ms, all).await;
    let (secret, mut key) = made?;
    if !description.is_empty() {
        keys.describe(&key.id, description).await?;
        key.description = description.into();
    }
    let mut answer = shown(&key);
    answer["key"] = secret.into();
    let response = (StatusCode::CREATED, Json(answer)).into_response();
    Ok(Change::named(&key.name).on(response))
}

async fn delete(
    State(app): State<Services>,
    actor: Actor,
    Path(id): Path<String>,
) -> Result<Response, VendorError> {
    let key = found(&app, &actor, &id)?;
    app.auth.keys.delete(&key.id).await?;
    Ok(Change::named(key.name).on(StatusCode::NO_CONTENT.into_response()))
}

fn wrong(field: &'static str, words: &str) -> VendorError {
    VendorError::key_errors(vec![KeyError::new(field, words)])
}

/// Empty where nothing is sent.
fn text<'a>(sent: &'a Map<String, Value>, field: &'static str) -> Result<&'a str, VendorError> {
    match sent.get(field) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text),
        Some(_) => Err(wrong(field, "Not a valid string.")),
    }
}

fn future(text: &str) -> Result<i64, VendorError> {
    const FIELD: &str = "expires_at";
    let time = DateTime::parse_from_rfc3339(text).map_err(|_| {
        wrong(
            FIELD,
            "Datetime has wrong format: 2030-01-31T12:00:00Z is one.",
        )
    })?;
    match time.timestamp_millis() {
        past if past <= clock::now_ms() => Err(wrong(FIELD, "This time is in the past.")),
        future => Ok(future),
    }
}
