use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use serde_json::{Map, Value};
use weir_api::azion::{check, v4::template::TemplateDef};

use super::{deleted, error::Errors, list, number, object, read, written};
use crate::{Services, audit::Change, auth::Actor, extract::Body};

pub(super) async fn list(
    State(app): State<Services>,
    asked: list::ListQuery,
) -> Result<Json<Value>, Errors> {
    list::page(&asked, &app.streamings.templates().list())
}

pub(super) async fn one(
    State(app): State<Services>,
    Path(id): Path<String>,
) -> Result<Json<Value>, Errors> {
    let found = app.streamings.templates().find(number(&id)?)?;
    Ok(read(found))
}

/// `base` is what stands where something is not sent.
fn definition(sent: &Map<String, Value>, base: TemplateDef) -> Result<TemplateDef, Errors> {
    let text = |key: &str, base: String| match sent.get(key) {
        None => Ok(base),
        Some(Value::String(text)) => Ok(text.clone()),
        Some(_) => Err(Errors::at(format!("/{key}"), "Not a valid string.")),
    };
    let definition = TemplateDef {
        name: text("name", base.name)?,
        data_set: text("data_set", base.data_set)?,
        active: match sent.get("active") {
            None => base.active,
            Some(Value::Bool(active)) => *active,
            Some(_) => return Err(Errors::at("/active", "Must be a valid boolean.")),
        },
    };
    if definition.name.trim().is_empty() {
        return Err(Errors::at("/name", "This field may not be blank."));
    }
    match check::template_model(&definition.data_set) {
        Some(blank) => Err(Errors::at("/data_set", blank.message)),
        None => Ok(definition),
    }
}

pub(super) async fn create(
    State(app): State<Services>,
    actor: Actor,
    sent: Body,
) -> Result<Response, Errors> {
    let definition = definition(&object(sent)?, TemplateDef::default())?;
    let templates = app.streamings.templates();
    let made = templates.create(definition, &actor.user).await?;
    let change = Change::named(&made.name);
    Ok(change.on(written(StatusCode::CREATED, made)))
}

pub(super) async fn replace(
    State(app): State<Services>,
    Path(id): Path<String>,
    actor: Actor,
    sent: Body,
) -> Result<Response, Errors> {
    change(&app, number(&id)?, &object(sent)?, false, &actor).await
}

pub(super) async fn update(
    State(app): State<Services>,
    Path(id): Path<String>,
    actor: Actor,
    sent: Body,
) -> Result<Response, Errors> {
    change(&app, number(&id)?, &object(sent)?, true, &actor).await
}

async fn change(
    app: &Services,
    id: i64,
    sent: &Map<String, Value>,
    partial: bool,
    actor: &Actor,
) -> Result<Response, Errors> {
    let stands = app.streamings.templates().own(id)?;
    let base = match partial {
        true => TemplateDef {
            name: stands.name,
            active: stands.active,
            data_set: stands.data_set,
        },
        false => TemplateDef::default(),
    };
    let definition = definition(sent, base)?;
    let changed = app
        .streamings
        .change_template(id, definition, &actor.user)
        .await?;
    let change = Change::named(&changed.name);
    Ok(change.on(written(StatusCode::OK, changed)))
}

pub(super) async fn delete(
    State(app): State<Services>,
    Path(id): Path<String>,
) -> Result<Response, Errors> {
    let name = app.streamings.delete_template(number(&id)?).await?;
    Ok(Change::named(name).on(deleted()))
}
