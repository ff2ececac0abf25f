//! How a connection proves who is calling.

use base64::{Engine, engine::general_purpose::STANDARD};

/// `Debug` never shows the secret.
#[derive(Clone, PartialEq, Eq)]
pub enum Credential {
    /// No header of ours: the embedded backend's session cookie, or a server without sign-in.
    None,
    /// Sent as `X-Api-Key`.
    ApiKey(String),
    /// Sent as HTTP Basic.
    Basic { user: String, password: String },
}

impl Credential {
    pub fn header(&self) -> Option<(&'static str, String)> {
        match self {
            Self::None => None,
            Self::ApiKey(key) => Some(("X-Api-Key", key.clone())),
            Self::Basic { user, password } => Some((
                "Authorization",
                format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))),
            )),
        }
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "Credential::None",
            Self::ApiKey(_) => "Credential::ApiKey(…)",
            Self::Basic { .. } => "Credential::Basic(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_is_base64_and_debug_hides_it() {
        let credential = Credential::Basic {
            user: "admin".into(),
            password: "pä".into(),
        };
        assert_eq!(
            credential.header(),
            Some(("Authorization", "Basic YWRtaW46cMOk".to_string()))
        );
        assert!(!format!("{credential:?}").contains('ä'));
    }
}
