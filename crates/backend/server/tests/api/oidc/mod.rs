//! Sign-in by OpenID Connect, with a real provider: npm's `oidc-provider`.

mod browser;
mod people;
mod replicas;
mod setup;
mod sign_in;

use reqwest::Url;
use serde_json::{Value, json};
use weir_backend::config::Config;
use weir_platform::auth::oidc::Settings;
use weir_services::OpenId;

use self::browser::{Browser, led};
use super::common::{Answer, Backend};

const CALLBACK: &str = "/signin/oidc/callback";

/// A backend and its provider.
struct Place {
    backend: Backend,
    provider: OpenId,
}

fn settings(provider: &OpenId) -> Settings {
    let (id, secret) = OpenId::CLIENT;
    let settings = json!({
        "name": "Example ID", "issuer": provider.issuer, "client_id": id, "client_secret": secret,
        "roles": {"weir-admins": "admin", "staff": "read_only"},
    });
    serde_json::from_value(settings).expect("settings")
}

impl Place {
    /// `None` where the provider cannot run here; `client` is how the provider knows the backend.
    async fn new(mut client: Value, adjust: impl FnOnce(&mut Config)) -> Option<Self> {
        let provider = OpenId::start().expect("a provider")?;
        let backend = Backend::start_with(|config| {
            config.oidc = Some(settings(&provider));
            adjust(config);
        })
        .await;
        let place = Self { backend, provider };
        if client["redirect_uris"].is_null() {
            client["redirect_uris"] = json!([place.url(CALLBACK).as_str()]);
        }
        place.provider.register(&client).expect("registered");
        Some(place)
    }

    fn url(&self, path: &str) -> Url {
        let url = format!("http://{}{path}", self.backend.running.address);
        url.parse().expect("an address")
    }

    /// As far as the provider's answer: the address that the browser is led to.
    async fn answered(&self, browser: &mut Browser, login: &str, next: &str) -> Url {
        let begin = self.url(&format!("/signin/oidc?next={next}"));
        let begun = browser.get(&begin).await.expect(303);
        let cookie = begun.header("set-cookie");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/;"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let start = led(&begin, &begun);
        let home = self.url("/").to_string();
        browser.at_provider(&start, login, &home).await
    }

    async fn sign_in(&self, browser: &mut Browser, login: &str) -> Answer {
        let back = self.answered(browser, login, "").await;
        assert_eq!(back.path(), CALLBACK);
        browser.get(&back).await
    }

    async fn session(&self, browser: &mut Browser) -> Answer {
        browser.get(&self.url("/api/session")).await
    }

    /// The newest sign-ins in the audit log.
    async fn audited(&self, filter: &str) -> String {
        let sql = format!(
            "SELECT actor, status, resource_name, detail FROM table(audit_log) \
             WHERE action = 'sign_in' AND {filter}"
        );
        let limit = std::time::Instant::now() + super::common::PATIENCE;
        loop {
            let mut events = self.backend.query(&sql).await;
            let rows = events.rest().await;
            if let Some(rows) = rows.iter().find(|event| event.is_rows()) {
                return rows.data.clone();
            }
            assert!(std::time::Instant::now() < limit, "nothing where {filter}");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}
