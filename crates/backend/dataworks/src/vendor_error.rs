//! The vendor's two shapes of an error.

use axum::{http::StatusCode, response::Response};
use serde_json::json;
use weir_api::{FieldError, dataworks::INVALID};
use weir_store::StoreError;

use super::written::Form;
use crate::error::HttpError;

#[derive(Debug)]
pub(super) enum VendorError {
    /// Before an operation ran.
    Gateway {
        status: StatusCode,
        code: String,
        message: String,
    },
    /// By an operation.
    Service {
        status: StatusCode,
        code: &'static str,
        message: String,
    },
}

pub(super) fn gateway(
    status: StatusCode,
    code: impl Into<String>,
    message: impl Into<String>,
) -> VendorError {
    VendorError::Gateway {
        status,
        code: code.into(),
        message: message.into(),
    }
}

pub(super) fn service(
    status: StatusCode,
    code: &'static str,
    message: impl Into<String>,
) -> VendorError {
    VendorError::Service {
        status,
        code,
        message: message.into(),
    }
}

pub(super) fn missing(parameter: &str) -> VendorError {
    gateway(
        StatusCode::BAD_REQUEST,
        format!("Missing{parameter}"),
        format!("{parameter} is mandatory for this action."),
    )
}

/// A parameter is wrong.
pub(super) fn invalid(parameter: &str, why: impl std::fmt::Display) -> VendorError {
    let message = format!("{parameter}: {why}");
    service(StatusCode::BAD_REQUEST, INVALID, message)
}

/// A line for each.
pub(super) fn wrong_fields(errors: &[FieldError]) -> VendorError {
    let lines: Vec<String> = errors
        .iter()
        .map(|error| format!("{}: {}", error.field, error.message))
        .collect();
    service(StatusCode::BAD_REQUEST, INVALID, lines.join("\n"))
}

/// What a parameter names does not exist.
pub(super) fn unknown(parameter: &str, what: impl std::fmt::Display) -> VendorError {
    let message = format!("{parameter}: {what} does not exist");
    service(StatusCode::NOT_FOUND, INVALID, message)
}

/// What is asked for is not possible as things are.
pub(super) fn not_now(message: impl Into<String>) -> VendorError {
    service(StatusCode::BAD_REQUEST, "Invalid.Api.Status", message)
}

pub(super) fn forbidden(message: impl Into<String>) -> VendorError {
    service(StatusCode::FORBIDDEN, "Forbidden.Access", message)
}

impl From<StoreError> for VendorError {
    fn from(error: StoreError) -> Self {
        HttpError::from(error).into()
    }
}

impl From<HttpError> for VendorError {
    fn from(failure: HttpError) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        service(status, "InternalError.System", failure.message())
    }
}

impl VendorError {
    /// Somebody tried a key or a signature that is not good.
    pub(super) fn proves_nobody(&self) -> bool {
        const CODES: [&str; 3] = [
            "InvalidAccessKeyId.NotFound",
            "SignatureDoesNotMatch",
            "SignatureNonceUsed",
        ];
        matches!(self, Self::Gateway { code, .. } if CODES.contains(&code.as_str()))
    }

    pub(super) fn answer(self, request_id: &str, form: &Form) -> Response {
        match self {
            Self::Gateway {
                status,
                code,
                message,
            } => {
                let body = json!({
                    "RequestId": request_id, "HostId": "weir", "Code": code, "Message": message,
                });
                form.answer(status, body)
            }
            Self::Service {
                status,
                code,
                message,
            } => {
                let body = json!({
                    "RequestId": request_id, "HttpStatusCode": status.as_u16(), "Success": false,
                    "ErrorCode": code, "ErrorMessage": message,
                    // Where the vendor's clients look.
                    "Code": code, "Message": message,
                });
                form.answer(status, body)
            }
        }
    }
}
