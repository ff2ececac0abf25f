//! `POST /v3/auth/tokens`: a token is an API key that ends after 24 hours.

use std::net::SocketAddr;

use axum::{
    Json as Answer,
    extract::{ConnectInfo, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::{Value, json};
use weir_api::secmaster::iam::{LIFE_MS, TokenRequest};
use weir_platform::operations::Operations;

use super::{
    DELIVERY,
    vendor_error::{VendorError, code},
    wire::{DEFAULT, Json, Query},
};
use crate::{Services, audit::Change, auth::middleware::attempt, clock};

const SUBJECT_TOKEN: HeaderName = HeaderName::from_static("x-subject-token");
/// What such keys are called.
const NAME: &str = "SecMaster token";

/// A token is asked for with a password.
pub(crate) fn sign_in() -> Operations<Services> {
    Operations::of("token")
        .public()
        .post("/v3/auth/tokens", token)
}

pub(crate) fn operations() -> Operations<Services> {
    Operations::of(DELIVERY)
        .get("/v3/projects", projects)
        .get("/v3/auth/domains", domains)
}

async fn token(
    State(app): State<Services>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    Json(TokenRequest { auth }): Json<TokenRequest>,
) -> Result<Response, VendorError> {
    let refused =
        |words: &str| VendorError::new(StatusCode::UNAUTHORIZED, code::UNAUTHENTICATED, words);
    let user = auth.identity.password.user;
    let project = auth.scope.map(|scope| scope.project.name);
    let checked = app
        .auth
        .check_password(&user.name, &user.password, remote.ip());
    let actor = match checked.await {
        Ok(actor) => actor,
        Err(denied) => {
            let refusal = VendorError::new(denied.status(), code::UNAUTHENTICATED, denied.words());
            let response = denied.on(refusal.into_response());
            return Ok(attempt(&user.name, "by password for a token").on(response));
        }
    };
    if user.domain.name != DEFAULT {
        return Err(refused("the embedded backend's only account is 'default'"));
    }
    if project.is_some_and(|name| name != DEFAULT) {
        return Err(refused("the embedded backend's only project is 'default'"));
    }
    let now = clock::now_ms();
    let expires = now + LIFE_MS;
    let secret = app.auth.keys.token(NAME, &actor.user, expires).await?;
    let domain = json!({"id": DEFAULT, "name": DEFAULT});
    let body = json!({"token": {
        "methods": ["password"],
        "issued_at": clock::iso(now),
        "expires_at": clock::iso(expires),
        "project": {"id": DEFAULT, "name": DEFAULT, "domain": domain},
        "user": {"id": actor.user, "name": actor.user, "domain": domain},
        "catalog": [],
    }});
    let mut response = (StatusCode::CREATED, Answer(body)).into_response();
    let value = HeaderValue::from_str(&secret).map_err(VendorError::internal)?;
    response.headers_mut().insert(SUBJECT_TOKEN, value);
    Ok(Change::made("sign_in", "user", &actor.user).on(response))
}

#[derive(Deserialize)]
struct ByName {
    #[serde(default)]
    name: String,
}

async fn projects(Query(ByName { name }): Query<ByName>) -> Answer<Value> {
    let here = name.is_empty() || name == DEFAULT;
    let project = json!({"id": DEFAULT, "name": DEFAULT, "domain_id": DEFAULT, "enabled": true});
    let projects = here.then_some(project);
    Answer(json!({"projects": projects.into_iter().collect::<Vec<_>>()}))
}

/// Accounts, which the vendor's client asks for where it is not told one.
async fn domains() -> Answer<Value> {
    let domain = json!({"id": DEFAULT, "name": DEFAULT, "enabled": true, "description": ""});
    Answer(json!({"domains": [domain]}))
}
