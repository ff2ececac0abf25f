//! What the console knows of a connection. Credentials are not part of it: they live in
//! [`super::store`] and never reach a URL, a log or an export.

use serde::{Deserialize, Serialize};

/// How a person signs in to the system.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// The embedded backend's cookie.
    Session,
    #[default]
    None,
    ApiKey,
    Basic,
}

impl Auth {
    pub const ALL: [Self; 4] = [Self::None, Self::ApiKey, Self::Basic, Self::Session];

    pub fn words(self) -> &'static str {
        match self {
            Self::Session => "Session of the embedded backend",
            Self::None => "None",
            Self::ApiKey => "API key",
            Self::Basic => "User and password",
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::None => "none",
            Self::ApiKey => "api_key",
            Self::Basic => "basic",
        }
    }
}

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
#[serde(default)]
pub struct Connection {
    /// Part of every URL; letters, digits and `-`.
    pub id: String,
    pub name: String,
    /// `http(s)://host[:port][/prefix]` without the workspace; empty: where the console came from.
    pub url: String,
    pub workspace: String,
    pub auth: Auth,
    pub colour: Colour,
    pub production: bool,
}

impl Connection {
    /// The API's base, for example `http://127.0.0.1:8000/default/api`.
    pub fn base(&self) -> String {
        weir_api::timeplus::base(&self.url, &self.workspace)
    }
}

/// `config.json` beside the console: which connections everybody is offered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    pub connections: Vec<Connection>,
}
