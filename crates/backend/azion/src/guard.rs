//! In front of every operation: the version that is asked for, and who asks.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::{KIND, error::Refusal};
use crate::{
    Services,
    auth::Caller,
    auth::{Actor, permission::Verb},
};

pub(super) async fn enter(
    State(app): State<Services>,
    mut request: Request,
    next: Next,
) -> Response {
    let actor = match caller(&app, request.headers()) {
        Ok(actor) => actor,
        Err(words) => return Refusal::new(StatusCode::UNAUTHORIZED, words).into_response(),
    };
    if let Some(caller) = request.extensions().get::<Caller>() {
        caller.set(actor.clone());
    }
    let allowed = match request.method().is_safe() {
        true => actor.must_have(Verb::Read, KIND),
        false => actor.must_change(KIND),
    };
    if let Err(failure) = allowed {
        return Refusal::from(failure).into_response();
    }
    if !asks_for_version_3(request.headers()) {
        let words = "Could not satisfy the request Accept header. Only version=3 is served.";
        return Refusal::new(StatusCode::NOT_ACCEPTABLE, words).into_response();
    }
    request.extensions_mut().insert(actor);
    next.run(request).await
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

fn asks_for_version_3(headers: &HeaderMap) -> bool {
    let accept = headers.get_all(header::ACCEPT).into_iter();
    accept
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|one| one.split(';').any(|part| part.trim() == "version=3"))
}
