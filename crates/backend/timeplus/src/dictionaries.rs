//! `/dictionaries`. The embedded backend's SQL knows none, so there are none.

use axum::{Json, Router};
use weir_api::timeplus::dictionary::Dictionary;

use crate::{Services, error::Failure, extract::Name};

pub(crate) fn routes() -> Router<Services> {
    Router::new()
        .route("/dictionaries", axum::routing::get(list))
        .route(
            "/dictionaries/{name}",
            axum::routing::get(missing).delete(missing),
        )
}

async fn list() -> Json<Vec<Dictionary>> {
    Json(Vec::new())
}

async fn missing(Name(name): Name) -> Failure {
    Failure::not_found(format!("dictionary '{name}'"))
}
