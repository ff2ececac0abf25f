//! `/tokens`: a token of a day for an e-mail address and a password.

use serde::Deserialize;

use super::versioned;
use crate::{ApiError, ApiRequest, json_response};

/// The credential goes with it as HTTP Basic. Answered with 201.
pub fn create() -> ApiRequest {
    versioned(ApiRequest::post("/tokens"))
}

/// Ends it.
pub fn delete(token: &str) -> ApiRequest {
    versioned(ApiRequest::delete(format!(
        "/tokens/{}",
        crate::request::encode(token)
    )))
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Token {
    pub token: String,
    /// Unix ms.
    pub expires_ms: Option<i64>,
}

/// The answer to [`create`].
pub fn created(body: &[u8]) -> Result<Token, ApiError> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Answer {
        token: String,
        expires_at: String,
    }
    let answer: Answer = json_response(body)?;
    if answer.token.is_empty() {
        return Err(ApiError::Decode("the answer holds no token".into()));
    }
    let expires = chrono::DateTime::parse_from_rfc3339(&answer.expires_at).ok();
    Ok(Token {
        token: answer.token,
        expires_ms: expires.map(|at| at.timestamp_millis()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Moment, auth::Credential};

    #[test]
    fn a_token_is_asked_for_with_the_password_and_sent_without_it() {
        let moment = Moment {
            at_ms: 0,
            nonce: String::new(),
        };
        let password = Credential::Basic {
            user: "a@example.com".into(),
            password: "p".into(),
        };
        let asked = password.sign("https://api", create(), &moment);
        let header = (
            "Authorization".into(),
            "Basic YUBleGFtcGxlLmNvbTpw".to_string(),
        );
        assert!(asked.headers.contains(&header), "{:?}", asked.headers);
        let body = br#"{"token":"t1","created_at":"x","expires_at":"1970-01-02T00:00:00Z"}"#;
        let token = created(body).expect("a token");
        assert_eq!(token.expires_ms, Some(86_400_000));
        let session = Credential::AzionSession {
            token: token.token,
            expires_ms: token.expires_ms,
        };
        let sent = session.sign("https://api", ApiRequest::get("/x"), &moment);
        assert!(
            sent.headers
                .contains(&("Authorization".into(), "Token t1".to_string()))
        );
        assert!(created(b"{}").is_err());
        // A time that cannot be read is no reason not to sign in.
        assert_eq!(
            created(br#"{"token":"t","expires_at":"soon"}"#).map(|t| t.expires_ms),
            Ok(None)
        );
    }
}
