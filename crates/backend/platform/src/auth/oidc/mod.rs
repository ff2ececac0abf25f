//! Sign-in by OpenID Connect: authorization code with PKCE, beside passwords.
//!
//! Whoever signs in so is no user of this backend: they are known by issuer and subject, and their
//! role is what the provider's claims say at that moment.

mod calls;
mod claims;
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
    claims::{Claims, Expected},
    pending::{Begun, Pending},
    provider::Provider,
};
use super::{
    Actor,
    seal::Seal,
    sessions::{Federated, Holder},
};
use crate::{clock, delivery::masked::masked_words, outbound::Outbound, random};

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
    async fn begin(&self, origin: &str, next: &str) -> Result<(String, String, String), Refused> {
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
            next: self.safe(next).to_string(),
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

    /// Who it is, where everything fits.
    async fn finish(&self, answer: &Answer, kept: Vec<String>) -> Result<SignedIn, Refused> {
        let kept = kept.iter().map(String::as_str);
        let begun = self.pending.take(&answer.state, kept).ok_or_else(|| {
            let words = "This sign-in was begun in another browser or too long ago, or it has \
                         been used already.";
            Refused::new(StatusCode::BAD_REQUEST, words)
        })?;
        let settings = &self.settings;
        let metadata = self.provider.metadata(settings).await;
        let metadata = metadata.map_err(|reason| self.unreachable(reason))?;
        let named = metadata.authorization_response_iss_parameter_supported;
        if answer.iss != settings.issuer && (named || !answer.iss.is_empty()) {
            let words = format!("The answer is not of {}.", settings.name);
            return Err(Refused::new(StatusCode::BAD_REQUEST, words));
        }
        if answer.code.is_empty() {
            return Err(self.denied(&answer.error));
        }
        let tokens = self.provider.exchange(settings, &answer.code, &begun).await;
        let tokens = tokens.map_err(|reason| self.unreachable(reason))?;
        let claims = self.provider.verified(settings, &tokens.id_token).await;
        let mut claims = claims.map_err(|reason| self.unreachable(reason))?;
        let expected = Expected {
            issuer: &settings.issuer,
            client_id: &settings.client_id,
            nonce: &begun.nonce,
            now: clock::now_ms() / 1000,
        };
        let checked = claims.check(&expected);
        checked.map_err(|why| self.unreachable(format!("the token cannot be believed: {why}")))?;
        let completed = self.provider.complete(settings, &mut claims, &tokens).await;
        completed.map_err(|reason| self.unreachable(reason))?;
        let (actor, holder) = self.person(&claims)?;
        Ok(SignedIn {
            actor,
            holder,
            next: begun.next,
        })
    }

    fn person(&self, claims: &Claims) -> Result<(Actor, Holder), Refused> {
        let settings = &self.settings;
        let subject = claims.text("sub").unwrap_or_default();
        // No issuer holds a `#`, and no user's name a `:`.
        let user = format!("{}#{subject}", settings.issuer);
        let name = claims.name();
        let Some(role) = settings.role(claims) else {
            let words = format!(
                "{} knows you as {name}, but gives you no role here. Ask an administrator of Weir.",
                settings.name
            );
            return Err(Refused {
                who: format!("{name} ({user})"),
                reason: format!("no value of {} has a role", settings.roles_claim),
                ..Refused::new(StatusCode::FORBIDDEN, words)
            });
        };
        let actor = Actor::federated(&user, name.clone(), role);
        let holder = Holder {
            user,
            life: settings.session_life(),
            federated: Some(Federated {
                name,
                role,
                mark: settings.mark(),
            }),
        };
        Ok((actor, holder))
    }

    /// The provider's own word for it, where it is one of those that are known.
    fn denied(&self, error: &str) -> Refused {
        let name = &self.settings.name;
        let words = match error {
            "access_denied" => format!("{name} did not let you in, or you went back."),
            "login_required" | "interaction_required" | "consent_required" => {
                format!("{name} wants to ask you something first.")
            }
            "temporarily_unavailable" | "server_error" => format!("{name} is not available now."),
            _ => format!("{name} did not answer as expected. The log of Weir's server says more."),
        };
        let code = error
            .chars()
            .filter(|c| c.is_ascii_lowercase() || *c == '_');
        let code: String = code.take(40).collect();
        Refused {
            reason: format!("it answered '{code}'"),
            ..Refused::new(StatusCode::UNAUTHORIZED, words)
        }
    }

    fn unreachable(&self, reason: String) -> Refused {
        let name = &self.settings.name;
        let words = format!(
            "{name} could not be asked, or its answer could not be believed. The log of Weir's \
             server says more."
        );
        Refused {
            reason: one_line(&reason),
            ..Refused::new(StatusCode::BAD_GATEWAY, words)
        }
    }

    /// A path of the console, or its beginning. With the rest it fits in a cookie.
    fn safe<'a>(&'a self, next: &'a str) -> &'a str {
        let usable = |c: char| c.is_ascii_graphic() && !matches!(c, '\\' | '"');
        let plain = next.len() <= 2000 && next.chars().all(usable);
        let path = next.split(['?', '#']).next().unwrap_or_default();
        // Browsers take them for `..`, which leads out of the console, however they are encoded.
        let leads_out = path.split('/').any(|part| {
            let part = part.to_ascii_lowercase().replace("%2e", ".");
            part == "." || part == ".."
        });
        let inside = path.starts_with(&self.base_path) && !path.contains("//") && !leads_out;
        match plain && inside {
            true => next,
            false => &self.base_path,
        }
    }
}

