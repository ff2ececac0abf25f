//! The table of operations of the backend itself: sessions, one's own password, how it is doing.

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, OriginalUri, State},
    http::{HeaderMap, Method, StatusCode},
    middleware::from_fn_with_state,
    routing::{MethodRouter, any},
};
use weir_api::session::Usage;
use weir_platform::{
    access::before_sign_in,
    auth::{middleware::authenticate, oidc::routes as oidc, peers, routes as auth},
    error::HttpError,
    extract::SIGN_IN_LIMIT,
    operations::{Operations, plainly},
    revision::Revision,
};

use crate::metrics::{self, Health};

/// For people, who are known by their session: the handlers look for it.
fn sessions() -> Operations<Health> {
    Operations::of("session")
        .public()
        .get("/session", auth::current)
        .post("/session", auth::by_password)
        .delete("/session", auth::sign_out)
        .get("/session/ways", auth::ways)
        .put("/session/password", auth::change_password)
        .get("/session/usage", usage)
        .get("/sessions", auth::list)
        .delete("/sessions", auth::sign_out_everywhere)
        .get("/sessions/everybody", auth::list_all)
        .delete("/sessions/everybody/{id}", auth::end_any)
        .delete("/sessions/users/{name}", auth::end_all_of)
        .delete("/sessions/{id}", auth::end_session)
        // For other processes that serve the same people.
        .get(peers::PATH, peers::ended)
}

fn figures() -> Operations<Health> {
    Operations::of("metrics").get("/metrics", metrics::metrics)
}

fn others() -> Operations<Health> {
    Operations::of("session")
        .public()
        .get("/healthz", metrics::healthz)
        .get("/signin", auth::by_link)
        .get("/signin/oidc", oidc::begin)
        .get("/signin/oidc/callback", oidc::callback)
}

/// At `/api`.
pub(crate) fn session_routes(state: &Health) -> Router {
    router(sessions(), state)
        .route("/{*unknown}", any(unknown))
        .layer(before_sign_in())
        .layer(DefaultBodyLimit::max(SIGN_IN_LIMIT))
}

pub(crate) fn figures_routes(state: &Health) -> Router {
    router(figures(), state)
}

/// Outside of what the console's pages ask for.
pub(crate) fn other_routes(state: &Health) -> Router {
    router(others(), state)
}

fn router(operations: Operations<Health>, state: &Health) -> Router {
    let identify = |handler: MethodRouter<Health>| {
        let auth = state.platform.auth.clone();
        handler.layer(from_fn_with_state(auth, authenticate))
    };
    operations
        .router(Revision::Both, identify, plainly, state)
        .with_state(state.clone())
}

/// What somebody who is signed in uses of what there is.
async fn usage(State(health): State<Health>, headers: HeaderMap) -> Result<Json<Usage>, HttpError> {
    let actor = auth::signed_in(&health.platform.auth, &headers)?;
    let owner = actor.owner();
    let connections = &health.platform.auth.connections;
    let open = connections.list().get(&owner.id).copied();
    Ok(Json(Usage {
        connections: open.unwrap_or(0) as u64,
        connections_limit: connections.most_per_user() as u64,
        ..health.queries.usage(&owner)
    }))
}

async fn unknown(method: Method, OriginalUri(uri): OriginalUri) -> HttpError {
    let words = format!("there is no {method} {}", uri.path());
    HttpError::new(StatusCode::NOT_FOUND, words)
}
