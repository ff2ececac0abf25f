//! Lets only signed-in callers through.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Actor, Auth, Caller, keys::Key};
use crate::error::Failure;

const API_KEY: &str = "x-api-key";

/// `X-Api-Key` beats HTTP Basic, which beats the session cookie. The answer 401 carries no
/// `WWW-Authenticate`: browsers would ask for a password in a dialog of their own.
pub async fn authenticate(
    State(auth): State<Arc<Auth>>,
    mut request: Request,
    next: Next,
) -> Response {
    let actor = match auth.actor(request.headers()).await {
        Ok(actor) => actor,
        Err(reason) => return unauthorized(reason).into_response(),
    };
    if let Some(caller) = request.extensions().get::<Caller>() {
        caller.set(actor.clone());
    }
    request.extensions_mut().insert(actor);
    next.run(request).await
}

pub(super) fn unauthorized(reason: &str) -> Failure {
    Failure::new(StatusCode::UNAUTHORIZED, reason)
}

impl Auth {
    async fn actor(&self, headers: &HeaderMap) -> Result<Actor, &'static str> {
        if let Some(key) = headers.get(API_KEY) {
            return self.by_key(key.to_str().unwrap_or_default());
        }
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let (user, password) = basic(value.to_str().unwrap_or_default())
                .ok_or("the Authorization header is not HTTP Basic")?;
            return self
                .check_password(&user, &password)
                .await
                .ok_or("user or password is wrong");
        }
        self.by_session(headers).ok_or("not signed in")
    }

    /// For the APIs of other vendors, which send the key in headers of their own.
    pub fn by_key(&self, secret: &str) -> Result<Actor, &'static str> {
        let key = self.keys.find(secret).ok_or("the API key is not known")?;
        self.owner(key)
    }

    /// For signed requests: the secret of the API key that the caller names, to check the signature
    /// with, and the caller if it is right.
    pub fn by_key_id(&self, id: &str) -> Result<(String, Actor), &'static str> {
        let (secret, key) = self.keys.with_secret(id).ok_or("the key id is not known")?;
        Ok((secret, self.owner(key)?))
    }

    fn owner(&self, key: Key) -> Result<Actor, &'static str> {
        if key.has_expired() {
            return Err("the API key has expired");
        }
        let user = self.users.get(&key.user);
        let user = user.ok_or("the API key's user does not exist any more")?;
        Ok(Actor::user(&key.user, user.role).by_key(&key.name, key.permissions))
    }

    pub fn by_session(&self, headers: &HeaderMap) -> Option<Actor> {
        let name = self.sessions.user(headers)?;
        let user = self.users.get(&name)?;
        Some(Actor::user(&name, user.role))
    }
}

/// User and password of a Basic credential.
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_string(), password.to_string()))
}
