//! What a caller is told when something went wrong, in the shape that the vendor has at that
//! address.

use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};
use weir_store::{StoreError, ingest::RowErrors};

use crate::error::HttpError;

/// Codes of the vendor.
pub(super) mod code {
    /// It is what something else is asked in.
    pub(crate) const NO_WORKSPACE: &str = "SecMaster.20010001";
    /// It is what is asked for.
    pub(crate) const NO_SUCH_WORKSPACE: &str = "SecMaster.20011003";
    pub(crate) const NO_PIPE: &str = "SecMaster.20030001";
    pub(crate) const INVALID: &str = "SecMaster.20030002";
    pub(crate) const NO_OBJECT: &str = "SecMaster.20030005";
    pub(crate) const INTERNAL: &str = "SecMaster.10011001";
    pub(crate) const UNAUTHENTICATED: &str = "APIGW.0301";
    pub(crate) const EXPIRED: &str = "APIGW.0307";
    pub(crate) const FORBIDDEN: &str = "APIGW.0302";
}

#[derive(Debug, Clone)]
pub(super) struct VendorError {
    status: StatusCode,
    code: &'static str,
    message: String,
    fields: Vec<Field>,
}

#[derive(Debug, Clone, Serialize)]
struct Field {
    field: String,
    message: String,
}

impl VendorError {
    pub(super) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            fields: Vec::new(),
        }
    }

    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, code::INVALID, message)
    }

    /// One field of the request is wrong.
    pub(super) fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        let mut refusal = Self::bad(format!("{field}: {message}"));
        refusal.fields.push(Field { field, message });
        refusal
    }

    pub(super) fn missing(what: impl std::fmt::Display) -> Self {
        let words = format!("{what} does not exist");
        Self::new(StatusCode::BAD_REQUEST, code::NO_OBJECT, words)
    }

    /// Nothing is wrong with the request, but now is not the time: the vendor answers 200 with a
    /// code in the body.
    pub(super) fn not_now(message: impl Into<String>) -> Self {
        Self::new(StatusCode::OK, code::INVALID, message)
    }

    pub(super) fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!("{error}");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            code::INTERNAL,
            error.to_string(),
        )
    }

    fn body(&self, path: &str) -> Value {
        let (code, message) = (self.code, &self.message);
        let mut body = match () {
            () if path.contains("/v3/") => {
                return json!({"error": {
                    "code": self.status.as_u16(),
                    "message": message,
                    "title": self.status.canonical_reason().unwrap_or_default(),
                }});
            }
            () if self.status == StatusCode::OK => json!({"code": 1, "msg": message}),
            // The vendor's clients read either pair of names, whichever the service is.
            () => json!({
                "code": code, "message": message, "error_code": code, "error_msg": message,
            }),
        };
        if let Some(map) = body.as_object_mut()
            && !self.fields.is_empty()
        {
            map.insert("fields".into(), json!(self.fields));
        }
        body
    }
}

/// Its body is written by [`write()`], which knows the address.
impl IntoResponse for VendorError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

pub(super) async fn write(request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        response = VendorError::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "APIGW.0101",
            "there is no such API, or it has no such method",
        )
        .into_response();
    }
    if let Some(refusal) = response.extensions_mut().remove::<VendorError>() {
        *response.body_mut() = Body::from(refusal.body(&path).to_string());
        let json = HeaderValue::from_static("application/json;charset=UTF-8");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}

impl From<StoreError> for VendorError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::NotFound(_) => Self::new(StatusCode::BAD_REQUEST, code::NO_PIPE, message),
            StoreError::Exists(_) | StoreError::Dependents { .. } | StoreError::Sql(_) => {
                Self::bad(message)
            }
            StoreError::Invalid { field, message } => Self::field(field, message),
            StoreError::Protected(_) => Self::new(StatusCode::FORBIDDEN, code::FORBIDDEN, message),
            StoreError::Closed => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, code::INTERNAL, message)
            }
            StoreError::Sqlite(_)
            | StoreError::Commit(_)
            | StoreError::Io { .. }
            | StoreError::Damaged { .. }
            | StoreError::Log(_)
            | StoreError::WrongKey
            | StoreError::Newer { .. }
            | StoreError::Locked(_) => Self::internal(message),
        }
    }
}

impl From<RowErrors> for VendorError {
    fn from(errors: RowErrors) -> Self {
        Self::bad(errors.to_string())
    }
}

/// Only its words are of use here.
impl From<HttpError> for VendorError {
    fn from(failure: HttpError) -> Self {
        Self::bad(failure.message())
    }
}

impl From<rusqlite::Error> for VendorError {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(error)
    }
}

impl From<tokio::task::JoinError> for VendorError {
    fn from(error: tokio::task::JoinError) -> Self {
        Self::internal(error)
    }
}
