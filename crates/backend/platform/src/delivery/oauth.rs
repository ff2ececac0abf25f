//! OAuth 2 with client credentials: a token is fetched when it is needed and kept until it ends.

use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use tokio::sync::Mutex;
use weir_api::request::encode;

use super::{FieldErrors, Properties, target};
use crate::outbound::{self, Answer, Call, Outbound};

/// A token is not used any more so long before its end.
const MARGIN: Duration = Duration::from_secs(10);
/// Bytes of a token's answer.
const LIMIT: usize = 64 << 10;

pub(super) struct OAuth {
    url: Uri,
    key: String,
    secret: String,
    scopes: String,
    timeout: Duration,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    token: Option<(HeaderValue, Option<Instant>)>,
    /// The server wants the credentials in the body.
    in_body: bool,
}

impl OAuth {
    pub(super) fn new(
        properties: Properties<'_>,
        timeout: Duration,
        errors: &mut FieldErrors,
    ) -> Option<Self> {
        if !properties.flag("oauth2.enabled") {
            return None;
        }
        for key in ["oauth2.client_key", "oauth2.client_secret"] {
            if properties.text(key).is_empty() {
                errors.add(key, "is needed when OAuth 2 is enabled");
            }
        }
        let url = match outbound::url(&properties.text("oauth2.token_url")) {
            Ok(url) => url,
            Err(message) => {
                errors.add("oauth2.token_url", message);
                return None;
            }
        };
        Some(Self {
            url,
            key: properties.text("oauth2.client_key"),
            secret: properties.text("oauth2.client_secret"),
            scopes: properties.list("oauth2.scopes").join(" "),
            timeout,
            state: Mutex::default(),
        })
    }

    /// The value of `Authorization`.
    pub(super) async fn authorization(&self, outbound: &Outbound) -> Result<HeaderValue, String> {
        // Whoever else needs a token meanwhile waits for this one.
        let mut state = self.state.lock().await;
        if let Some((token, ends)) = &state.token
            && ends.is_none_or(|ends| Instant::now() < ends)
        {
            return Ok(token.clone());
        }
        let (token, ends) = self.fetch(&mut state.in_body, outbound).await?;
        state.token = Some((token.clone(), ends));
        Ok(token)
    }

    /// The server did not take this one.
    pub(super) async fn refused(&self, token: &HeaderValue) {
        let mut state = self.state.lock().await;
        if state
            .token
            .as_ref()
            .is_some_and(|(known, _)| known == token)
        {
            state.token = None;
        }
    }

    async fn fetch(
        &self,
        in_body: &mut bool,
        outbound: &Outbound,
    ) -> Result<(HeaderValue, Option<Instant>), String> {
        let words = |reason: String| format!("no OAuth 2 token: {reason}");
        let mut answer = self.ask(*in_body, outbound).await.map_err(words)?;
        // Servers want the credentials in one of two places.
        if answer.status.is_client_error() && !*in_body {
            let second = self.ask(true, outbound).await.map_err(words)?;
            if second.status.is_success() {
                *in_body = true;
                answer = second;
            }
        }
        if !answer.status.is_success() {
            return Err(words(target::refusal(&answer)));
        }
        #[derive(Deserialize)]
        struct Token {
            access_token: String,
            expires_in: Option<f64>,
        }
        let token: Token = serde_json::from_slice(&answer.body)
            .map_err(|error| words(format!("the answer cannot be read: {error}")))?;
        let value = HeaderValue::try_from(format!("Bearer {}", token.access_token))
            .map_err(|_| words("it holds characters that a header must not".into()))?;
        let ends = token
            .expires_in
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .map(|life| Instant::now() + life.saturating_sub(MARGIN));
        Ok((value, ends))
    }

    async fn ask(&self, in_body: bool, outbound: &Outbound) -> Result<Answer, String> {
        let mut form = String::from("grant_type=client_credentials");
        if !self.scopes.is_empty() {
            form.push_str(&format!("&scope={}", encode(&self.scopes)));
        }
        let mut headers = HeaderMap::new();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        let (key, secret) = (encode(&self.key), encode(&self.secret));
        if in_body {
            form.push_str(&format!("&client_id={key}&client_secret={secret}"));
        } else {
            let basic = format!("Basic {}", STANDARD.encode(format!("{key}:{secret}")));
            let basic = HeaderValue::try_from(basic).map_err(|error| error.to_string())?;
            headers.insert(header::AUTHORIZATION, basic);
        }
        let call = Call {
            method: Method::POST,
            url: self.url.clone(),
            headers,
            body: form.into(),
            timeout: self.timeout,
            limit: LIMIT,
        };
        outbound.send(call).await.map_err(|error| error.to_string())
    }
}
