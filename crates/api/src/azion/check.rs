//! Limits of a streaming, checked before it is sent and where it arrives.

use serde_json::{Map, Value};

use super::{Model, endpoint, model::DATASET};
use crate::{
    FieldError,
    property::{Kind, find},
};

pub const HEADERS: usize = 5;

/// Bytes of a payload to a standard endpoint.
pub const SIZES: std::ops::RangeInclusive<i64> = 1_000_000..=2_147_483_647;

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyError {
    /// As the vendor names it in its answer.
    pub key: &'static str,
    /// In the request, for example `endpoint.url`.
    pub field: String,
    pub message: String,
}

impl KeyError {
    pub fn new(key: &'static str, message: impl Into<String>) -> Self {
        Self {
            key,
            field: key.into(),
            message: message.into(),
        }
    }

    fn endpoint(key: &'static str, field: &str, message: impl Into<String>) -> Self {
        Self {
            key,
            field: format!("endpoint.{field}"),
            message: message.into(),
        }
    }
}

impl From<KeyError> for FieldError {
    fn from(key_error: KeyError) -> Self {
        Self {
            field: key_error.field,
            message: key_error.message,
        }
    }
}

/// Characters of a text.
const LONGEST: &[(&str, &str, usize)] = &[
    ("kafka", "kafka_topic", 150),
    ("kafka", "bootstrap_servers", 150),
    ("s3", "access_key", 150),
    ("s3", "secret_key", 150),
    ("s3", "region", 50),
    ("s3", "bucket_name", 150),
    ("s3", "host_url", 200),
    ("s3", "object_key_prefix", 150),
    ("azure_monitor", "log_type", 100),
];

/// An endpoint as it is sent.
pub fn endpoint(sent: &Map<String, Value>) -> Vec<KeyError> {
    let name = match sent.get(endpoint::TYPE) {
        Some(Value::String(name)) if !name.is_empty() => name.as_str(),
        _ => return vec![KeyError::new(endpoint::TYPE, "This field is required.")],
    };
    let kind = find(endpoint::TYPES, name);
    if kind.name.is_empty() {
        let message = format!("\"{name}\" is not a valid choice.");
        return vec![KeyError::new(endpoint::TYPE, message)];
    }
    let mut key_errors = Vec::new();
    for property in kind.properties {
        let value = sent.get(property.key).filter(|value| !value.is_null());
        let empty =
            value.is_none_or(|value| value.as_str().is_some_and(|text| text.trim().is_empty()));
        let words = match value {
            // A separator of spaces is one.
            _ if empty && property.required && property.key != "log_line_separator" => {
                Some("This field is required.".into())
            }
            None if property.required => Some("This field is required.".into()),
            Some(value) => wrong_kind(property.kind, value),
            None => None,
        };
        if let Some(words) = words {
            key_errors.push(KeyError::endpoint(property.key, property.key, words));
            continue;
        }
        if let Some(value) = value.filter(|_| !empty) {
            key_errors.extend(limits(name, property.key, value));
        }
    }
    key_errors
}

fn wrong_kind(kind: Kind, value: &Value) -> Option<String> {
    let right = match kind {
        Kind::Number => value.is_i64() || value.is_u64(),
        Kind::Bool => value.is_boolean(),
        Kind::Map => value.is_object(),
        Kind::Choice(all) => {
            let chosen = value.as_str().unwrap_or_default();
            if !all.contains(&chosen) {
                return Some(format!("\"{chosen}\" is not a valid choice."));
            }
            true
        }
        _ => value.is_string(),
    };
    let needed = match kind {
        Kind::Number => "A valid integer is required.",
        Kind::Bool => "Must be a valid boolean.",
        Kind::Map => "An object of names and values is required.",
        _ => "Not a valid string.",
    };
    (!right).then(|| needed.into())
}

fn limits(name: &str, key: &'static str, value: &Value) -> Option<KeyError> {
    let text = value.as_str().unwrap_or_default();
    let longest = LONGEST.iter().find(|(n, k, _)| *n == name && *k == key);
    if let Some((_, _, longest)) = longest
        && text.chars().count() > *longest
    {
        let words = format!("Ensure this field has no more than {longest} characters.");
        return Some(KeyError::endpoint(key, key, words));
    }
    let complain =
        |vendor: &'static str, words: String| Some(KeyError::endpoint(vendor, key, words));
    match key {
        "url" | "host_url" if !is_url(text) => {
            let vendor = match (name, key) {
                (_, "host_url") => "invalid_host_url",
                ("datadog", _) => "invalid_datadog_url",
                _ => "invalid_url",
            };
            complain(vendor, "Enter a valid URL.".into())
        }
        "payload_format" if !Model::parse(text).has(DATASET) => complain(
            "payload_format_without_dataset",
            "Payload Format doesn't contain the $dataset variable.".into(),
        ),
        "max_size" if !value.as_i64().is_some_and(|size| SIZES.contains(&size)) => complain(
            "max_size_out_of_range",
            format!(
                "Max Size must be between {} and {}.",
                SIZES.start(),
                SIZES.end()
            ),
        ),
        "bootstrap_servers" if !text.split(',').all(is_server) => complain(
            "invalid_bootstrap_servers",
            "Enter host:port, several separated by commas without spaces.".into(),
        ),
        "service_account_key" if !is_object(text) => complain(
            "invalid_service_account_key",
            "The key must be a JSON object.".into(),
        ),
        "log_type" if !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') => complain(
            "log_type",
            "Only letters, digits and underscores are allowed.".into(),
        ),
        "headers" => headers(value).and_then(|words| complain("headers", words)),
        _ => None,
    }
}

