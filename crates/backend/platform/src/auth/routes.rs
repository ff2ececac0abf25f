//! Signing in and out: `/signin` and `/api/session`.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use weir_api::{
    role::Role,
    session::{OpenSession, Provider, SignedOut, Ways},
};

use super::{
    Actor, Auth, Caller,
    middleware::{attempt, unauthorized},
    oidc::routes::origin,
};
use crate::{
    audit::Change,
    error::HttpError,
    extract::{self, Query},
    html,
};

const LINK_OVER: &str = include_str!("link_over.html");

#[derive(Deserialize)]
pub struct Link {
    #[serde(default)]
    token: String,
}

/// Trades the link's token for a session. A browser that is signed in already just gets on.
pub async fn by_link(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
    Query(link): Query<Link>,
) -> Result<Response, HttpError> {
    if auth.links.consume(&link.token) {
        let user = auth.link_user();
        let cookie = auth.sign_in(&user, &headers).await?;
        caller.set(Actor::user(&user, Role::Admin));
        let answer = ([(header::SET_COOKIE, cookie)], Redirect::to("./"));
        return Ok(Change::made("sign_in", "session", "by link").on(answer.into_response()));
    }
    if auth.by_session(&headers).is_some() {
        return Ok(Redirect::to("./").into_response());
    }
    let answer = html::page(StatusCode::UNAUTHORIZED, LINK_OVER.into());
    Ok(Change::made("sign_in", "session", "by link").on(answer))
}

#[derive(Deserialize)]
pub struct Password {
    user: String,
    password: String,
}

#[derive(Serialize)]
pub struct SignedIn {
    user: String,
    role: Role,
    /// Where it is not `user`.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Who vouches for somebody that is no user of this backend.
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<String>,
}

impl SignedIn {
    fn new(auth: &Auth, actor: Actor) -> Self {
        let federated = actor.is_federated();
        Self {
            name: federated.then(|| actor.name()),
            provider: auth.provider().filter(|_| federated),
            user: actor.user,
            role: actor.role,
        }
    }
}

/// How people may sign in, beside user and password; asked by whoever is not signed in.
pub async fn ways(State(auth): State<Arc<Auth>>) -> Json<Ways> {
    let provider = auth.provider().map(|name| Provider { name });
    Json(Ways { provider })
}

pub async fn by_password(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    extract::Json(body): extract::Json<Password>,
) -> Result<Response, HttpError> {
    let change = attempt(&body.user, "by password");
    let checked = auth.check_password(&body.user, &body.password, remote.ip());
    let actor = match checked.await {
        Ok(actor) => actor,
        Err(denied) => return Ok(change.on(denied.into_response())),
    };
    let cookie = auth.sign_in(&actor.user, &headers).await?;
    caller.set(actor.clone());
    let body = Json(SignedIn::new(&auth, actor));
    let answer = ([(header::SET_COOKIE, cookie)], body);
    Ok(change.on(answer.into_response()))
}

pub async fn current(
    State(auth): State<Arc<Auth>>,
    headers: HeaderMap,
) -> Result<Json<SignedIn>, HttpError> {
    let actor = auth.by_session(&headers);
    let actor = actor.ok_or_else(|| unauthorized("not signed in"))?;
    Ok(Json(SignedIn::new(&auth, actor)))
}

pub async fn sign_out(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let mut leave = None;
    let change = match auth.by_session(&headers) {
        Some(actor) => {
            leave = leaving(&auth, &actor, &headers).await;
            caller.set(actor);
            Change::made("sign_out", "session", "")
        }
        None => Change::None,
    };
    let cookie = auth.sessions.end(&headers).await?;
    Ok(change.on(signed_out(cookie, leave)))
}

/// The caller's own sessions, newest first.
pub async fn list(
    State(auth): State<Arc<Auth>>,
    headers: HeaderMap,
) -> Result<Json<Vec<OpenSession>>, HttpError> {
    let actor = signed_in(&auth, &headers)?;
    Ok(Json(auth.sessions.list(&actor.user, &headers)))
}

