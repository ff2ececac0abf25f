//! What Azion answers when it refuses: an object of lists of messages by key, or `{"detail": …}`;
//! version 4 a list of errors with the places that they are about, as JSON:API has it.

use serde_json::{Map, Value};

use super::endpoint;
use crate::error::text_of;
use crate::{ApiError, FieldError, StatusError};

/// Keys that are not names of fields, and the field they are about.
const KEYS: &[(&str, &str)] = &[
    ("invalid_url", "endpoint.url"),
    ("invalid_datadog_url", "endpoint.url"),
    ("max_size_out_of_range", "endpoint.max_size"),
    ("payload_format_without_dataset", "endpoint.payload_format"),
    ("invalid_bootstrap_servers", "endpoint.bootstrap_servers"),
    ("invalid_host_url", "endpoint.host_url"),
    (
        "invalid_service_account_key",
        "endpoint.service_account_key",
    ),
    ("user_has_no_flag", "sampling_percentage"),
    ("domains_ids", "domain_ids"),
    ("endpoint", "endpoint_type"),
];

/// Keys of what is about the request as a whole.
const WHOLE: &[&str] = &["detail", "non_field_errors", "error", "errors", "message"];

/// Reads an answer outside 200–299.
pub fn read(status: u16, request_id: Option<String>, body: &[u8]) -> ApiError {
    let mut fields = Vec::new();
    let mut words = Vec::new();
    match serde_json::from_slice::<Map<String, Value>>(body) {
        Ok(map) => {
            let listed = map.get("errors").and_then(Value::as_array);
            for error in listed.into_iter().flatten() {
                sort_listed(error, &mut fields, &mut words);
            }
            for (key, value) in map
                .iter()
                .filter(|(key, _)| listed.is_none() || *key != "errors")
            {
                sort(key, value, &mut fields, &mut words);
            }
        }
        Err(_) => words.push(text_of(body)),
    }
    ApiError::Status(StatusError {
        status,
        code: None,
        message: words.join(" "),
        request_id,
        fields,
    })
}

/// `{"detail": "…", "source": {"pointer": "/outputs/0/attributes/url"}}`
fn sort_listed(error: &Value, fields: &mut Vec<FieldError>, words: &mut Vec<String>) {
    let text = |key: &str| error.get(key).and_then(Value::as_str);
    let told = text("detail").or_else(|| text("title"));
    let told = told.map_or_else(|| message(error), String::from);
    let pointer = error.pointer("/source/pointer").and_then(Value::as_str);
    let pointer = pointer.unwrap_or_default().trim_start_matches("/data");
    match pointed(pointer) {
        Some(field) => fields.push(FieldError::new(field, told)),
        None => words.push(told),
    }
}

/// The field of the form that a place in a stream or a template is.
fn pointed(pointer: &str) -> Option<String> {
    let last = pointer.rsplit('/').next().filter(|last| !last.is_empty())?;
    let part = pointer.split('/').nth(1)?;
    Some(match (part, last) {
        ("inputs", _) => "data_source".into(),
        ("transform", "rate") => "sampling_percentage".into(),
        ("transform", "workloads") => "domain_ids".into(),
        ("transform", _) if pointer.contains("workloads") => "domain_ids".into(),
        ("transform", _) => "template_id".into(),
        ("outputs", "outputs" | "attributes" | "type" | "0") => "endpoint_type".into(),
        ("outputs", key) => format!("endpoint.{key}"),
        ("data_set", _) => "template_model".into(),
        (_, key) => key.into(),
    })
}

fn sort(key: &str, value: &Value, fields: &mut Vec<FieldError>, words: &mut Vec<String>) {
    // `{"endpoint": {"url": ["…"]}}`
    if let ("endpoint", Value::Object(inner)) = (key, value) {
        for (key, value) in inner {
            sort(key, value, fields, words);
        }
        return;
    }
    let message = message(value);
    if WHOLE.contains(&key) {
        words.push(message);
        return;
    }
    fields.push(FieldError::new(field(key), message));
}

fn field(key: &str) -> String {
    if let Some((_, field)) = KEYS.iter().find(|(known, _)| *known == key) {
        return (*field).into();
    }
    match endpoint::is_field(key) {
        true => format!("endpoint.{key}"),
        false => key.into(),
    }
}

fn message(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(message).collect::<Vec<_>>().join(" "),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| format!("{key}: {}", message(value)))
            .collect::<Vec<_>>()
            .join(" "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(body: &str) -> StatusError {
        match read(400, Some("r".into()), body.as_bytes()) {
            ApiError::Status(error) => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn messages_land_on_their_fields() {
        let error = status(
            r#"{"payload_format_without_dataset":["Payload Format doesn't contains $dataset variable."],
                "name":["This field is required."],"kafka_topic":["Too long.","Odd."],
                "endpoint":{"region":["Unknown."]},"domains_ids":"Missing."}"#,
        );
        let got: Vec<(&str, &str)> = error
            .fields
            .iter()
            .map(|one| (one.field.as_str(), one.message.as_str()))
            .collect();
        assert_eq!(
            got,
            [
                ("domain_ids", "Missing."),
                ("endpoint.region", "Unknown."),
                ("endpoint.kafka_topic", "Too long. Odd."),
                ("name", "This field is required."),
                (
                    "endpoint.payload_format",
                    "Payload Format doesn't contains $dataset variable."
                ),
            ]
        );
        assert_eq!(
            (error.message.as_str(), error.request_id.as_deref()),
            ("", Some("r"))
        );
    }

    #[test]
    fn errors_of_version_4_land_on_their_fields() {
        let error = status(
            r#"{"errors":[
                {"status":"400","detail":"No.","source":{"pointer":"/outputs/0/attributes/url"}},
                {"detail":"Odd.","source":{"pointer":"/transform/1/attributes/rate"}},
                {"title":"Gone","source":{"pointer":"/data/transform/0/attributes/template"}},
                {"detail":"Taken.","source":{"pointer":"/name"}},
                {"detail":"Type?","source":{"pointer":"/outputs/0"}},
                {"detail":"Too many calls."}, null]}"#,
        );
        let got: Vec<(&str, &str)> = error
            .fields
            .iter()
            .map(|one| (one.field.as_str(), one.message.as_str()))
            .collect();
        assert_eq!(
            got,
            [
                ("endpoint.url", "No."),
                ("sampling_percentage", "Odd."),
                ("template_id", "Gone"),
                ("name", "Taken."),
                ("endpoint_type", "Type?"),
            ]
        );
        assert!(
            error.message.starts_with("Too many calls."),
            "{}",
            error.message
        );
    }

    #[test]
    fn what_is_about_no_field_is_the_message() {
        let error = status(r#"{"detail":"Authentication credentials were not provided."}"#);
        assert_eq!(
            error.message,
            "Authentication credentials were not provided."
        );
        assert_eq!(error.fields, []);
        assert_eq!(status("<h1>no</h1>").message, "<h1>no</h1>");
    }
}
