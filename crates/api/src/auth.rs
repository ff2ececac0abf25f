//! How a connection proves who is calling.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};

use crate::{ApiRequest, Moment, dataworks, secmaster};

/// `Debug` never shows the secret. Serialised only to be encrypted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Credential {
    /// No header of ours: the embedded backend's session cookie, a server without sign-in, or a
    /// relay that holds the credential.
    None,
    /// Sent as `X-Api-Key`.
    ApiKey(String),
    /// Sent as HTTP Basic.
    Basic { user: String, password: String },
    /// Azion's personal token, sent as `Authorization: Token …`.
    AzionToken(String),
    /// Azion's token of a day, for an e-mail address and a password; sent the same way.
    AzionSession {
        token: String,
        expires_ms: Option<i64>,
    },
    /// Huawei Cloud's token of 24 hours, sent as `X-Auth-Token`. `expires_ms` (Unix) where the
    /// sign-in told it.
    HuaweiToken {
        token: String,
        expires_ms: Option<i64>,
    },
    /// Huawei Cloud's AK/SK: each request is signed with `SDK-HMAC-SHA256`.
    HuaweiKeys { id: String, secret: String },
    /// Alibaba Cloud's AccessKey: each request is signed. `token` is that of STS.
    AlibabaKeys {
        id: String,
        secret: String,
        token: Option<String>,
        version: dataworks::SignatureVersion,
    },
}

impl Credential {
    /// Unix ms after which it is worth nothing, where that is known.
    pub fn expires_ms(&self) -> Option<i64> {
        match self {
            Self::HuaweiToken { expires_ms, .. } | Self::AzionSession { expires_ms, .. } => {
                *expires_ms
            }
            _ => None,
        }
    }

    /// Each request is signed, which takes more than a header that is always the same.
    pub fn signs(&self) -> bool {
        matches!(self, Self::HuaweiKeys { .. } | Self::AlibabaKeys { .. })
    }

    /// What proves the caller of whatever request.
    pub fn header(&self) -> Option<(&'static str, String)> {
        Some(match self {
            Self::None | Self::HuaweiKeys { .. } | Self::AlibabaKeys { .. } => return None,
            Self::ApiKey(key) => ("X-Api-Key", key.clone()),
            Self::Basic { user, password } => {
                let pair = STANDARD.encode(format!("{user}:{password}"));
                ("Authorization", format!("Basic {pair}"))
            }
            Self::AzionToken(token) | Self::AzionSession { token, .. } => {
                ("Authorization", format!("Token {token}"))
            }
            Self::HuaweiToken { token, .. } => ("X-Auth-Token", token.clone()),
        })
    }

    /// The request as it is sent to `base`, with the headers or parameters that prove the caller.
    pub fn sign(&self, base: &str, mut request: ApiRequest, moment: &Moment) -> ApiRequest {
        match self {
            Self::HuaweiKeys { id, secret } => secmaster::sign(base, request, id, secret, moment),
            Self::AlibabaKeys {
                id,
                secret,
                token,
                version,
            } => {
                let key = dataworks::AccessKey {
                    id,
                    secret,
                    token: token.as_deref(),
                };
                dataworks::sign(base, request, key, *version, moment)
            }
            _ => {
                let header = self.header().map(|(name, value)| (name.into(), value));
                request.headers.extend(header);
                request
            }
        }
    }
}

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "Credential::None",
            Self::ApiKey(_) => "Credential::ApiKey(…)",
            Self::Basic { .. } => "Credential::Basic(…)",
            Self::AzionToken(_) => "Credential::AzionToken(…)",
            Self::AzionSession { .. } => "Credential::AzionSession(…)",
            Self::HuaweiToken { .. } => "Credential::HuaweiToken(…)",
            Self::HuaweiKeys { .. } => "Credential::HuaweiKeys(…)",
            Self::AlibabaKeys { .. } => "Credential::AlibabaKeys(…)",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_its_header_and_debug_hides_it() {
        let moment = Moment {
            at_ms: 0,
            nonce: String::new(),
        };
        let header = |credential: Credential| {
            let signed = credential.sign("https://x", ApiRequest::get("/"), &moment);
            assert!(!format!("{credential:?}").contains('ä'));
            signed.headers.last().cloned()
        };
        let basic = Credential::Basic {
            user: "admin".into(),
            password: "pä".into(),
        };
        assert_eq!(
            header(basic),
            Some(("Authorization".into(), "Basic YWRtaW46cMOk".to_string()))
        );
        assert_eq!(
            header(Credential::AzionToken("tä".into())),
            Some(("Authorization".into(), "Token tä".to_string()))
        );
        let token = Credential::HuaweiToken {
            token: "tä".into(),
            expires_ms: None,
        };
        assert_eq!(
            header(token),
            Some(("X-Auth-Token".into(), "tä".to_string()))
        );
    }
}