/// Ends all sessions of the caller, this one too.
pub async fn sign_out_everywhere(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, HttpError> {
    let actor = signed_in(&auth, &headers)?;
    caller.set(actor.clone());
    auth.sessions.end_all(&actor.user, None).await?;
    let leave = leaving(&auth, &actor, &headers).await;
    let cookie = auth.sessions.end(&headers).await?;
    let change = Change::made("sign_out", "session", "everywhere");
    Ok(change.on(signed_out(cookie, leave)))
}

/// Where somebody whom a provider signed in signs out of there.
async fn leaving(auth: &Auth, actor: &Actor, headers: &HeaderMap) -> Option<SignedOut> {
    let oidc = auth.oidc.as_ref().filter(|_| actor.is_federated())?;
    let continue_at = oidc.sign_out(&origin(headers).ok()?).await?;
    Some(SignedOut { continue_at })
}

fn signed_out(cookie: String, leave: Option<SignedOut>) -> Response {
    let cookie = [(header::SET_COOKIE, cookie)];
    match leave {
        Some(leave) => (cookie, Json(leave)).into_response(),
        None => (StatusCode::NO_CONTENT, cookie).into_response(),
    }
}

/// The sessions of everybody, for admins.
pub async fn list_all(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
) -> Result<Json<Vec<OpenSession>>, HttpError> {
    admin(&auth, &caller, &headers)?;
    Ok(Json(auth.sessions.list_all(&headers)))
}

/// Ends a session of somebody.
pub async fn end_any(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
    extract::Name(id): extract::Name,
) -> Result<Response, HttpError> {
    admin(&auth, &caller, &headers)?;
    let ended = auth.sessions.end_any(&id).await?;
    let user = ended.ok_or_else(|| HttpError::not_found(format!("session '{id}'")))?;
    let change = Change::made("sign_out", "session", id).with_detail(format!(" of {user}"));
    Ok(change.on(StatusCode::NO_CONTENT.into_response()))
}

/// Ends all sessions of a user, or of somebody whom a provider signed in.
pub async fn end_all_of(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
    extract::Name(user): extract::Name,
) -> Result<Response, HttpError> {
    admin(&auth, &caller, &headers)?;
    auth.sessions.end_all(&user, None).await?;
    let change = Change::made("sign_out", "session", "all").with_detail(format!(" of {user}"));
    Ok(change.on(StatusCode::NO_CONTENT.into_response()))
}

fn admin(auth: &Auth, caller: &Caller, headers: &HeaderMap) -> Result<(), HttpError> {
    let actor = signed_in(auth, headers)?;
    caller.set(actor.clone());
    match actor.role {
        Role::Admin => Ok(()),
        Role::ReadOnly => Err(actor.refusal("sessions of others are for admins")),
    }
}

pub async fn end_session(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
    extract::Name(id): extract::Name,
) -> Result<Response, HttpError> {
    let actor = signed_in(&auth, &headers)?;
    caller.set(actor.clone());
    match auth.sessions.end_one(&actor.user, &id).await? {
        true => {
            let answer = StatusCode::NO_CONTENT.into_response();
            Ok(Change::made("sign_out", "session", id).on(answer))
        }
        false => Err(HttpError::not_found(format!("session '{id}'"))),
    }
}

#[derive(Deserialize)]
pub struct NewPassword {
    #[serde(default)]
    current_password: String,
    password: String,
}

/// One's own; ends the caller's other sessions.
pub async fn change_password(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    ConnectInfo(remote): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    extract::Json(body): extract::Json<NewPassword>,
) -> Result<Response, HttpError> {
    let actor = signed_in(&auth, &headers)?;
    caller.set(actor.clone());
    actor.must_be_user("a password")?;
    if auth.is_replica() {
        let words = "the password of 'admin' is WEIR_ADMIN_PASSWORD in the environment of all \
                     replicas: change it there, and start them again";
        return Err(HttpError::field("password", words));
    }
    let change = Change::made("update", "user", &actor.user).with_detail(" password".into());
    let confirmed = auth.confirm(&actor.user, &body.current_password, remote.ip());
    if let Err(failure) = confirmed.await {
        return Ok(change.on(failure.into_response()));
    }
    let (user, password) = (&actor.user, Some(body.password.as_str()));
    auth.change_user(user, None, password, &headers).await?;
    Ok(change.on(StatusCode::NO_CONTENT.into_response()))
}

/// Who is signed in by the cookie; 401 where nobody is.
pub fn signed_in(auth: &Auth, headers: &HeaderMap) -> Result<Actor, HttpError> {
    let actor = auth.by_session(headers);
    actor.ok_or_else(|| unauthorized("not signed in"))
}
