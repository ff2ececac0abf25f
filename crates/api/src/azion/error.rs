//! What Azion answers when it refuses: an object of lists of messages by key, or `{"detail": …}`.

use serde_json::{Map, Value};

use super::endpoint;
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
            for (key, value) in &map {
                sort(key, value, &mut fields, &mut words);
            }
        }
        Err(_) => {
            let text = String::from_utf8_lossy(body);
            words.push(text.trim().chars().take(500).collect());
        }
    }
    ApiError::Status(StatusError {
        status,
        code: None,
        message: words.join(" "),
        request_id,
        fields,
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
