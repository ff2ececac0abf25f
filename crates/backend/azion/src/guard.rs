//! In front of every operation: the version that is asked for, and who asks.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{error::VendorError, v4::Errors};
use crate::{
    Services,
    auth::{Actor, Caller, connections::Open},
};

pub(super) async fn enter(
    State(app): State<Services>,
    mut request: Request,
    next: Next,
) -> Response {
    let open = match let_in(&app, &mut request) {
        Ok(open) => open,
        Err(refusal) => return refusal.into_response(),
    };
    if !asks_for_version_3(request.headers()) {
        let words = "Could not satisfy the request Accept header. Only version=3 is served.";
        return VendorError::new(StatusCode::NOT_ACCEPTABLE, words).into_response();
    }
    open.over(next.run(request).await)
}

/// Which has its version in the address.
pub(super) async fn enter_version_4(
    State(app): State<Services>,
    mut request: Request,
    next: Next,
) -> Response {
    match let_in(&app, &mut request) {
        Ok(open) => open.over(next.run(request).await),
        Err(refusal) => Errors::from(refusal).into_response(),
    }
}

/// In front of what has no version.
pub(super) async fn enter_any_version(
    State(app): State<Services>,
    mut request: Request,
    next: Next,
) -> Response {
    match let_in(&app, &mut request) {
        Ok(open) => open.over(next.run(request).await),
        Err(refusal) => refusal.into_response(),
    }
}

/// Who asks? Counts until the answer has gone.
fn let_in(app: &Services, request: &mut Request) -> Result<Open, VendorError> {
    let actor = caller(app, request.headers())
        .map_err(|words| VendorError::new(StatusCode::UNAUTHORIZED, words))?;
    if let Some(caller) = request.extensions().get::<Caller>() {
        caller.set(actor.clone());
    }
    let open = app.auth.connections.of(&actor);
    let open = open.map_err(|failure| VendorError::new(failure.status(), failure.message()))?;
    request.extensions_mut().insert(actor);
    Ok(open)
}

/// `Authorization: Token …` with an API key, or the session of the console.
fn caller(app: &Services, headers: &HeaderMap) -> Result<Actor, &'static str> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        let actor = app.auth.by_session(headers);
        return actor.ok_or("Authentication credentials were not provided.");
    };
    let value = value.to_str().unwrap_or_default();
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("token") => {
            app.auth.by_key(token.trim()).map_err(|_| "Invalid token.")
        }
        _ => Err("Invalid token header. It has the form: Token …"),
    }
}

/// Clients send a line without a version beside the one that they are told to send; who names no
/// version at all gets the only one.
fn asks_for_version_3(headers: &HeaderMap) -> bool {
    let accept = headers.get_all(header::ACCEPT).into_iter();
    let versions: Vec<&str> = accept
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .filter_map(|part| part.trim().strip_prefix("version="))
        .collect();
    versions.is_empty() || versions.contains(&"3")
}
