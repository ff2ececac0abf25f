//! What a server answers when it refuses.

use serde::Deserialize;

use crate::error::text_of;
use crate::{ApiError, FieldError, StatusError, lenient};

/// Reads the error body `{code, message, system}` of Timeplus. The embedded backend adds
/// `fields: [{field, message}]` and `request_id`; a body of another shape is kept as text.
pub fn read(status: u16, request_id: Option<String>, body: &[u8]) -> ApiError {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Wire {
        code: Option<i64>,
        /// What stands before a server has words of its own.
        #[serde(alias = "error", alias = "detail")]
        message: Option<String>,
        request_id: Option<String>,
        fields: Vec<WireField>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct WireField {
        field: String,
        message: String,
    }
    let wire = lenient::from_slice::<Wire>(body).map(|answer| answer.value);
    let error = match wire {
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
            message: text_of(body),
            request_id,
            fields: Vec::new(),
        },
    };
    ApiError::Status(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_timeplus_error_body() {
        let body = br#"{"code":57,"message":"stream 'iot' exists","system":"proton"}"#;
        let ApiError::Status(error) = read(400, None, body) else {
            panic!("not a status error");
        };
        assert_eq!((error.status, error.code), (400, Some(57)));
        assert_eq!(error.message, "stream 'iot' exists");
    }

    #[test]
    fn keeps_a_foreign_body_as_text() {
        let ApiError::Status(error) = read(502, None, b"<h1>Bad gateway</h1>") else {
            panic!("not a status error");
        };
        assert_eq!(error.message, "<h1>Bad gateway</h1>");
        // Also a long one: whoever shows it shows its beginning and offers the rest.
        let ApiError::Status(error) = read(500, None, &vec![b'x'; 1 << 20]) else {
            panic!("not a status error");
        };
        assert_eq!(error.message.len(), 1 << 20);
    }
}
