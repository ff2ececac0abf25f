use serde::Deserialize;

use crate::{System, azion, dataworks, secmaster};

/// A server's complaint about one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Path of the field in the request body, for example `columns[2].type`.
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// An answer outside 200–299.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusError {
    pub status: u16,
    /// The system's own error code where it sends one.
    pub code: Option<i64>,
    /// The system's words; empty when the answer had no body.
    pub message: String,
    pub request_id: Option<String>,
    pub fields: Vec<FieldError>,
}

/// Everything that can go wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// No answer: wrong address, no network, or a refused cross-origin call (a browser does not
    /// say which).
    Network(String),
    Status(StatusError),
    /// The answer came but is not what the specification says.
    Decode(String),
    /// The caller stopped waiting.
    Cancelled,
}

impl ApiError {
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status(error) => Some(error.status),
            _ => None,
        }
    }

    /// The system wants to be called less: the same call may succeed a little later.
    pub fn is_throttled(&self) -> bool {
        self.status() == Some(429) || dataworks::is_throttled(self)
    }

    /// Reads an answer outside 200–299 of any system.
    pub fn read(system: System, status: u16, request_id: Option<String>, body: &[u8]) -> Self {
        match system {
            System::Timeplus => Self::from_timeplus(status, request_id, body),
            System::Azion => azion::error(status, request_id, body),
            System::SecMaster => secmaster::error(status, request_id, body),
            System::DataWorks => dataworks::error(status, request_id, body),
        }
    }

    /// Why an answer in 200–299 is an error all the same, in systems that answer so.
    pub fn refusal(system: System, body: &[u8]) -> Option<Self> {
        match system {
            System::SecMaster => secmaster::refusal(body),
            System::DataWorks => dataworks::refusal(body),
            System::Timeplus | System::Azion => None,
        }
    }

    /// Reads the error body `{code, message, system}` of Timeplus. The embedded backend adds
    /// `fields: [{field, message}]` and `request_id`; a body of another shape is kept as text.
    pub fn from_timeplus(status: u16, request_id: Option<String>, body: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Wire {
            code: Option<i64>,
            message: Option<String>,
            request_id: Option<String>,
            #[serde(default)]
            fields: Vec<WireField>,
        }
        #[derive(Deserialize)]
        struct WireField {
            field: String,
            message: String,
        }
        let error = match serde_json::from_slice::<Wire>(body) {
            Ok(wire) => StatusError {
                status,
                code: wire.code,
                message: wire.message.unwrap_or_default(),
                request_id: request_id.or(wire.request_id),
                fields: wire
                    .fields
                    .into_iter()
                    .map(|field| FieldError::new(field.field, field.message))
                    .collect(),
            },
            Err(_) => StatusError {
                status,
                code: None,
                message: String::from_utf8_lossy(body)
                    .trim()
                    .chars()
                    .take(500)
                    .collect(),
                request_id,
                fields: Vec::new(),
            },
        };
        Self::Status(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_timeplus_error_body() {
        let body = br#"{"code":57,"message":"stream 'iot' exists","system":"proton"}"#;
        let ApiError::Status(error) = ApiError::from_timeplus(400, None, body) else {
            panic!("not a status error");
        };
        assert_eq!((error.status, error.code), (400, Some(57)));
        assert_eq!(error.message, "stream 'iot' exists");
    }

    #[test]
    fn keeps_a_foreign_body_as_text() {
        let ApiError::Status(error) = ApiError::from_timeplus(502, None, b"<h1>Bad gateway</h1>")
        else {
            panic!("not a status error");
        };
        assert_eq!(error.message, "<h1>Bad gateway</h1>");
    }
}
