//! Roles.

use axum::Json;
use weir_api::role::Role;

use crate::Services;
use weir_platform::operations::Operations;

pub(crate) fn operations() -> Operations<Services> {
    Operations::of("role").get("/roles", list)
}

async fn list() -> Json<[Role; 2]> {
    Json(Role::ALL)
}
