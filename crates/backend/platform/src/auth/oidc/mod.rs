//! Sign-in by OpenID Connect: authorization code with PKCE, beside passwords.
//!
//! Whoever signs in so is no user of this backend: they are known by issuer and subject, and their
//! role is what the provider's claims say at that moment.

mod calls;
mod claims;
mod finish;
mod next;
mod pending;
mod provider;
mod published;
pub mod routes;
mod settings;
mod signature;

use std::time::Duration;

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use weir_api::request::encode;

pub use self::settings::{ClientSecret, Settings};
use self::{
    pending::{Begun, Pending},
    provider::Provider,
};
use super::{Actor, seal::Seal, sessions::Holder};
use crate::{outbound::Outbound, random};

/// How long somebody may take at the provider.
const LIFE: Duration = Duration::from_secs(10 * 60);

/// How long somebody who signs out waits for what the provider publishes.
const SIGN_OUT: Duration = Duration::from_secs(3);

/// What sign-in by a provider needs.
pub struct Setup {
    pub settings: Settings,
    pub outbound: Outbound,
    pub base_path: String,
}

pub(super) struct Oidc {
    settings: Settings,
    provider: Provider,
    pending: Pending,
    /// Where browsers find the console; ends with a slash.
    base_path: String,
}

/// Why a sign-in came to nothing.
#[derive(Debug)]
struct Refused {
    status: StatusCode,
    /// For the person.
    words: String,
    /// For the log; the provider's own words are for the administrator.
    reason: String,
    /// As far as it is known.
    who: String,
}

impl Refused {
    fn new(status: StatusCode, words: impl Into<String>) -> Self {
        let words = words.into();
        Self {
            status,
            reason: words.clone(),
            words,
            who: String::new(),
        }
    }
}

/// What the provider sends the browser back with.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct Answer {
    state: String,
    code: String,
    error: String,
    iss: String,
}

/// A sign-in that came to its end.
struct SignedIn {
    actor: Actor,
    holder: Holder,
    next: String,
}

impl Oidc {
    /// `key` signs what browsers keep until they are back.
    pub(super) fn new(setup: Setup, key: [u8; 64]) -> Self {
        Self {
            settings: setup.settings,
            provider: Provider::new(setup.outbound),
            pending: Pending::new(LIFE, Seal::new(key, "sign-in")),
            base_path: setup.base_path,
        }
    }

    pub(super) fn name(&self) -> String {
        self.settings.name.clone()
    }

    pub(super) fn mark(&self) -> String {
        self.settings.mark()
    }

    /// Where to send the browser, the sign-in's state, and what the browser keeps until it comes
    /// back. `origin` is what it asked for.
    async fn begin(&self, origin: &str, wanted: &str) -> Result<(String, String, String), Refused> {
        let metadata = self.provider.metadata(&self.settings).await;
        let metadata = metadata.map_err(|reason| self.unreachable(reason))?;
        let redirect_uri = match &self.settings.redirect_uri {
            Some(uri) => uri.clone(),
            None => format!("{origin}{}{}", self.base_path, settings::CALLBACK),
        };
        let begun = Begun {
            nonce: random::secret(),
            verifier: random::secret(),
            redirect_uri,
            next: next::inside(&self.base_path, wanted).to_string(),
        };
        let challenge = URL_SAFE_NO_PAD.encode(random::digest(&begun.verifier));
        let to = metadata.authorization_endpoint;
        let mut query = format!(
            "response_type=code&client_id={}&redirect_uri={}&scope={}&nonce={}\
             &code_challenge={challenge}&code_challenge_method=S256",
            encode(&self.settings.client_id),
            encode(&begun.redirect_uri),
            encode(&self.settings.scopes.join(" ")),
            begun.nonce,
        );
        let (state, kept) = self.pending.begin(begun);
        query.push_str(&format!("&state={state}"));
        let mark = if to.contains('?') { '&' } else { '?' };
        Ok((format!("{to}{mark}{query}"), state, kept))
    }

    /// Where to send the browser to sign out of the provider, too, where that is possible. It leads
    /// back to the console of `origin`.
    pub(super) async fn sign_out(&self, origin: &str) -> Option<String> {
        let metadata = self.provider.metadata(&self.settings);
        let metadata = tokio::time::timeout(SIGN_OUT, metadata).await.ok()?.ok()?;
        let to = metadata.end_session_endpoint?;
        let mark = if to.contains('?') { '&' } else { '?' };
        let back = format!("{origin}{}", self.base_path);
        Some(format!(
            "{to}{mark}client_id={}&post_logout_redirect_uri={}",
            encode(&self.settings.client_id),
            encode(&back),
        ))
    }
}
