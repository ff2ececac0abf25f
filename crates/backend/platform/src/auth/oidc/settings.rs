//! `[oidc]` of the settings, and what they make of claims.

use std::{collections::BTreeMap, fmt, time::Duration};

use axum::http::Uri;
use serde::Deserialize;
use weir_api::{property::duration, role::Role};

use super::claims::Claims;
use crate::{hosts::Hosts, outbound, random};

/// Where a provider sends the browser back to, below the console's path.
pub(super) const CALLBACK: &str = "signin/oidc/callback";

/// A session of somebody whom the provider has put out goes on for so long.
const SESSION_LIFE: Duration = Duration::from_secs(12 * 60 * 60);
/// As long as any session.
const LONGEST_SESSION: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What the button calls the provider.
    pub name: String,
    pub issuer: String,
    pub client_id: String,
    /// None: a client without a secret; PKCE protects the code in either case.
    pub client_secret: Option<ClientSecret>,
    #[serde(default = "usual_scopes")]
    pub scopes: Vec<String>,
    /// `groups`, or a path such as `realm_access.roles`.
    #[serde(default = "usual_claim")]
    pub roles_claim: String,
    /// By values of that claim.
    #[serde(default)]
    pub roles: BTreeMap<String, Role>,
    /// Of whoever has none of these values; none: they are refused.
    pub default_role: Option<Role>,
    /// None: made of the address that the browser asked for.
    pub redirect_uri: Option<String>,
    /// For example `12h`.
    pub session_life: Option<String>,
}

/// Its text is in no message and no log.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct ClientSecret(String);

impl ClientSecret {
    pub(super) fn text(&self) -> &str {
        &self.0
    }
}

impl From<String> for ClientSecret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret")
    }
}

fn usual_scopes() -> Vec<String> {
    ["openid", "profile", "email"].map(String::from).into()
}

fn usual_claim() -> String {
    "groups".into()
}

impl Settings {
    /// What they come to, for whoever checks them; an error names the setting.
    pub fn check(&self) -> Result<String, String> {
        let wrong = |setting: &str, words: &str| Err(format!("oidc.{setting}: {words}"));
        if self.name.trim().is_empty() || self.name.chars().count() > 60 {
            return wrong("name", "1 to 60 characters are needed, for the button");
        }
        if let Err(words) = issuer(&self.issuer) {
            return wrong("issuer", &words);
        }
        if self.client_id.is_empty() {
            return wrong("client_id", "is empty");
        }
        if self
            .client_secret
            .as_ref()
            .is_some_and(|it| it.0.is_empty())
        {
            return wrong(
                "client_secret",
                "is empty; a client without a secret leaves it out",
            );
        }
        if !self.scopes.iter().any(|scope| scope == "openid") {
            return wrong("scopes", "'openid' has to be among them");
        }
        if self.roles_claim.is_empty() {
            return wrong("roles_claim", "is empty");
        }
        if self.roles.is_empty() && self.default_role.is_none() {
            return wrong(
                "roles",
                "without them and without default_role nobody could sign in",
            );
        }
        if let Some(uri) = &self.redirect_uri {
            match outbound::url(uri) {
                Ok(url) if url.query().is_none() && url.path().ends_with(CALLBACK) => {}
                Ok(_) => return wrong("redirect_uri", &format!("has to end with /{CALLBACK}")),
                Err(words) => return wrong("redirect_uri", &words),
            }
        }
        if let Some(text) = &self.session_life
            && !duration(text).is_some_and(|life| !life.is_zero() && life <= LONGEST_SESSION)
        {
            let words = format!("'{text}' is not a duration like 12h, of at most 720h");
            return wrong("session_life", &words);
        }
        let others = match self.default_role {
            Some(role) => format!("others get {}", role.as_str()),
            None => "others are refused".into(),
        };
        let values: Vec<&str> = self.roles.keys().map(String::as_str).collect();
        Ok(format!(
            "{} as '{}'; roles by {}: {}; {others}",
            self.issuer,
            self.name,
            self.roles_claim,
            values.join(", "),
        ))
    }

    /// Whether the backend may connect to the provider at all.
    pub fn reachable(&self, hosts: &Hosts) -> Result<(), String> {
        let url = outbound::url(&self.issuer)?;
        let host = url.host().unwrap_or_default();
        match hosts.allows(host, outbound::port(&url)) {
            true => Ok(()),
            false => Err(format!(
                "outbound.hosts has to name {host} and the other hosts that the provider uses"
            )),
        }
    }

    pub(super) fn session_life(&self) -> Duration {
        let life = self.session_life.as_deref().and_then(duration);
        life.unwrap_or(SESSION_LIFE)
    }

    /// Those of other settings come to another text: sessions that they let in end with them.
    pub(super) fn mark(&self) -> String {
        let who_may = (
            &self.issuer,
            &self.client_id,
            &self.roles_claim,
            &self.roles,
            &self.default_role,
        );
        let digest = random::digest(&format!("{who_may:?}"));
        digest[..8]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }

