//! `/dictionaries`. The embedded backend's SQL knows none, so there are none.

use axum::Json;
use weir_api::timeplus::dictionary::Dictionary;

use crate::{Services, error::HttpError, extract::Name};
use weir_platform::{operations::Operations, revision::Revision};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("dictionary")
        .all_only(Revision::Y2026)
        .get("/dictionaries", list)
        .get("/dictionaries/{name}", missing)
        .delete("/dictionaries/{name}", missing)
}

async fn list() -> Json<Vec<Dictionary>> {
    Json(Vec::new())
}

async fn missing(Name(name): Name) -> HttpError {
    HttpError::not_found(format!("dictionary '{name}'"))
}
