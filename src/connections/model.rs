//! What the console knows of a connection. Credentials are not part of it: they live in
//! [`super::store`] and never reach a URL, a log or an export.

use serde::{Deserialize, Serialize};
use weir_api::{System, auth::Credential};

use super::{
    Auth,
    stored::Stored,
    system::{SystemSpec, Target},
};
use crate::http::Endpoint;

/// Marks a connection apart so that nobody changes the wrong system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Colour {
    #[default]
    Teal,
    Blue,
    Violet,
    Green,
    Amber,
    Red,
}

impl Colour {
    pub const ALL: [Self; 6] = [
        Self::Teal,
        Self::Blue,
        Self::Violet,
        Self::Green,
        Self::Amber,
        Self::Red,
    ];

    pub fn words(self) -> &'static str {
        match self {
            Self::Teal => "Teal",
            Self::Blue => "Blue",
            Self::Violet => "Violet",
            Self::Green => "Green",
            Self::Amber => "Amber",
            Self::Red => "Red",
        }
    }

    /// Also the last part of the style sheet's `--mark-…`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Teal => "teal",
            Self::Blue => "blue",
            Self::Violet => "violet",
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Connection {
    /// Part of every URL; letters, digits and `-`.
    pub id: String,
    pub name: String,
    pub target: Target,
    /// `http(s)://host[:port][/prefix]`, or a path of the console's own origin such as
    /// `/relay/azion`. Timeplus: without the workspace; empty: where the console came from.
    pub url: String,
    pub auth: Auth,
    pub colour: Colour,
    pub production: bool,
    /// Opened to look: nothing that changes the system is offered or sent.
    pub look_only: bool,
}

impl Connection {
    pub fn system(&self) -> System {
        self.target.system()
    }

    pub fn spec(&self) -> &'static SystemSpec {
        SystemSpec::of(self.system())
    }

    /// What paths of the system's API are relative to, for example
    /// `http://127.0.0.1:8000/default/api`.
    pub fn base(&self) -> String {
        self.target.base(&self.url)
    }

    /// Where calls go.
    pub fn endpoint(&self, credential: Credential) -> Endpoint {
        let vendor_url = self.target.vendor_url();
        Endpoint {
            system: self.system(),
            base: self.base(),
            signed_base: (!vendor_url.is_empty()).then(|| self.target.base(vendor_url)),
            common: self.target.common(),
            database: self.target.database().into(),
            credential,
            look_only: self.look_only,
            azion_v4: false,
        }
    }
}

/// `config.json` beside the console: which connections everybody is offered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    pub connections: Vec<Connection>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_kept_with_the_fields_of_its_system_only() {
        let text = r#"{"id":"s","system":"sec_master","url":"https://s","project":"p","workspace":"w","tenant":"t","auth":"keys"}"#;
        let kept: Connection = serde_json::from_str(text).expect("a connection");
        assert_eq!(kept.base(), "https://s/v1/p/workspaces/w");
        let text = serde_json::to_string(&kept).expect("text");
        assert!(
            text.contains(r#""project":"p""#) && !text.contains("tenant"),
            "{text}"
        );
        assert_eq!(serde_json::from_str::<Connection>(&text).ok(), Some(kept));
        let old: Connection = serde_json::from_str(r#"{"id":"t","workspace":"w"}"#).expect("old");
        assert_eq!(old.base(), "/w/api");
        assert_eq!(
            serde_json::from_str::<Connection>("{}").ok(),
            Some(Connection::default())
        );
    }
}
