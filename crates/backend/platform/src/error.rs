//! What a client is told when something went wrong.

use axum::{
    body::Body,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use weir_engine::{Position, SqlError};
use weir_store::{StoreError, ingest::RowErrors};

use crate::{delivery::masked::masked_words, revision::Revision};

/// Error codes of the streaming database, as its clients know them.
mod code {
    pub(super) const CANNOT_PARSE_INPUT: i64 = 27;
    pub(super) const BAD_ARGUMENTS: i64 = 36;
    pub(super) const STREAM_EXISTS: i64 = 57;
    pub(super) const UNKNOWN_STREAM: i64 = 60;
    pub(super) const SYNTAX_ERROR: i64 = 62;
    pub(super) const HAS_DEPENDENTS: i64 = 630;
}

/// An answer outside 200–299. Its body is written by [`HttpError::body`] once the request's id is
/// known, in one place: [`crate::access`].
#[derive(Debug, Clone)]
pub struct HttpError {
    status: StatusCode,
    code: i64,
    system: &'static str,
    message: String,
    fields: Vec<FieldMessage>,
    position: Option<Position>,
}

#[derive(Debug, Clone, Serialize)]
struct FieldMessage {
    field: String,
    message: String,
}

impl HttpError {
    /// The HTTP layer's own complaint; its code is the status.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self {
            status,
            code: i64::from(status.as_u16()),
            system: "neutron",
            message: message.into(),
            fields: Vec::new(),
            position: None,
        }
    }

    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// `what` names it, for example `query 'x'`.
    pub fn not_found(what: impl std::fmt::Display) -> Self {
        Self::new(StatusCode::NOT_FOUND, format!("{what} does not exist"))
    }

    /// One field of the request is wrong.
    pub fn field(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (field, message) = (field.into(), message.into());
        Self::bad_request(format!("{field}: {message}")).with_field(field, message)
    }

    pub fn internal(error: impl std::fmt::Display) -> Self {
        tracing::error!("{error}");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, error.to_string())
    }

    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.fields.push(FieldMessage {
            field: field.into(),
            message: message.into(),
        });
        self
    }

    /// Where in a text, counted from 1.
    #[must_use]
    pub fn at(mut self, line: u64, column: u64) -> Self {
        self.position = Some(Position { line, column });
        self
    }

    /// A missing thing named inside SQL is a mistake in the SQL, not an unknown address.
    #[must_use]
    pub fn inside_sql(mut self) -> Self {
        if self.status == StatusCode::NOT_FOUND {
            self.status = StatusCode::BAD_REQUEST;
        }
        self.fields.clear();
        self
    }

    /// It is about this field of the request.
    #[must_use]
    pub fn at_field(self, field: impl Into<String>) -> Self {
        let message = self.message.clone();
        self.with_field(field, message)
    }

    fn database(code: i64, message: String) -> Self {
        Self {
            code,
            system: "proton",
            ..Self::bad_request(message)
        }
    }

    fn masked_fields(&self) -> Vec<FieldMessage> {
        let masked = self.fields.iter().map(|field| FieldMessage {
            field: field.field.clone(),
            message: masked_words(&field.message),
        });
        masked.collect()
    }

    /// `{code, message, system, request_id, fields?, position?}`
    pub fn body(&self, request_id: &str, revision: Revision) -> Body {
        #[derive(Serialize)]
        struct Wire<'a> {
            code: i64,
            message: String,
            system: &'a str,
            request_id: &'a str,
            #[serde(skip_serializing_if = "Vec::is_empty")]
            fields: Vec<FieldMessage>,
            #[serde(skip_serializing_if = "Option::is_none")]
            position: Option<WirePosition>,
        }
        #[derive(Serialize)]
        struct WirePosition {
            line: u64,
            column: u64,
        }
        let wire = Wire {
            code: self.code,
            // Libraries and servers repeat addresses with what is in them.
            message: masked_words(&self.message),
            system: match (revision, self.system) {
                // The parts of the product have other names since.
                (Revision::Y2026, "proton") => "timeplusd",
                (Revision::Y2026, _) => "appserver",
                (_, name) => name,
            },
            request_id,
            fields: self.masked_fields(),
            position: self.position.map(|position| WirePosition {
                line: position.line,
                column: position.column,
            }),
        };
        Body::from(serde_json::to_vec(&wire).unwrap_or_default())
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    pub fn message(&self) -> &str {
        &self.message
    }
}

impl IntoResponse for HttpError {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        response.extensions_mut().insert(self);
        response
    }
}

impl From<SqlError> for HttpError {
    fn from(error: SqlError) -> Self {
        let position = error.position;
        Self {
            position,
            ..Self::database(code::SYNTAX_ERROR, error.to_string())
        }
    }
}

impl From<StoreError> for HttpError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::NotFound(_) => Self {
                status: StatusCode::NOT_FOUND,
                ..Self::database(code::UNKNOWN_STREAM, message)
            },
            StoreError::Exists(_) => {
                Self::database(code::STREAM_EXISTS, message.clone()).with_field("name", message)
            }
            StoreError::Invalid {
                field,
                message: reason,
            } => Self::database(code::BAD_ARGUMENTS, message).with_field(field, reason),
            StoreError::Dependents { .. } => Self::database(code::HAS_DEPENDENTS, message),
            StoreError::Sql(error) => error.into(),
            StoreError::Protected(_) => Self::new(StatusCode::FORBIDDEN, message),
            StoreError::Closed => Self::new(StatusCode::SERVICE_UNAVAILABLE, message),
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

impl From<RowErrors> for HttpError {
    fn from(errors: RowErrors) -> Self {
        let failure = Self::database(code::CANNOT_PARSE_INPUT, errors.to_string());
        errors.rows.into_iter().fold(failure, |failure, error| {
            let field = match error.column {
                Some(column) => format!("data[{}].{column}", error.row),
                None => format!("data[{}]", error.row),
            };
            failure.with_field(field, error.message)
        })
    }
}
