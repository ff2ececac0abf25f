//! What a provider publishes, as fetched last.

use std::time::{Duration, Instant};

use axum::http::Method;
use serde::Deserialize;

use super::{
    calls,
    settings::{Settings, is_safe},
    signature::Keys,
};
use crate::outbound::{self, Outbound};

/// `/.well-known/openid-configuration`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: String,
    pub(super) token_endpoint: String,
    pub(super) jwks_uri: String,
    pub(super) userinfo_endpoint: Option<String>,
    /// Where a browser signs out of the provider, too.
    pub(super) end_session_endpoint: Option<String>,
    /// Answers to the browser name the issuer.
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

impl Metadata {
    pub(super) async fn fetch(outbound: &Outbound, settings: &Settings) -> Result<Self, String> {
        let base = settings.issuer.trim_end_matches('/');
        let url = format!("{base}/.well-known/openid-configuration");
        let metadata: Self = calls::get(outbound, &url, None).await.map_err(|words| {
            format!(
                "its configuration cannot be read from /.well-known/openid-configuration: {words}"
            )
        })?;
        if metadata.issuer != settings.issuer {
            return Err(format!(
                "it calls itself '{:.200}', and oidc.issuer has to be the same",
                metadata.issuer
            ));
        }
        let addresses = [
            &metadata.authorization_endpoint,
            &metadata.token_endpoint,
            &metadata.jwks_uri,
        ];
        let optional = metadata
            .userinfo_endpoint
            .iter()
            .chain(&metadata.end_session_endpoint);
        for address in addresses.into_iter().chain(optional) {
            let safe = outbound::url(address).is_ok_and(|url| is_safe(&url));
            if !safe {
                return Err("it names an address without https://".into());
            }
        }
        Ok(metadata)
    }
}

/// What was fetched last, and when it was last asked for.
pub(super) struct Published<T> {
    pub(super) value: Option<T>,
    asked: Option<Instant>,
    pub(super) failure: String,
}

impl<T> Default for Published<T> {
    fn default() -> Self {
        Self {
            value: None,
            asked: None,
            failure: String::new(),
        }
    }
}

impl<T> Published<T> {
    pub(super) fn is_younger_than(&self, age: Duration) -> bool {
        self.asked.is_some_and(|asked| asked.elapsed() < age)
    }

    /// What was there before stays where it cannot be fetched.
    pub(super) fn take(&mut self, fetched: Result<T, String>) {
        self.asked = Some(Instant::now());
        match fetched {
            Ok(value) => self.value = Some(value),
            Err(failure) => self.failure = failure,
        }
    }
}

/// Those at the provider's address for them.
pub(super) async fn fetch_keys(outbound: &Outbound, uri: &str) -> Result<Keys, String> {
    let words = |words| format!("its keys cannot be read: {words}");
    let call = calls::call(Method::GET, uri).map_err(words)?;
    let answer = calls::send(outbound, call).await.map_err(words)?;
    let keys = Keys::read(&answer.body).filter(|_| answer.status.is_success());
    keys.ok_or_else(|| words(format!("status {}", answer.status.as_u16())))
}
