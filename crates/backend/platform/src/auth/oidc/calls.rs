//! Calls to a provider, and what its answers are read as.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, Method, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, de::DeserializeOwned};
use weir_api::request::encode;

use super::settings::Settings;
use crate::outbound::{self, Answer, Call, Outbound};

/// Of one call.
const TIMEOUT: Duration = Duration::from_secs(10);
/// Bytes of an answer.
const LIMIT: usize = 256 << 10;

/// Of OAuth 2.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct OAuthError {
    pub(super) error: String,
    pub(super) error_description: String,
}

/// What is at `url`, perhaps only for whoever has an access token.
pub(super) async fn get<T: DeserializeOwned>(
    outbound: &Outbound,
    url: &str,
    token: Option<&str>,
) -> Result<T, String> {
    let mut call = call(Method::GET, url)?;
    if let Some(token) = token {
        let bearer = HeaderValue::try_from(format!("Bearer {token}"));
        let bearer = bearer.map_err(|_| "its access token is no text of a header")?;
        call.headers.insert(header::AUTHORIZATION, bearer);
    }
    let answer = send(outbound, call).await?;
    match answer.status.is_success() {
        true => read(&answer),
        false => Err(format!("status {}", answer.status.as_u16())),
    }
}

pub(super) async fn send(outbound: &Outbound, call: Call) -> Result<Answer, String> {
    let sent = outbound.send(call).await;
    sent.map_err(|error| error.to_string())
}

pub(super) fn call(method: Method, url: &str) -> Result<Call, String> {
    let mut headers = HeaderMap::new();
    headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    Ok(Call {
        method,
        url: outbound::url(url)?,
        headers,
        body: bytes::Bytes::new(),
        timeout: TIMEOUT,
        limit: LIMIT,
    })
}

pub(super) fn token_call(
    settings: &Settings,
    url: &str,
    form: &str,
    secret_in_body: bool,
) -> Result<Call, String> {
    let mut call = call(Method::POST, url)?;
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    call.headers.insert(header::CONTENT_TYPE, kind);
    let id = encode(&settings.client_id);
    let secret = settings.client_secret.as_ref();
    let secret = secret.map(|secret| encode(secret.text()));
    let form = match secret {
        None => format!("{form}&client_id={id}"),
        Some(secret) if secret_in_body => format!("{form}&client_id={id}&client_secret={secret}"),
        Some(secret) => {
            let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
            let basic = HeaderValue::try_from(basic).map_err(|error| error.to_string())?;
            call.headers.insert(header::AUTHORIZATION, basic);
            form.to_string()
        }
    };
    call.body = form.into();
    Ok(call)
}

/// Its words repeat nothing of the answer, which may hold a token.
pub(super) fn read<T: DeserializeOwned>(answer: &Answer) -> Result<T, String> {
    serde_json::from_slice(&answer.body)
        .map_err(|_| "the answer is not the JSON that was expected".into())
}

pub(super) fn refusal(answer: &Answer) -> OAuthError {
    match answer.status.is_success() {
        true => OAuthError::default(),
        false => serde_json::from_slice(&answer.body).unwrap_or_default(),
    }
}
