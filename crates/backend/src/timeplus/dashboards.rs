//! Dashboards: panels are kept as they are sent.

use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use weir_api::timeplus::{
    Audit,
    dashboard::{Dashboard, DashboardDef},
};

use crate::{
    access::Change,
    app::App,
    auth::Actor,
    documents::Document,
    error::Failure,
    extract::{self, Name},
};

const KIND: &str = "dashboard";

impl Document for Dashboard {
    type Definition = DashboardDef;
    const WORD: &'static str = "dashboard";
    const TABLE: &'static str = "backend_dashboards";

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

    fn new(id: String, definition: DashboardDef, audit: Audit) -> Self {
        Self {
            id,
            name: definition.name,
            description: definition.description,
            panels: definition.panels,
            created_at: audit.created_at,
            created_by: audit.created_by,
            last_updated_at: audit.last_updated_at,
            last_updated_by: audit.last_updated_by,
        }
    }
}

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/dashboards", axum::routing::get(list).post(create))
        .route(
            "/dashboards/{id}",
            axum::routing::get(get).put(replace).delete(delete),
        )
}

pub(crate) async fn list(State(app): State<App>) -> Response {
    let all = app.dashboards.list();
    let all: Vec<&Dashboard> = all.iter().map(AsRef::as_ref).collect();
    Json(all).into_response()
}

pub(crate) async fn create(
    State(app): State<App>,
    actor: Actor,
    extract::Json(definition): extract::Json<DashboardDef>,
) -> Response {
    let change = Change::made("create", KIND, &definition.name);
    let created = app.dashboards.create(definition, &actor).await;
    change.on(match created {
        Ok(made) => (StatusCode::CREATED, Json(made.as_ref())).into_response(),
        Err(failure) => failure.into_response(),
    })
}

pub(crate) async fn get(State(app): State<App>, Name(id): Name) -> Result<Response, Failure> {
    Ok(Json(app.dashboards.get(&id)?.as_ref()).into_response())
}

pub(crate) async fn replace(
    State(app): State<App>,
    actor: Actor,
    Name(id): Name,
    extract::Json(definition): extract::Json<DashboardDef>,
) -> Response {
    let change = Change::made("update", KIND, &definition.name);
    let replaced = app.dashboards.replace(&id, definition, &actor).await;
    change.on(match replaced {
        Ok(made) => Json(made.as_ref()).into_response(),
        Err(failure) => failure.into_response(),
    })
}

pub(crate) async fn delete(State(app): State<App>, Name(id): Name) -> Response {
    match app.dashboards.delete(&id).await {
        Ok(gone) => {
            Change::made("delete", KIND, &gone.name).on(StatusCode::NO_CONTENT.into_response())
        }
        Err(failure) => Change::made("delete", KIND, id).on(failure.into_response()),
    }
}
