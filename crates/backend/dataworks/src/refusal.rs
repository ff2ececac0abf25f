//! The vendor's two shapes of an error.

use axum::{http::StatusCode, response::Response};
use serde_json::json;
use weir_api::{FieldError, dataworks::INVALID};
use weir_store::StoreError;

use super::written::Form;
use crate::error::Failure;

#[derive(Debug)]
pub(super) enum Refusal {
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
) -> Refusal {
    Refusal::Gateway {
        status,
        code: code.into(),
        message: message.into(),
    }
}

pub(super) fn service(
    status: StatusCode,
    code: &'static str,
    message: impl Into<String>,
) -> Refusal {
    Refusal::Service {
        status,
        code,
        message: message.into(),
    }
}

pub(super) fn missing(parameter: &str) -> Refusal {
    gateway(
        StatusCode::BAD_REQUEST,
        format!("Missing{parameter}"),
        format!("{parameter} is mandatory for this action."),
    )
}

/// A parameter is wrong.
pub(super) fn invalid(parameter: &str, why: impl std::fmt::Display) -> Refusal {
    let message = format!("{parameter}: {why}");
    service(StatusCode::BAD_REQUEST, INVALID, message)
}

/// A line for each.
pub(super) fn wrong_fields(errors: &[FieldError]) -> Refusal {
    let lines: Vec<String> = errors
        .iter()
        .map(|error| format!("{}: {}", error.field, error.message))
        .collect();
    service(StatusCode::BAD_REQUEST, INVALID, lines.join("\n"))
}

/// What a parameter names does not exist.
pub(super) fn unknown(parameter: &str, what: impl std::fmt::Display) -> Refusal {
    let message = format!("{parameter}: {what} does not exist");
    service(StatusCode::NOT_FOUND, INVALID, message)
}

/// What is asked for is not possible as things are.
pub(super) fn not_now(message: impl Into<String>) -> Refusal {
    service(StatusCode::BAD_REQUEST, "Invalid.Api.Status", message)
}

pub(super) fn forbidden(message: impl Into<String>) -> Refusal {
    service(StatusCode::FORBIDDEN, "Forbidden.Access", message)
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Failure::from(error).into()
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        service(status, "InternalError.System", failure.message())
    }
}

impl Refusal {
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
