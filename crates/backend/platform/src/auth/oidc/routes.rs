//! `/signin/oidc`: to the provider, and back from it.

use std::sync::Arc;

use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, header, uri::Authority},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{Answer, Oidc, Refused};
use crate::{
    audit::Change,
    auth::{
        Auth, Caller,
        cookies::{cookies, is_secure},
    },
    error::HttpError,
    extract::Query,
    html,
};

const FAILED: &str = include_str!("failed.html");

#[derive(Deserialize)]
pub struct Wanted {
    /// The path to go on with.
    #[serde(default)]
    next: String,
}

pub async fn begin(
    State(auth): State<Arc<Auth>>,
    headers: HeaderMap,
    Query(wanted): Query<Wanted>,
) -> Result<Response, HttpError> {
    let oidc = of(&auth)?;
    let origin = origin(&headers)?;
    let (to, state, kept) = match oidc.begin(&origin, &wanted.next).await {
        Ok(begun) => begun,
        Err(refused) => return Ok(oidc.page(&refused)),
    };
    let mut answer = leading(&to).into_response();
    let begun = auth.names.away(&state, &headers);
    let life = super::LIFE.as_secs();
    keep(&mut answer, &headers, &begun, &kept, life);
    for name in auth.names.stale(&headers) {
        keep(&mut answer, &headers, &name, "", 0);
    }
    Ok(answer)
}

/// What the browser keeps while it is away, for so many seconds. The provider's page leads back, so
/// that it has to come along from there.
fn keep(answer: &mut Response, to: &HeaderMap, name: &str, value: &str, life: u64) {
    let secure = if is_secure(to) { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; HttpOnly; SameSite=Lax; Path=/; Max-Age={life}{secure}");
    if let Ok(cookie) = HeaderValue::try_from(cookie) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

pub async fn callback(
    State(auth): State<Arc<Auth>>,
    axum::Extension(caller): axum::Extension<Caller>,
    headers: HeaderMap,
    Query(answer): Query<Answer>,
) -> Result<Response, HttpError> {
    let oidc = of(&auth)?;
    let by = format!("by OpenID Connect of {}", oidc.settings.issuer);
    let name = auth.names.away(&answer.state, &headers);
    let kept: Vec<String> = cookies(&headers, &name).map(str::to_string).collect();
    let forget = |answer: &mut Response| {
        if cookies(&headers, &name).next().is_some() {
            keep(answer, &headers, &name, "", 0);
        }
    };
    let finished = oidc.finish(&answer, kept).await;
    let signed_in = match finished {
        Ok(signed_in) => signed_in,
        Err(refused) => {
            let how = format!(" {by}: {}", refused.reason);
            let change = Change::made("sign_in", "session", &refused.who).with_detail(how);
            let mut page = oidc.page(&refused);
            forget(&mut page);
            return Ok(change.on(page));
        }
    };
    let session = auth.sessions.start(signed_in.holder, &headers).await?;
    let who = signed_in.actor.label();
    let change = Change::made("sign_in", "session", who).with_detail(format!(" {by}"));
    caller.set(signed_in.actor);
    let answer = ([(header::SET_COOKIE, session)], leading(&signed_in.next));
    let mut answer = answer.into_response();
    forget(&mut answer);
    Ok(change.on(answer))
}

fn of(auth: &Auth) -> Result<&Oidc, HttpError> {
    let oidc = auth.oidc.as_ref();
    oidc.ok_or_else(|| HttpError::not_found("sign-in by OpenID Connect"))
}

/// The address holds what proves somebody: it is in no cache, and told to nobody.
fn leading(to: &str) -> impl IntoResponse + use<> {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    (headers, Redirect::to(to))
}

/// Scheme and host as the browser asked for them; that the host is one of ours was checked.
pub(in crate::auth) fn origin(headers: &HeaderMap) -> Result<String, HttpError> {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let host = host.and_then(|host| host.parse::<Authority>().ok());
    let host = host.filter(|host| !host.as_str().contains('@'));
    let host = host.ok_or_else(|| HttpError::bad_request("the Host header is no host"))?;
    let scheme = if is_secure(headers) { "https" } else { "http" };
    Ok(format!("{scheme}://{host}"))
}

impl Oidc {
    fn page(&self, refused: &Refused) -> Response {
        tracing::warn!("sign-in by OpenID Connect: {}", refused.reason);
        let page = FAILED
            .replace("{base}", &html::escaped(&self.base_path))
            .replace("{provider}", &html::escaped(&self.settings.name))
            .replace("{words}", &html::escaped(&refused.words));
        html::page(refused.status, page)
    }
}
