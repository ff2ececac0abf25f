//! Roles.

use axum::{Json, Router};
use weir_api::role::Role;

use crate::Services;

pub(crate) fn routes() -> Router<Services> {
    Router::new().route("/roles", axum::routing::get(list))
}

async fn list() -> Json<[Role; 2]> {
    Json(Role::ALL)
}
