//! `/databases`, and the `db` parameter of other addresses: there is one database.

use axum::{
    Json,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use weir_api::timeplus::database::Database;

use crate::{Services, error::HttpError, extract::Query};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) const NAME: &str = "default";

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("database")
        .get("/databases", list)
        .only(Revision::Y2026)
}

/// Streams of an engine that the specification does not name, so none is named.
async fn list(State(app): State<Services>) -> Json<Vec<Database>> {
    let views = app.store.views();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let materialized = views.iter().filter(|view| view.materialized).count();
    let counts = [
        ("streams", count(app.store.streams().len())),
        ("views", count(views.len() - materialized)),
        ("materialized_views", count(materialized)),
    ];
    Json(vec![Database {
        name: NAME.into(),
        engine: None,
        count: Some(counts.map(|(kind, count)| (kind.to_string(), count)).into()),
    }])
}

#[derive(Deserialize)]
pub(crate) struct Named {
    db: Option<String>,
}

/// Refuses addresses inside a database that does not exist.
pub(crate) async fn in_database(
    Query(named): Query<Named>,
    request: Request,
    next: Next,
) -> Response {
    match named.db.filter(|db| !db.is_empty() && db != NAME) {
        Some(db) => HttpError::not_found(format!("database '{db}'")).into_response(),
        None => next.run(request).await,
    }
}
