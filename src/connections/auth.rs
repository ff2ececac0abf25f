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
    /// Azion's personal token, Huawei Cloud's `X-Auth-Token`.
    Token,
    /// Huawei Cloud's IAM user, who gets a token of 24 hours.
    Iam,
    /// Azion's e-mail address and password, for a token of a day.
    AzionPassword,
    /// Huawei Cloud's AK/SK, Alibaba Cloud's AccessKey with the newer signature.
    Keys,
    /// Alibaba Cloud's AccessKey with the older signature.
    KeysV1,
}

impl Auth {
    const EVERY: [Self; 9] = [
        Self::None,
        Self::ApiKey,
        Self::Basic,
        Self::Token,
        Self::Iam,
        Self::AzionPassword,
        Self::Keys,
        Self::KeysV1,
        Self::Session,
    ];

    pub fn named(name: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|auth| auth.as_str() == name)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::None => "none",
            Self::ApiKey => "api_key",
            Self::Basic => "basic",
            Self::Token => "token",
            Self::Iam => "iam",
            Self::AzionPassword => "azion_password",
            Self::Keys => "keys",
            Self::KeysV1 => "keys_v1",
        }
    }

    /// What is typed only gets a token, when somebody signs in.
    pub fn gets_token(self) -> bool {
        matches!(self, Self::Iam | Self::AzionPassword)
    }

    /// A person types something before any call makes sense.
    pub fn asks(self) -> bool {
        !matches!(self, Self::None | Self::Session)
    }
}
