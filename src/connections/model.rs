//! What the console knows of a connection. Credentials are not part of it: they live in
//! [`super::store`] and never reach a URL, a log or an export.

use serde::{Deserialize, Serialize};
use weir_api::{System, auth::Credential, request::encode};

use crate::http::Endpoint;

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
    /// Azion's personal token, Huawei Cloud's `X-Auth-Token`.
    Token,
    /// Huawei Cloud's IAM user, who gets a token of 24 hours.
    Iam,
    /// Huawei Cloud's AK/SK, Alibaba Cloud's AccessKey with the newer signature.
    Keys,
    /// Alibaba Cloud's AccessKey with the older signature.
    KeysV1,
}

impl Auth {
    const EVERY: [Self; 8] = [
        Self::None,
        Self::ApiKey,
        Self::Basic,
        Self::Token,
        Self::Iam,
        Self::Keys,
        Self::KeysV1,
        Self::Session,
    ];

    /// The ways into a system; the first is the usual one.
    pub fn of(system: System) -> &'static [Self] {
        match system {
            System::Timeplus => &[Self::ApiKey, Self::Basic, Self::None, Self::Session],
            System::Azion => &[Self::Token, Self::None, Self::Session],
            System::SecMaster => &[
                Self::Token,
                Self::Iam,
                Self::Keys,
                Self::None,
                Self::Session,
            ],
            System::DataWorks => &[Self::Keys, Self::KeysV1, Self::None, Self::Session],
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|auth| auth.as_str() == name)
    }

    pub fn words(self, system: System) -> &'static str {
        match self {
            Self::Session => "Session of the embedded backend",
            Self::None if system == System::Timeplus => "None",
            Self::None => "None: the relay adds the credential",
            Self::ApiKey => "API key",
            Self::Basic => "User and password",
            Self::Token if system == System::Azion => "Personal token",
            Self::Token => "Token (X-Auth-Token)",
            Self::Iam => "IAM user and password",
            Self::Keys if system == System::SecMaster => "AK/SK",
            Self::Keys => "AccessKey, signature V3",
            Self::KeysV1 => "AccessKey, signature V1",
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::None => "none",
            Self::ApiKey => "api_key",
            Self::Basic => "basic",
            Self::Token => "token",
            Self::Iam => "iam",
            Self::Keys => "keys",
            Self::KeysV1 => "keys_v1",
        }
    }

    /// A person types something before any call makes sense.
    pub fn asks(self) -> bool {
        !matches!(self, Self::None | Self::Session)
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
    pub system: System,
    /// `http(s)://host[:port][/prefix]`, or a path of the console's own origin such as
    /// `/relay/azion`. Timeplus: without the workspace; empty: where the console came from.
    pub url: String,
    /// Of Timeplus and SecMaster.
    pub workspace: String,
    /// `project_id` of SecMaster, `ProjectId` of DataWorks.
    pub project: String,
    /// `TenantId` of DataWorks.
    pub tenant: String,
    /// Of SecMaster: the region, which is the project that an IAM user signs in to.
    pub region: String,
    /// Of SecMaster: where IAM answers; empty: at `url`.
    pub iam_url: String,
    /// Where a relay at `url` leads, for signatures made here; empty: `url` itself.
    pub vendor_url: String,
    pub auth: Auth,
    pub colour: Colour,
    pub production: bool,
}

impl Connection {
    /// What paths of the system's API are relative to, for example
    /// `http://127.0.0.1:8000/default/api`.
    pub fn base(&self) -> String {
        self.base_at(&self.url)
    }

    fn base_at(&self, url: &str) -> String {
        match self.system {
            System::Timeplus => weir_api::timeplus::base(url, &self.workspace),
            System::SecMaster => format!(
                "{url}/v1/{}/workspaces/{}",
                encode(&self.project),
                encode(&self.workspace)
            ),
            System::Azion | System::DataWorks => url.into(),
        }
    }

    /// Where calls go.
    pub fn endpoint(&self, credential: Credential) -> Endpoint {
        let common = match self.system {
            System::DataWorks => [("ProjectId", &self.project), ("TenantId", &self.tenant)]
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name, value.clone()))
                .collect(),
            _ => Vec::new(),
        };
        Endpoint {
            system: self.system,
            base: self.base(),
            signed_base: (!self.vendor_url.is_empty()).then(|| self.base_at(&self.vendor_url)),
            common,
            credential,
        }
    }

    /// Where IAM of SecMaster answers.
    pub fn iam(&self) -> &str {
        match self.iam_url.as_str() {
            "" => &self.url,
            url => url,
        }
    }
}

/// `config.json` beside the console: which connections everybody is offered.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    pub connections: Vec<Connection>,
}
