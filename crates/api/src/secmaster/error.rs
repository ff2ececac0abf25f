//! What the system answers when it refuses, in each of its shapes: `{error_code, error_msg}` of
//! deliveries and of the gateway, `{code, message}` of data objects, `{error: {…}}` of IAM.

use serde::Deserialize;
use serde_json::Value;

use crate::error::text_of;
use crate::{ApiError, FieldError, StatusError, lenient};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(alias = "code")]
    error_code: Option<Value>,
    #[serde(alias = "message", alias = "msg")]
    error_msg: Option<String>,
    request_id: Option<String>,
    error: Option<Keystone>,
    /// Of the embedded backend.
    fields: Vec<Field>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Keystone {
    message: Option<String>,
    title: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Field {
    field: String,
    message: String,
}

/// Reads an answer outside 200–299.
pub fn read(status: u16, request_id: Option<String>, body: &[u8]) -> ApiError {
    let Ok(wire) = lenient::from_slice::<Wire>(body).map(|answer| answer.value) else {
        return ApiError::Status(StatusError {
            status,
            code: None,
            message: text_of(body),
            request_id,
            fields: Vec::new(),
        });
    };
    let told = wire.error.and_then(|error| error.message.or(error.title));
    let message = wire.error_msg.or(told).unwrap_or_default();
    let (code, name) = code(wire.error_code);
    let fields = wire
        .fields
        .into_iter()
        .map(|field| FieldError::new(field.field, field.message));
    ApiError::Status(StatusError {
        status,
        code,
        message: named(name, message),
        request_id: request_id.or(wire.request_id),
        fields: fields.collect(),
    })
}

/// An answer with status 200 that is an error all the same.
pub(super) fn refused(code_sent: Option<Value>, message: String) -> ApiError {
    let (code, name) = code(code_sent);
    ApiError::Status(StatusError {
        status: 200,
        code,
        message: named(name, message),
        request_id: None,
        fields: Vec::new(),
    })
}

/// Codes are numbers, or texts such as `SecMaster.20030005`.
fn code(sent: Option<Value>) -> (Option<i64>, Option<String>) {
    match sent {
        Some(Value::Number(number)) => (number.as_i64(), None),
        Some(Value::String(text)) => match text.parse() {
            Ok(number) => (Some(number), None),
            Err(_) => (None, Some(text)),
        },
        _ => (None, None),
    }
}

fn named(name: Option<String>, message: String) -> String {
    match name.filter(|name| !name.is_empty()) {
        Some(name) if message.is_empty() => name,
        Some(name) => format!("{name}: {message}"),
        None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(status: u16, body: &str) -> StatusError {
        match read(status, None, body.as_bytes()) {
            ApiError::Status(error) => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_shape_is_read() {
        let gateway = status(
            404,
            r#"{"error_code":"APIGW.0101","error_msg":"no such API","request_id":"r"}"#,
        );
        assert_eq!(gateway.message, "APIGW.0101: no such API");
        assert_eq!(gateway.request_id.as_deref(), Some("r"));
        let object = status(
            400,
            r#"{"code":"SecMaster.20030005","message":"object not found"}"#,
        );
        assert_eq!(object.message, "SecMaster.20030005: object not found");
        let keystone = status(
            401,
            r#"{"error":{"code":401,"message":"user or password is wrong","title":"Unauthorized"}}"#,
        );
        assert_eq!(keystone.message, "user or password is wrong");
        let number = status(400, r#"{"code":500,"msg":"busy"}"#);
        assert_eq!((number.code, number.message.as_str()), (Some(500), "busy"));
        assert_eq!(status(502, "<h1>Bad</h1>").message, "<h1>Bad</h1>");
    }

    #[test]
    fn fields_of_the_embedded_backend_keep_their_place() {
        let body = r#"{"error_code":"SecMaster.20030002","error_msg":"shipper_name: is needed",
            "fields":[{"field":"shipper_name","message":"is needed"}]}"#;
        assert_eq!(status(400, body).fields[0].field, "shipper_name");
    }
}
