//! Lets only signed-in callers through.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};

use super::{Actor, Auth, Caller, Denied, actor::Proof, keys::Key};
use crate::{audit::Change, error::HttpError};

const API_KEY: &str = "x-api-key";

/// `X-Api-Key` beats HTTP Basic, which beats the session cookie. The answer 401 carries no
/// `WWW-Authenticate`: browsers would ask for a password in a dialog of their own.
pub async fn authenticate(
    State(auth): State<Arc<Auth>>,
    mut request: Request,
    next: Next,
) -> Response {
    let from = remote(&request);
    let actor = match auth.actor(request.headers(), from).await {
        Ok(actor) => actor,
        Err(refused) => return refused.into_response(),
    };
    if let Some(caller) = request.extensions().get::<Caller>() {
        caller.set(actor.clone());
    }
    let open = match auth.connections.of(&actor) {
        Ok(open) => open,
        Err(failure) => return failure.into_response(),
    };
    request.extensions_mut().insert(actor);
    open.over(next.run(request).await)
}

/// Where the connection comes from.
pub fn remote(request: &Request) -> IpAddr {
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip())
}

/// A credential that proves nobody.
enum Refused {
    Other(&'static str),
    Password { user: String, denied: Denied },
}

impl From<&'static str> for Refused {
    fn from(reason: &'static str) -> Self {
        Self::Other(reason)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        match self {
            Self::Other(reason) => unauthorized(reason).into_response(),
            Self::Password { user, denied } => {
                attempt(&user, "by HTTP Basic").on(denied.into_response())
            }
        }
    }
}

/// An attempt to sign in, for the audit log.
pub fn attempt(user: &str, how: &str) -> Change {
    let plain = user.chars().filter(|c| !c.is_control()).take(64);
    Change::made("sign_in", "session", plain.collect::<String>()).with_detail(format!(" {how}"))
}

pub(super) fn unauthorized(reason: &str) -> HttpError {
    HttpError::new(StatusCode::UNAUTHORIZED, reason)
}

impl Auth {
    async fn actor(&self, headers: &HeaderMap, from: IpAddr) -> Result<Actor, Refused> {
        if let Some(key) = headers.get(API_KEY) {
            return Ok(self.by_key(key.to_str().unwrap_or_default())?);
        }
        if let Some(value) = headers.get(header::AUTHORIZATION) {
            let (user, password) = basic(value.to_str().unwrap_or_default())
                .ok_or("the Authorization header is not HTTP Basic")?;
            let checked = self.check_password(&user, &password, from).await;
            return checked.map_err(|denied| Refused::Password { user, denied });
        }
        Ok(self.by_session(headers).ok_or("not signed in")?)
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
        Ok(Actor::user(&key.user, user.role).by_key(key))
    }

    /// Whether the caller would still be let in: for answers that have no end.
    pub fn still_lets_in(&self, actor: &Actor) -> bool {
        if actor.is_federated() {
            return match actor.proof() {
                Proof::Session(session) => self.sessions.is_open(session),
                _ => false,
            };
        }
        let user = self.users.get(&actor.user);
        let Some(user) = user.filter(|user| user.role == actor.role) else {
            return *actor.proof() == Proof::Other;
        };
        match actor.proof() {
            Proof::Other => true,
            Proof::Session(session) => self.sessions.is_open(session),
            Proof::Key(id) => self.keys.holds(id),
            Proof::Password(hash) => user.password_hash.as_ref() == Some(hash),
        }
    }

    pub fn by_session(&self, headers: &HeaderMap) -> Option<Actor> {
        let (session, name, federated) = self.sessions.held(headers)?;
        let actor = match federated {
            Some(person) => Actor::federated(&name, person.name, person.role),
            None => Actor::user(&name, self.users.get(&name)?.role),
        };
        Some(actor.by_session(session))
    }
}

/// User and password of a Basic credential.
pub fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = STANDARD.decode(encoded.trim()).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (user, password) = text.split_once(':')?;
    Some((user.to_string(), password.to_string()))
}
