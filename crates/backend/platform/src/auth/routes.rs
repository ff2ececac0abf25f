//! Signing in and out: `/signin` and `/api/session`.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    Json,
    extract::{ConnectInfo, State},
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use weir_api::{
    role::Role,
    session::{OpenSession, Provider, Ways},
};

use super::{
    Actor, Auth, Caller,
    middleware::{attempt, unauthorized},
};
use crate::{
    audit::Change,
    error::Failure,
    extract::{self, Query},
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
) -> Result<Response, Failure> {
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
    let answer = (StatusCode::UNAUTHORIZED, Html(LINK_OVER));
    Ok(Change::made("sign_in", "session", "by link").on(answer.into_response()))
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
) -> Result<Response, Failure> {
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
) -> Result<Json<SignedIn>, Failure> {
    let actor = auth.by_session(&headers);
    let actor = actor.ok_or_else(|| unauthorized("not signed in"))?;
    Ok(Json(SignedIn::new(&auth, actor)))
}

pub async fn sign_out(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let change = match auth.by_session(&headers) {
        Some(actor) => {
            caller.set(actor);
            Change::made("sign_out", "session", "")
        }
        None => Change::None,
    };
    let cookie = auth.sessions.end(&headers).await?;
    let answer = (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]);
    Ok(change.on(answer.into_response()))
}

/// The caller's own sessions, newest first.
pub async fn list(
    State(auth): State<Arc<Auth>>,
    headers: HeaderMap,
) -> Result<Json<Vec<OpenSession>>, Failure> {
    let actor = signed_in(&auth, &headers)?;
    Ok(Json(auth.sessions.list(&actor.user, &headers)))
}

/// Ends all sessions of the caller, this one too.
pub async fn sign_out_everywhere(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let actor = signed_in(&auth, &headers)?;
    caller.set(actor.clone());
    auth.sessions.end_all(&actor.user, None).await?;
    let cookie = auth.sessions.end(&headers).await?;
    let answer = (StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]);
    Ok(Change::made("sign_out", "session", "everywhere").on(answer.into_response()))
}

pub async fn end_session(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
    extract::Name(id): extract::Name,
) -> Result<Response, Failure> {
    let actor = signed_in(&auth, &headers)?;
    caller.set(actor.clone());
    match auth.sessions.end_one(&actor.user, &id).await? {
        true => {
            let answer = StatusCode::NO_CONTENT.into_response();
            Ok(Change::made("sign_out", "session", id).on(answer))
        }
        false => Err(Failure::not_found(format!("session '{id}'"))),
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
) -> Result<Response, Failure> {
    let actor = signed_in(&auth, &headers)?;
    caller.set(actor.clone());
    actor.must_be_user("a password")?;
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
pub fn signed_in(auth: &Auth, headers: &HeaderMap) -> Result<Actor, Failure> {
    let actor = auth.by_session(headers);
    actor.ok_or_else(|| unauthorized("not signed in"))
}