/// Words that the provider may have written, for a log.
fn one_line(words: &str) -> String {
    let masked = masked_words(words);
    let plain = masked.chars().map(|c| if c.is_control() { ' ' } else { c });
    let plain: String = plain.take(400).collect();
    plain.trim().to_string()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{settings::tests::settings, *};

    fn oidc(base_path: &str) -> Oidc {
        let setup = Setup {
            settings: settings(),
            outbound: Outbound::default(),
            base_path: base_path.to_string(),
        };
        Oidc::new(setup, [1; 64])
    }

    #[test]
    fn it_goes_on_within_the_console_only() {
        for (base, next, safe) in [
            ("/", "/c/local/streams?q=a%20b", "/c/local/streams?q=a%20b"),
            ("/", "", "/"),
            ("/", "//evil.example", "/"),
            ("/", "/\\evil.example", "/"),
            ("/", "https://evil.example", "/"),
            ("/", "/a\r\nSet-Cookie: x", "/"),
            ("/", "/\tevil", "/"),
            ("/", "javascript:alert(1)", "/"),
            ("/", "/..//evil.example", "/"),
            ("/", "/.//evil.example", "/"),
            ("/", "/%2e%2E//evil.example", "/"),
            ("/", "/a//evil.example", "/"),
            ("/", "/a\"b", "/"),
            ("/", "/a?x=../b//c", "/a?x=../b//c"),
            ("/", "/...", "/..."),
            ("/weir/", "/weir/../other", "/weir/"),
            ("/weir/", "/weir/%2e%2e/other", "/weir/"),
            ("/weir/", "/weir/.%2E", "/weir/"),
            ("/weir/", "/weir/c/local", "/weir/c/local"),
            ("/weir/", "/c/local", "/weir/"),
            ("/weir/", "/weirdly", "/weir/"),
        ] {
            assert_eq!(oidc(base).safe(next), safe, "{next:?}");
        }
        assert_eq!(oidc("/").safe(&format!("/{}", "a".repeat(2000))), "/");
    }

    #[test]
    fn somebody_is_known_by_issuer_and_subject_whatever_they_call_themselves() {
        let holder = |sub: &str| {
            let claims = json!({"sub": sub, "preferred_username": "admin", "groups": "staff"});
            let (actor, holder) = oidc("/").person(&Claims::of(claims)).expect("a role");
            assert_eq!(actor.name(), "admin (https://id.example)");
            assert_eq!(actor.owner().id, holder.user);
            holder.user
        };
        assert_eq!(holder("17"), "https://id.example#17");
        assert_ne!(holder("17"), holder("18"));
        assert!(crate::auth::people::check_name(&holder("17")).is_err());
        let without = oidc("/").person(&Claims::of(json!({"sub": "17", "name": "Ann"})));
        let refused = without.expect_err("refused");
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        assert_eq!(refused.who, "Ann (https://id.example#17)");
    }
}
