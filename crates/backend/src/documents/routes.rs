//! The same routes for every kind of document.

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing,
};

use super::Document;
use crate::{
    access::Change,
    app::App,
    auth::Actor,
    error::Failure,
    extract::{self, Name},
};

pub(crate) fn routes<D: Document>(path: &str) -> Router<App> {
    let one = routing::get(get::<D>).put(replace::<D>).delete(delete::<D>);
    Router::new()
        .route(path, routing::get(list::<D>).post(create::<D>))
        .route(&format!("{path}/{{id}}"), one)
}

async fn list<D: Document>(State(app): State<App>) -> Response {
    let all = D::of(&app).list();
    let all: Vec<&D> = all.iter().map(AsRef::as_ref).collect();
    Json(all).into_response()
}

async fn create<D: Document>(
    State(app): State<App>,
    actor: Actor,
    extract::Json(definition): extract::Json<D::Definition>,
) -> Response {
    let change = Change::made("create", D::KIND, D::called(&definition));
    let created = D::of(&app).create(definition, &actor).await;
    change.on(match created {
        Ok(made) => (StatusCode::CREATED, Json(made.as_ref())).into_response(),
        Err(failure) => failure.into_response(),
    })
}

async fn get<D: Document>(State(app): State<App>, Name(id): Name) -> Result<Response, Failure> {
    Ok(Json(D::of(&app).get(&id)?.as_ref()).into_response())
}

async fn replace<D: Document>(
    State(app): State<App>,
    actor: Actor,
    Name(id): Name,
    extract::Json(definition): extract::Json<D::Definition>,
) -> Response {
    let change = Change::made("update", D::KIND, D::called(&definition));
    let replaced = D::of(&app).replace(&id, definition, &actor).await;
    change.on(match replaced {
        Ok(made) => Json(made.as_ref()).into_response(),
        Err(failure) => failure.into_response(),
    })
}

async fn delete<D: Document>(State(app): State<App>, Name(id): Name) -> Response {
    match D::of(&app).delete(&id).await {
        Ok(gone) => {
            let change = Change::made("delete", D::KIND, gone.name());
            change.on(StatusCode::NO_CONTENT.into_response())
        }
        Err(failure) => Change::made("delete", D::KIND, id).on(failure.into_response()),
    }
}
