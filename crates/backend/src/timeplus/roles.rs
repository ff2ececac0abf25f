//! Roles.

use axum::{Json, Router};
use weir_api::role::Role;

use crate::app::App;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/roles", axum::routing::get(list))
}

async fn list() -> Json<[Role; 2]> {
    Json(Role::ALL)
}
