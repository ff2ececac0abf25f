//! What is asked of the provider itself: what it publishes, a token for a code, more about
//! somebody.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use serde::Deserialize;
use tokio::sync::Mutex;
use weir_api::request::encode;

use super::{
    calls,
    claims::Claims,
    pending::Begun,
    published::{self, Metadata, Published},
    settings::Settings,
    signature::{Keys, Outcome, Token},
};
use crate::outbound::Outbound;

/// What is published is asked for anew after so long.
const FRESH: Duration = Duration::from_secs(60 * 60);
/// For an unknown key no sooner than after this.
const AGAIN: Duration = Duration::from_secs(60);
/// Where there was no answer, it is not asked again for so long.
const REST: Duration = Duration::from_secs(5);

pub(super) struct Provider {
    outbound: Outbound,
    metadata: Mutex<Published<Metadata>>,
    keys: Mutex<Published<Keys>>,
    again: Duration,
    /// It wants the client's secret in the body.
    secret_in_body: AtomicBool,
}

#[derive(Deserialize)]
pub(super) struct Tokens {
    pub(super) id_token: String,
    access_token: Option<String>,
}

impl Provider {
    pub(super) fn new(outbound: Outbound) -> Self {
        Self {
            outbound,
            metadata: Mutex::default(),
            keys: Mutex::default(),
            again: AGAIN,
            secret_in_body: AtomicBool::new(false),
        }
    }

    pub(super) async fn metadata(&self, settings: &Settings) -> Result<Metadata, String> {
        let mut published = self.metadata.lock().await;
        let age = match published.value {
            Some(_) => FRESH,
            None => REST,
        };
        if !published.is_younger_than(age) {
            let fetched = Metadata::fetch(&self.outbound, settings).await;
            published.take(fetched);
        }
        let known = published.value.clone();
        known.ok_or_else(|| published.failure.clone())
    }

    /// Trades the code of a sign-in for tokens, which are still to be checked.
    pub(super) async fn exchange(
        &self,
        settings: &Settings,
        code: &str,
        begun: &Begun,
    ) -> Result<Tokens, String> {
        let metadata = self.metadata(settings).await?;
        let form = format!(
            "grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}",
            encode(code),
            encode(&begun.redirect_uri),
            encode(&begun.verifier),
        );
        let in_body = self.secret_in_body.load(Ordering::Relaxed);
        let call = calls::token_call(settings, &metadata.token_endpoint, &form, in_body)?;
        let mut answer = calls::send(&self.outbound, call).await?;
        // Providers want the secret in one of two places, and look at the code after it.
        if settings.client_secret.is_some() && calls::refusal(&answer).error == "invalid_client" {
            let call = calls::token_call(settings, &metadata.token_endpoint, &form, !in_body)?;
            answer = calls::send(&self.outbound, call).await?;
            if answer.status.is_success() {
                self.secret_in_body.store(!in_body, Ordering::Relaxed);
            }
        }
        if answer.status.is_success() {
            return calls::read(&answer);
        }
        let said = calls::refusal(&answer);
        let words = format!(
            "no token for the code: status {}, {} {}",
            answer.status.as_u16(),
            said.error,
            said.error_description
        );
        let secret = settings.client_secret.as_ref().map(|secret| secret.text());
        let hidden = [Some(code), Some(begun.verifier.as_str()), secret];
        Err(hidden
            .into_iter()
            .flatten()
            .fold(words, |words, hidden| words.replace(hidden, "******")))
    }

    /// The claims of a token that is signed with one of the provider's keys.
    pub(super) async fn verified(
        &self,
        settings: &Settings,
        token: &str,
    ) -> Result<Claims, String> {
        let doubt = |why: &str| format!("the token cannot be believed: {why}");
        let token = Token::parse(token).map_err(|why| doubt(&why))?;
        let uri = self.metadata(settings).await?.jwks_uri;
        let mut keys = self.keys.lock().await;
        let mut outcome = Outcome::UnknownKey;
        if keys.is_younger_than(FRESH)
            && let Some(known) = &keys.value
        {
            outcome = token.check(known);
        }
        let rest = match keys.value {
            Some(_) => self.again,
            None => REST,
        };
        if outcome == Outcome::UnknownKey && !keys.is_younger_than(rest) {
            let fetched = published::fetch_keys(&self.outbound, &uri).await;
            keys.take(fetched);
            if let Some(known) = &keys.value {
                outcome = token.check(known);
            }
        }
        if keys.value.is_none() {
            return Err(keys.failure.clone());
        }
        match outcome {
            Outcome::Right => {
                Claims::read(&token.payload).ok_or_else(|| doubt("it holds no claims"))
            }
            Outcome::Wrong => Err(doubt("its signature is wrong")),
            Outcome::UnknownKey => Err(doubt("it is signed with a key that is not published")),
        }
    }

