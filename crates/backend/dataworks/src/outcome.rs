//! What came of running an API.

use axum::http::StatusCode;
use serde_json::json;

use super::values::ParameterError;

/// Codes of published APIs.
pub(super) const TIMEOUT: i64 = 1_108_110_583;
pub(super) const PARAMETER: i64 = 1_108_110_519;
pub(super) const QUERY: i64 = 1_108_110_622;
pub(super) const CONNECTION: i64 = 1_108_110_703;
pub(super) const RATE_LIMIT: i64 = 1_108_113_002;

/// What a caller gets.
#[derive(Debug)]
pub(super) struct Outcome {
    pub status: StatusCode,
    /// 0 is a success.
    pub code: i64,
    pub content_type: String,
    pub body: Vec<u8>,
    /// What happened, for those who test.
    pub log: Vec<String>,
}

/// Why there is no answer.
#[derive(Debug)]
pub(super) struct RunError {
    pub status: StatusCode,
    pub code: i64,
    pub words: String,
}

impl RunError {
    pub(super) fn new(status: StatusCode, code: i64, words: impl Into<String>) -> Self {
        Self {
            status,
            code,
            words: words.into(),
        }
    }

    pub(super) fn into_outcome(self, request_id: &str) -> Outcome {
        let body = json!({
            "data": null, "errCode": self.code, "errMsg": self.words, "requestId": request_id,
            "apiLog": null,
        });
        Outcome {
            status: self.status,
            code: self.code,
            content_type: "application/json".into(),
            body: body.to_string().into_bytes(),
            log: vec![self.words],
        }
    }
}

impl From<ParameterError> for RunError {
    fn from(wrong: ParameterError) -> Self {
        let words = match wrong {
            ParameterError::Missing(name) => format!("param miss: {name} is needed"),
            ParameterError::Invalid(words) => format!("param wrong: {words}"),
        };
        Self::new(StatusCode::BAD_REQUEST, PARAMETER, words)
    }
}