    /// The highest of those that the claim's values have.
    pub(super) fn role(&self, claims: &Claims) -> Option<Role> {
        let values = claims.texts(&self.roles_claim);
        let given: Vec<Role> = values
            .iter()
            .filter_map(|value| self.roles.get(*value).copied())
            .collect();
        let highest = Role::ALL.into_iter().find(|role| given.contains(role));
        highest.or(self.default_role)
    }
}

/// Its tokens are as safe as the way to it: without TLS only this machine is believed.
fn issuer(text: &str) -> Result<(), String> {
    let url = outbound::url(text)?;
    if text.trim() != text || text.contains(['?', '#', '@']) {
        return Err("is an address without a user, parameters and spaces".into());
    }
    match is_safe(&url) {
        true => Ok(()),
        false => Err("has to begin with https:// unless it is on this machine".into()),
    }
}

pub(super) fn is_safe(url: &Uri) -> bool {
    let host = url.host().unwrap_or_default();
    url.scheme_str() == Some("https") || matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::json;

    use super::*;

    pub(in crate::auth::oidc) fn settings() -> Settings {
        Settings {
            name: "Example".into(),
            issuer: "https://id.example".into(),
            client_id: "weir".into(),
            client_secret: None,
            scopes: usual_scopes(),
            roles_claim: usual_claim(),
            roles: [
                ("weir-admins".to_string(), Role::Admin),
                ("staff".to_string(), Role::ReadOnly),
            ]
            .into(),
            default_role: None,
            redirect_uri: None,
            session_life: None,
        }
    }

    #[test]
    fn the_highest_role_counts_and_nobody_gets_one_by_chance() {
        let role = |claims: serde_json::Value| settings().role(&Claims::of(claims));
        for (groups, expected) in [
            (json!(["staff", "weir-admins"]), Some(Role::Admin)),
            (json!(["others", "staff"]), Some(Role::ReadOnly)),
            (json!("weir-admins"), Some(Role::Admin)),
            (json!(["WEIR-ADMINS", "weir-admins "]), None),
            (json!("weir-admins staff"), None),
            (json!({"weir-admins": true}), None),
            (json!([["weir-admins"]]), None),
            (json!(null), None),
            (json!([]), None),
        ] {
            assert_eq!(role(json!({"groups": groups})), expected, "{groups}");
        }
        assert_eq!(role(json!({})), None);
        let some = Settings {
            default_role: Some(Role::ReadOnly),
            ..settings()
        };
        assert_eq!(some.role(&Claims::of(json!({}))), Some(Role::ReadOnly));
    }

    #[test]
    fn a_claim_may_be_inside_another_or_have_dots_in_its_name() {
        let claims = Claims::of(json!({
            "realm_access": {"roles": ["staff"]},
            "https://id.example/roles": ["weir-admins"],
        }));
        let role = |claim: &str| {
            let settings = Settings {
                roles_claim: claim.into(),
                ..settings()
            };
            settings.role(&claims)
        };
        assert_eq!(role("realm_access.roles"), Some(Role::ReadOnly));
        assert_eq!(role("https://id.example/roles"), Some(Role::Admin));
        assert_eq!(role("realm_access"), None);
        assert_eq!(role("realm_access.roles.0"), None);
    }

    #[test]
    fn mistakes_name_their_setting() {
        type Spoil = fn(&mut Settings);
        let spoiled: [(&str, Spoil); 13] = [
            ("name", |s| s.name = " ".into()),
            ("issuer", |s| s.issuer = "id.example".into()),
            ("issuer", |s| s.issuer = "http://id.example".into()),
            ("issuer", |s| s.issuer = "https://id.example?x=1".into()),
            ("issuer", |s| s.issuer = "https://a:b@id.example".into()),
            ("client_id", |s| s.client_id.clear()),
            ("client_secret", |s| {
                s.client_secret = Some(String::new().into())
            }),
            ("scopes", |s| s.scopes = vec!["email".into()]),
            ("roles_claim", |s| s.roles_claim.clear()),
            ("roles", |s| s.roles.clear()),
            ("redirect_uri", |s| {
                s.redirect_uri = Some("https://a.example/".into())
            }),
            ("session_life", |s| s.session_life = Some("0s".into())),
            ("session_life", |s| s.session_life = Some("a day".into())),
        ];
        for (setting, spoil) in spoiled {
            let mut settings = settings();
            spoil(&mut settings);
            let error = settings.check().expect_err(setting);
            assert!(error.starts_with(&format!("oidc.{setting}: ")), "{error}");
        }
        let mut local = settings();
        local.issuer = "http://127.0.0.1:8080/realms/a".into();
        local.redirect_uri = Some("https://weir.example/w/signin/oidc/callback".into());
        assert!(local.check().is_ok(), "{:?}", local.check());
    }

    #[test]
    fn other_settings_have_another_mark_and_no_words_hold_the_secret() {
        let mut other = settings();
        other.client_secret = Some("hush-hush".to_string().into());
        assert_eq!(other.mark(), settings().mark());
        assert!(!format!("{other:?}").contains("hush"));
        other.roles.clear();
        assert_ne!(other.mark(), settings().mark());
    }
}
