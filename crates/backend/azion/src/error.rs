//! Refusals as Azion words them: messages by key, or `{"detail": …}`.

use axum::{
    Json,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Map, Value, json};
use weir_api::azion::check::KeyError;
use weir_store::StoreError;

use weir_platform::error::HttpError;

#[derive(Debug)]
pub(crate) struct VendorError {
    status: StatusCode,
    detail: Option<String>,
    key_errors: Vec<KeyError>,
}

impl VendorError {
    pub(super) fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: Some(detail.into()),
            key_errors: Vec::new(),
        }
    }

    pub(super) fn into_parts(self) -> (StatusCode, Option<String>, Vec<KeyError>) {
        (self.status, self.detail, self.key_errors)
    }

    pub(super) fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not found.")
    }

    /// 400 with a list of messages for each key.
    pub(super) fn key_errors(all: Vec<KeyError>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            detail: None,
            key_errors: all,
        }
    }
}

impl IntoResponse for VendorError {
    fn into_response(self) -> Response {
        let mut body = Map::new();
        if let Some(detail) = self.detail {
            body.insert("detail".into(), detail.into());
        }
        for KeyError { key, message, .. } in self.key_errors {
            let messages = body.entry(key).or_insert_with(|| json!([]));
            if let Value::Array(messages) = messages {
                messages.push(message.into());
            }
        }
        (self.status, Json(body)).into_response()
    }
}

impl From<StoreError> for VendorError {
    fn from(error: StoreError) -> Self {
        HttpError::from(error).into()
    }
}

impl From<HttpError> for VendorError {
    fn from(failure: HttpError) -> Self {
        Self::new(failure.status(), failure.message())
    }
}
