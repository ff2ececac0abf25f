//! `/v1beta2/sinks`: queries whose rows are sent elsewhere.

use serde::{Deserialize, Serialize};

use super::sql::Analysis;
use crate::{ApiError, ApiRequest, Owner, crud::Crud, lenient::or_default, property::Map};

/// Deleting is answered with 204, or with 200 and a list of what has to be cleaned up by hand.
pub const CRUD: Crud = Crud("/v1beta2/sinks");

pub fn create(definition: &SinkDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(definition)
}

/// Deprecated since 2026, but the only way to change the query.
pub fn replace(id: &str, definition: &SinkDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::put(CRUD.path(id, "")).json(definition)
}

/// The sink goes on where it was.
pub fn update(id: &str, change: &UpdateSink) -> Result<ApiRequest, ApiError> {
    ApiRequest::patch(CRUD.path(id, "")).json(change)
}

/// The rules of the names of sinks and sources. The specification knows letters, digits and `_`; the
/// examples of the vendor's Terraform provider are called `Hot Cities` and `secure kafka example`.
pub fn check_name(name: &str) -> Result<(), &'static str> {
    let known = |c: char| c.is_ascii_alphanumeric() || " _-.".contains(c);
    let fits = (1..=64).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(known);
    match fits {
        true => Ok(()),
        false => Err("at most 64 letters, digits, spaces, _, - and ., beginning with a letter"),
    }
}

pub fn start(id: &str) -> ApiRequest {
    ApiRequest::post(CRUD.path(id, "/start"))
}

pub fn stop(id: &str) -> ApiRequest {
    ApiRequest::post(CRUD.path(id, "/stop"))
}

/// Times as `10m`, `1d`: how far back throughput and errors go.
pub fn stats(id: &str, throughput: &str, errors: &str) -> ApiRequest {
    ApiRequest::get(CRUD.path(id, "/stats"))
        .query("metrics_time_range", throughput)
        .query("error_log_time_range", errors)
}

/// The last `lines` of what the sink has to say; needs [`crate::capability::Capability::Logs`].
pub fn logs(id: &str, lines: u32) -> ApiRequest {
    ApiRequest::get(CRUD.path(id, "/logs")).query("lines", lines.to_string())
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sink {
    pub id: String,
    pub name: String,
    pub description: String,
    pub query: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// `running`, `stopped`, `error` or `unknown`.
    pub status: String,
    /// Why it is not running.
    pub message: String,
    /// Without secrets.
    #[serde(deserialize_with = "or_default")]
    pub properties: Map,
    pub plan: Option<Analysis>,
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SinkDef {
    pub name: String,
    pub description: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub query: String,
    #[serde(deserialize_with = "or_default")]
    pub properties: Map,
}

/// What is left out stays; so do secrets left out of the properties.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateSink {
    pub name: Option<String>,
    pub description: Option<String>,
    pub properties: Option<Map>,
}

/// Servers differ in what they tell besides the counts.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SinkStats {
    /// Rows delivered.
    pub success_count: f64,
    /// Rows given up.
    pub failure_count: f64,
    /// The newest first.
    #[serde(deserialize_with = "or_default")]
    pub errors: Vec<LoggedError>,
    /// One point for each minute.
    #[serde(deserialize_with = "or_default")]
    pub throughput: Vec<Throughput>,
    /// Milliseconds since it was started; 0 when it is not running.
    pub uptime: f64,
    pub last_error_message: Option<String>,
    /// Rows per second, an average of the last 30 minutes.
    pub written_eps: Option<f64>,
    /// Bytes per second, the same.
    pub written_bps: Option<f64>,
}

/// `time` is RFC 3339.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LoggedError {
    pub message: String,
    pub time: String,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Throughput {
    pub time: String,
    /// Bytes per second.
    pub value: f64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json_response;

    #[test]
    fn names_are_those_of_the_vendors_examples() {
        for good in ["a", "Source_1", "Hot Cities", "a-b.c"] {
            assert_eq!(check_name(good), Ok(()), "{good}");
        }
        for bad in ["", "1a", "_a", " a", "ä", "a/b", &"a".repeat(65)] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn null_is_empty() {
        let sink: Sink =
            json_response(br#"{"id":"a","type":"http","properties":null}"#).expect("sink");
        assert_eq!((sink.kind.as_str(), sink.properties.len()), ("http", 0));
        let body = br#"{"success_count":3,"failure_count":0,"errors":null,"throughput":null}"#;
        let stats: SinkStats = json_response(body).expect("stats");
        assert_eq!((stats.success_count, stats.errors.len()), (3.0, 0));
    }

    #[test]
    fn requests_name_what_the_specification_names() {
        let stats = stats("a/b", "10m", "1d").target();
        assert_eq!(
            stats,
            "/v1beta2/sinks/a%2Fb/stats?metrics_time_range=10m&error_log_time_range=1d"
        );
        let change = UpdateSink {
            name: Some("x".into()),
            ..UpdateSink::default()
        };
        let body = update("a", &change).expect("request").body.expect("body");
        assert_eq!(body.bytes, br#"{"name":"x"}"#);
    }
}
