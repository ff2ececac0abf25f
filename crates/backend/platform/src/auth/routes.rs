//! Signing in and out: `/signin` and `/api/session`.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};
use weir_api::role::Role;

use super::{Actor, Auth, Caller, middleware::unauthorized};
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
        let cookie = auth.sessions.start(&user).await?;
        caller.set(Actor::user(&user, Role::Admin));
        let answer = ([(header::SET_COOKIE, cookie)], Redirect::to("/"));
        return Ok(Change::made("sign_in", "session", "by link").on(answer.into_response()));
    }
    if auth.by_session(&headers).is_some() {
        return Ok(Redirect::to("/").into_response());
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
}

impl From<Actor> for SignedIn {
    fn from(actor: Actor) -> Self {
        Self {
            user: actor.user,
            role: actor.role,
        }
    }
}

pub async fn by_password(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    extract::Json(body): extract::Json<Password>,
) -> Result<Response, Failure> {
    let change = Change::made("sign_in", "session", "by password");
    let Some(actor) = auth.check_password(&body.user, &body.password).await else {
        let answer = unauthorized("user or password is wrong");
        return Ok(change.on(answer.into_response()));
    };
    let cookie = auth.sessions.start(&actor.user).await?;
    caller.set(actor.clone());
    let answer = ([(header::SET_COOKIE, cookie)], Json(SignedIn::from(actor)));
    Ok(change.on(answer.into_response()))
}

pub async fn current(
    State(auth): State<Arc<Auth>>,
    headers: HeaderMap,
) -> Result<Json<SignedIn>, Failure> {
    let actor = auth.by_session(&headers);
    let actor = actor.ok_or_else(|| unauthorized("not signed in"))?;
    Ok(Json(actor.into()))
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
