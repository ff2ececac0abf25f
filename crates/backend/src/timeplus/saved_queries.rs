//! Saved queries.

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_api::timeplus::{
    Audit,
    saved_query::{SavedQuery, SavedQueryDef},
};

use crate::{
    access::Change,
    app::App,
    auth::Actor,
    documents::Document,
    error::Failure,
    extract::{self, Name},
};

const KIND: &str = "saved_query";

impl Document for SavedQuery {
    type Definition = SavedQueryDef;
    const WORD: &'static str = "saved query";
    const TABLE: &'static str = "backend_saved_queries";

    fn name(&self) -> &str {
        &self.name
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn audit(&self) -> Audit {
        Audit {
            created_at: self.created_at.clone(),
            created_by: self.created_by.clone(),
            last_updated_at: self.last_updated_at.clone(),
            last_updated_by: self.last_updated_by.clone(),
        }
    }

    fn new(id: String, definition: SavedQueryDef, audit: Audit) -> Self {
        Self {
            id,
            name: definition.name,
            description: definition.description,
            sql: definition.sql,
            tags: definition.tags,
            created_at: audit.created_at,
            created_by: audit.created_by,
            last_updated_at: audit.last_updated_at,
            last_updated_by: audit.last_updated_by,
        }
    }
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/savedqueries", axum::routing::get(list).post(create))
        .route(
            "/savedqueries/{id}",
            axum::routing::get(get).put(replace).delete(delete),
        )
}

pub(crate) async fn list(State(app): State<App>) -> Response {
    let all = app.saved_queries.list();
    let all: Vec<&SavedQuery> = all.iter().map(AsRef::as_ref).collect();
    Json(all).into_response()
}

pub(crate) async fn create(
    State(app): State<App>,
    actor: Actor,
    extract::Json(definition): extract::Json<SavedQueryDef>,
) -> Response {
    let change = Change::made("create", KIND, &definition.name);
    let created = app.saved_queries.create(definition, &actor).await;
    change.on(match created {
        Ok(made) => (StatusCode::CREATED, Json(made.as_ref())).into_response(),
        Err(failure) => failure.into_response(),
    })
}

pub(crate) async fn get(State(app): State<App>, Name(id): Name) -> Result<Response, Failure> {
    Ok(Json(app.saved_queries.get(&id)?.as_ref()).into_response())
}

pub(crate) async fn replace(
    State(app): State<App>,
    actor: Actor,
    Name(id): Name,
    extract::Json(definition): extract::Json<SavedQueryDef>,
) -> Response {
    let change = Change::made("update", KIND, &definition.name);
    let replaced = app.saved_queries.replace(&id, definition, &actor).await;
    change.on(match replaced {
        Ok(made) => Json(made.as_ref()).into_response(),
        Err(failure) => failure.into_response(),
    })
}

pub(crate) async fn delete(State(app): State<App>, Name(id): Name) -> Response {
    match app.saved_queries.delete(&id).await {
        Ok(gone) => {
            Change::made("delete", KIND, &gone.name).on(StatusCode::NO_CONTENT.into_response())
        }
        Err(failure) => Change::made("delete", KIND, id).on(failure.into_response()),
    }
}