fn headers(value: &Value) -> Option<String> {
    let map = value.as_object()?;
    if map.len() > HEADERS {
        return Some(format!("No more than {HEADERS} headers are allowed."));
    }
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    map.iter().find_map(|(name, value)| {
        if name.is_empty() || !name.chars().all(token) {
            return Some(format!("\"{name}\" is not the name of a header."));
        }
        let fits = value
            .as_str()
            .is_some_and(|text| !text.contains(|c: char| c.is_control() && c != '\t'));
        (!fits).then(|| format!("The value of header \"{name}\" is not valid."))
    })
}

fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("http://")
        .or_else(|| text.strip_prefix("https://"));
    let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| !host.is_empty())
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn is_server(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else {
        return false;
    };
    let host_fits = !host.is_empty() && !host.contains(|c: char| c.is_whitespace() || c == '/');
    host_fits && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn is_object(text: &str) -> bool {
    serde_json::from_str::<Map<String, Value>>(text).is_ok()
}

/// A template of one's own. What it names may be newer than this crate: see [`Model::unknown`] for
/// what is worth a warning.
pub fn template_model(text: &str) -> Option<KeyError> {
    let blank = text.trim().is_empty();
    blank.then(|| KeyError::new("template_model", "This field may not be blank."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn keys(sent: Value) -> Vec<&'static str> {
        let sent = sent.as_object().expect("object");
        endpoint(sent).into_iter().map(|one| one.key).collect()
    }

    #[test]
    fn each_type_with_all_its_fields_is_taken() {
        for sent in [
            json!({"endpoint_type": "standard", "url": "http://a.example", "log_line_separator": " ",
                   "payload_format": "[$dataset]", "max_size": 1_000_000, "headers": {"X-A": "1"}}),
            json!({"endpoint_type": "kafka", "kafka_topic": "t", "bootstrap_servers": "a:9092,[::1]:9", "use_tls": false}),
            json!({"endpoint_type": "s3", "access_key": "a", "secret_key": "s", "region": "r",
                   "bucket_name": "b", "host_url": "https://h", "content_type": "plain/text"}),
            json!({"endpoint_type": "big_query", "dataset_id": "d", "project_id": "p", "table_id": "t",
                   "service_account_key": "{\"a\":1}"}),
            json!({"endpoint_type": "elasticsearch", "url": "https://e/i", "api_key": "k"}),
            json!({"endpoint_type": "splunk", "url": "https://s:1", "api_key": "k"}),
            json!({"endpoint_type": "aws_kinesis_firehose", "access_key": "a", "secret_key": "s",
                   "stream_name": "s", "region": "r"}),
            json!({"endpoint_type": "datadog", "url": "https://d", "api_key": "k"}),
            json!({"endpoint_type": "qradar", "url": "https://q"}),
            json!({"endpoint_type": "azure_monitor", "log_type": "a_1", "shared_key": "s", "workspace_id": "w"}),
            json!({"endpoint_type": "azure_blob_storage", "storage_account": "a", "container_name": "c",
                   "blob_sas_token": "t"}),
        ] {
            assert_eq!(keys(sent.clone()), [""; 0], "{sent}");
        }
    }

    #[test]
    fn what_is_missing_or_wrong_is_named_as_the_vendor_names_it() {
        assert_eq!(keys(json!({})), ["endpoint_type"]);
        assert_eq!(keys(json!({"endpoint_type": "fax"})), ["endpoint_type"]);
        let six: Map<_, _> = (0..6).map(|n| (format!("x-{n}"), json!("v"))).collect();
        assert_eq!(
            keys(
                json!({"endpoint_type": "standard", "url": "a.example", "log_line_separator": "\n",
                        "payload_format": "$datasets", "max_size": 5, "headers": six})
            ),
            [
                "invalid_url",
                "payload_format_without_dataset",
                "max_size_out_of_range",
                "headers"
            ]
        );
        assert_eq!(
            keys(json!({"endpoint_type": "standard", "url": " ", "max_size": "1"})),
            ["url", "log_line_separator", "payload_format", "max_size"]
        );
        assert_eq!(
            keys(
                json!({"endpoint_type": "kafka", "kafka_topic": "t".repeat(151),
                        "bootstrap_servers": "a:1, b:2", "use_tls": "no"})
            ),
            ["kafka_topic", "invalid_bootstrap_servers", "use_tls"]
        );
        assert_eq!(
            keys(
                json!({"endpoint_type": "s3", "access_key": "a", "secret_key": "s", "region": "r".repeat(51),
                        "bucket_name": "b", "host_url": "ftp://h", "content_type": "text/plain"})
            ),
            ["invalid_host_url", "region", "content_type"]
        );
        assert_eq!(
            keys(
                json!({"endpoint_type": "big_query", "dataset_id": "d", "project_id": "p",
                        "table_id": "t", "service_account_key": "[]"})
            ),
            ["invalid_service_account_key"]
        );
        assert_eq!(
            keys(json!({"endpoint_type": "datadog", "url": "d", "api_key": "k"})),
            ["invalid_datadog_url"]
        );
        assert_eq!(
            keys(
                json!({"endpoint_type": "azure_monitor", "log_type": "a-1", "shared_key": "s",
                        "workspace_id": "w"})
            ),
            ["log_type"]
        );
        let bad = json!({"endpoint_type": "standard", "url": "http://a", "log_line_separator": "\n",
                         "payload_format": "$dataset", "max_size": 1_000_000, "headers": {"a b": "c"}});
        assert_eq!(keys(bad), ["headers"]);
    }
}