    /// What the token does not say of somebody, where the provider tells more. It comes from the
    /// provider itself and is of the same subject, or it does not count.
    pub(super) async fn complete(
        &self,
        settings: &Settings,
        claims: &mut Claims,
        tokens: &Tokens,
    ) -> Result<(), String> {
        let metadata = self.metadata(settings).await?;
        let role = settings.roles.is_empty() || claims.find(&settings.roles_claim).is_some();
        let (Some(url), Some(token)) = (metadata.userinfo_endpoint, &tokens.access_token) else {
            return Ok(());
        };
        if role && claims.has_name() {
            return Ok(());
        }
        let more: Claims = calls::get(&self.outbound, &url, Some(token))
            .await
            .map_err(|words| format!("it does not tell more of who signs in: {words}"))?;
        if more.text("sub") != claims.text("sub") {
            return Err("it tells of somebody else (userinfo)".into());
        }
        claims.fill(more);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex as Held};

    use axum::{Json, Router, routing::get};
    use serde_json::{Value, json};

    use super::{super::settings::tests::settings, super::signature::tests::Signer, *};

    /// A provider that publishes what the test says, and how often its keys were asked for.
    async fn published(keys: Arc<Held<(Vec<Value>, u32)>>) -> Settings {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("port");
        let issuer = format!("http://{}", listener.local_addr().expect("address"));
        let metadata = json!({
            "issuer": issuer, "jwks_uri": format!("{issuer}/keys"),
            "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": format!("{issuer}/token"),
        });
        let asked = move || async move {
            let mut keys = keys.lock().expect("unharmed");
            keys.1 += 1;
            Json(json!({"keys": keys.0}))
        };
        let router = Router::new()
            .route(
                "/.well-known/openid-configuration",
                get(|| async { Json(metadata) }),
            )
            .route("/keys", get(asked));
        tokio::spawn(async { axum::serve(listener, router).await });
        Settings {
            issuer,
            ..settings()
        }
    }

    #[tokio::test]
    async fn new_keys_are_asked_for_once_in_a_while() {
        let (first, second) = (Signer::new("1"), Signer::new("2"));
        let keys = Arc::new(Held::new((vec![first.public()], 0)));
        let settings = published(keys.clone()).await;
        let mut provider = Provider::new(Outbound::default());
        let asked = || keys.lock().expect("unharmed").1;
        let claims = json!({"sub": "17"});
        let token = first.sign(&claims);
        for _ in 0..3 {
            let verified = provider.verified(&settings, &token).await.expect("right");
            assert_eq!(verified.text("sub"), Some("17"));
        }
        assert_eq!(asked(), 1);

        // It signs with a new key now.
        keys.lock().expect("unharmed").0 = vec![second.public()];
        let token = second.sign(&claims);
        let early = provider
            .verified(&settings, &token)
            .await
            .expect_err("unknown");
        assert!(early.contains("not published"), "{early}");
        assert_eq!(asked(), 1, "once a minute");
        provider.again = Duration::ZERO;
        provider.verified(&settings, &token).await.expect("right");
        assert_eq!(asked(), 2);
        let over = provider.verified(&settings, &first.sign(&claims)).await;
        assert!(over.is_err(), "the old key is gone");
    }

    #[tokio::test]
    async fn another_issuer_is_told_by_its_name() {
        let keys = Arc::new(Held::new((Vec::new(), 0)));
        let mut settings = published(keys).await;
        settings.issuer.push('/');
        let provider = Provider::new(Outbound::default());
        let error = provider.metadata(&settings).await.expect_err("another");
        assert!(error.contains("oidc.issuer"), "{error}");
    }
}
