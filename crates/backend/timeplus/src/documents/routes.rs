//! The same routes for every kind of document.

use std::sync::Arc;

use axum::{
    Json,
    extract::{FromRef, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};

use weir_platform::operations::Operations;

use super::{Document, Documents};
use crate::{
    audit::Change,
    auth::Actor,
    error::HttpError,
    extract::{self, Name},
};

pub(crate) fn operations<D: Document, S>(all: &str, one: &str) -> Operations<S>
where
    S: Clone + Send + Sync + 'static,
    Arc<Documents<D>>: FromRef<S>,
{
    Operations::of(D::KIND)
        .get(all, list::<D>)
        .post(all, create::<D>)
        .get(one, get::<D>)
        .put(one, replace::<D>)
        .delete(one, delete::<D>)
}

async fn list<D: Document>(State(documents): State<Arc<Documents<D>>>) -> Response {
    let all = documents.list();
    let all: Vec<&D> = all.iter().map(AsRef::as_ref).collect();
    Json(all).into_response()
}

async fn create<D: Document>(
    State(documents): State<Arc<Documents<D>>>,
    actor: Actor,
    extract::Json(definition): extract::Json<D::Definition>,
) -> Response {
    let change = Change::named(D::called(&definition));
    let created = documents.create(definition, &actor).await;
    change.on(match created {
        Ok(made) => (StatusCode::CREATED, Json(made.as_ref())).into_response(),
        Err(failure) => failure.into_response(),
    })
}

async fn get<D: Document>(
    State(documents): State<Arc<Documents<D>>>,
    Name(id): Name,
) -> Result<Response, HttpError> {
    Ok(Json(documents.get(&id)?.as_ref()).into_response())
}

async fn replace<D: Document>(
    State(documents): State<Arc<Documents<D>>>,
    actor: Actor,
    Name(id): Name,
    extract::Json(definition): extract::Json<D::Definition>,
) -> Response {
    let change = Change::named(D::called(&definition));
    let replaced = documents.replace(&id, definition, &actor).await;
    change.on(match replaced {
        Ok(made) => Json(made.as_ref()).into_response(),
        Err(failure) => failure.into_response(),
    })
}

async fn delete<D: Document>(
    State(documents): State<Arc<Documents<D>>>,
    Name(id): Name,
) -> Response {
    match documents.delete(&id).await {
        Ok(gone) => {
            let change = Change::named(gone.name());
            change.on(StatusCode::NO_CONTENT.into_response())
        }
        Err(failure) => Change::named(id).on(failure.into_response()),
    }
}
