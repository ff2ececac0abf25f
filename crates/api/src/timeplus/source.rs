//! `/v1beta2/sources`.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, Owner, crud::Crud, lenient::or_default, property::Map};

pub const CRUD: Crud = Crud("/v1beta2/sources");

pub fn create(definition: &CreateSource) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(definition)
}

/// Only while it is stopped. `PATCH`, because what `PUT` does with secrets that are not sent is
/// not published.
pub fn update(id: &str, change: &UpdateSource) -> Result<ApiRequest, ApiError> {
    ApiRequest::patch(CRUD.path(id, "")).json(change)
}

pub fn start(id: &str) -> ApiRequest {
    ApiRequest::post(CRUD.path(id, "/start"))
}

pub fn stop(id: &str) -> ApiRequest {
    ApiRequest::post(CRUD.path(id, "/stop"))
}

/// Ranges as `10m` or `1d`: how far back errors and throughput go.
pub fn stats(id: &str, errors: &str, throughput: &str) -> ApiRequest {
    ApiRequest::get(CRUD.path(id, "/stats"))
        .query("error_log_time_range", errors)
        .query("metrics_time_range", throughput)
}

/// The last lines; only where the server has logs.
pub fn logs(id: &str, lines: u32) -> ApiRequest {
    ApiRequest::get(CRUD.path(id, "/logs")).query("lines", lines.to_string())
}

pub fn preview(request: &PreviewSource) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/v1beta2/source/preview").json(request)
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Source {
    pub id: String,
    pub name: String,
    pub description: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// Where rows are written.
    pub stream: String,
    /// Without secrets.
    #[serde(deserialize_with = "or_default")]
    pub properties: Map,
    /// `running`, `stopping`, `stopped`, `complete`, `interrupted` or `unknown`.
    pub status: String,
    pub message: String,
    /// Unix seconds; 0 for never.
    pub start_time: i64,
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
}

impl Source {
    /// Runs, or is on its way to stop: it cannot be changed now.
    pub fn is_active(&self) -> bool {
        matches!(self.status.as_str(), "running" | "stopping" | "interrupted")
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateSource {
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(rename = "type")]
    pub kind: String,
    /// It has to be there already.
    pub stream: String,
    #[serde(deserialize_with = "or_default")]
    pub properties: Map,
}

/// Absent fields stay as they are.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateSource {
    pub name: Option<String>,
    pub description: Option<String>,
    pub stream: Option<String>,
    pub properties: Option<Map>,
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PreviewSource {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(deserialize_with = "or_default")]
    pub properties: Map,
    /// Events wanted.
    pub size: Option<u32>,
    /// How long to wait for them, for example `5s`.
    pub timeout: Option<String>,
}

/// Of sources, and part of those of sinks.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stats {
    pub success_count: f64,
    pub failure_count: f64,
    /// The newest first; some servers only tell the last one.
    #[serde(deserialize_with = "or_default")]
    pub errors: Vec<StatsError>,
    #[serde(deserialize_with = "or_default")]
    pub throughput: Vec<Throughput>,
    /// Milliseconds.
    pub uptime: f64,
    /// Bytes per second, an average of the last 30 minutes; some servers tell it of sinks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written_bps: Option<f64>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatsError {
    pub message: String,
    /// `2023-06-26T21:40:00Z`
    pub time: String,
    /// How often it came in a row; only the embedded backend tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Throughput {
    /// Start of a minute.
    pub time: String,
    /// Bytes per second.
    pub value: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_carry_their_parameters() {
        assert_eq!(
            stats("a b", "1d", "10m").target(),
            "/v1beta2/sources/a%20b/stats?error_log_time_range=1d&metrics_time_range=10m"
        );
        assert_eq!(logs("x", 50).target(), "/v1beta2/sources/x/logs?lines=50");
    }

    #[test]
    fn nulls_are_empty() {
        let source: Source =
            serde_json::from_str(r#"{"name":"s","properties":null}"#).expect("source");
        assert!(source.properties.is_empty() && !source.is_active());
        let stats: Stats =
            serde_json::from_str(r#"{"errors":null,"throughput":null}"#).expect("stats");
        assert!(stats.errors.is_empty() && stats.throughput.is_empty());
    }
}
