//! `/tokens`: a token of a day for a user and a password.

use std::net::SocketAddr;

use axum::{
    Json,
    extract::{ConnectInfo, Path, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use weir_platform::operations::Operations;

use super::error::VendorError;
use crate::{
    Services,
    audit::Change,
    auth::middleware::{attempt, basic},
    clock,
};

/// What such keys are called.
const NAME: &str = "Azion token";
const LIFE_MS: i64 = 24 * 60 * 60 * 1000;

pub(super) fn operations() -> Operations<Services> {
    Operations::of("token")
        .public()
        .post("/tokens", create)
        .delete("/tokens/{token}", end)
}

async fn create(
    State(app): State<Services>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, VendorError> {
    let credential = headers.get(header::AUTHORIZATION);
    let credential = credential.and_then(|value| basic(value.to_str().ok()?));
    let (user, password) = credential.ok_or_else(|| {
        let words = "Authentication credentials were not provided: user and password are sent as HTTP Basic.";
        VendorError::new(StatusCode::UNAUTHORIZED, words)
    })?;
    let checked = app.auth.check_password(&user, &password, remote.ip());
    let actor = match checked.await {
        Ok(actor) => actor,
        Err(denied) => {
            let refusal = VendorError::new(denied.status(), denied.words());
            let response = denied.on(refusal.into_response());
            return Ok(attempt(&user, "by password for a token").on(response));
        }
    };
    let now = clock::now_ms();
    let expires = now + LIFE_MS;
    let token = app.auth.keys.token(NAME, &actor.user, expires).await?;
    let answer = json!({
        "token": token, "created_at": clock::iso(now), "expires_at": clock::iso(expires),
    });
    let response = (StatusCode::CREATED, Json(answer)).into_response();
    Ok(Change::made("sign_in", "user", &actor.user).on(response))
}

/// Whoever knows a token may end it.
async fn end(
    State(app): State<Services>,
    Path(token): Path<String>,
) -> Result<StatusCode, VendorError> {
    match app.auth.keys.revoke(&token).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(VendorError::not_found()),
    }
}
