//! `/v1beta2/queries`: running SQL and looking after running and finished queries.

use serde::{Deserialize, Serialize};

use super::sql::Analysis;
use crate::{ApiError, ApiRequest, Audit, Column, request::encode, word::words};

/// Runs SQL; the answer is `text/event-stream` (or 204 after DDL).
pub fn run(request: &CreateQuery) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/v1beta2/queries")
        .accept("text/event-stream")
        .json(request)
}

pub fn list(tag: Option<&str>) -> ApiRequest {
    let request = ApiRequest::get("/v1beta2/queries");
    match tag {
        Some(tag) => request.query("tag", tag),
        None => request,
    }
}

pub fn get(id: &str) -> ApiRequest {
    ApiRequest::get(format!("/v1beta2/queries/{}", encode(id)))
}

/// Embedded backend only: the running query's events, for `EventSource` (cookie session) or a
/// fetch stream; resumes after the event id sent as `Last-Event-ID`.
pub fn attach(id: &str) -> ApiRequest {
    get(id).accept("text/event-stream")
}

pub fn cancel(id: &str) -> ApiRequest {
    ApiRequest::post(format!("/v1beta2/queries/{}/cancel", encode(id)))
}

pub fn delete(id: &str) -> ApiRequest {
    ApiRequest::delete(format!("/v1beta2/queries/{}", encode(id)))
}

pub fn pipeline(id: &str) -> ApiRequest {
    ApiRequest::get(format!("/v1beta2/queries/{}/pipeline", encode(id)))
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateQuery {
    pub sql: String,
    pub name: Option<String>,
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    pub batching_policy: Option<BatchingPolicy>,
    /// The embedded backend's own; other servers ignore it. It refuses statements that do more than
    /// read, whoever sends them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
    /// The embedded backend's own; other servers ignore it. Seconds, at most 30, that a query which
    /// waits for rows stays for a reader whose connection broke. Without it the query ends with its
    /// last reader.
    pub resume_within: Option<u32>,
}

/// A batch of rows is sent when it holds `count` rows or is `time_ms` old.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchingPolicy {
    pub count: Option<u32>,
    pub time_ms: Option<u32>,
}

words! {
    /// Where a query stands.
    pub enum Status {
        Running = "running",
        Finished = "finished",
        Canceled = "canceled" | "cancelled",
        Failed = "failed",
    }
}

/// Of a query whose server does not say.
impl Default for Status {
    fn default() -> Self {
        Self::from("")
    }
}

/// Unix times are in milliseconds from the embedded backend and in seconds in the specification's
/// example; a reader tells them apart by size.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Query {
    pub id: String,
    pub name: String,
    pub description: String,
    pub sql: String,
    pub status: Status,
    /// Why it failed or was ended.
    pub message: String,
    pub tags: Vec<String>,
    pub start_time: i64,
    /// 0 while running.
    pub end_time: i64,
    /// Milliseconds from start to end, or to now.
    pub duration: i64,
    /// Milliseconds until the first row.
    pub response_time: i64,
    pub result: QueryResult,
    pub analysis: Analysis,
    #[serde(rename = "timeColumns")]
    pub time_columns: TimeColumns,
    /// What was asked for and changes nothing there. The embedded backend's own.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    #[serde(flatten)]
    pub audit: Audit,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct QueryResult {
    pub header: Vec<Column>,
}

/// Positions of time columns in the header, -1 where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct TimeColumns {
    pub event_time: i32,
    pub window_start: i32,
    pub window_end: i32,
}

impl Default for TimeColumns {
    fn default() -> Self {
        Self {
            event_time: -1,
            window_start: -1,
            window_end: -1,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Pipeline {
    pub nodes: Vec<PipelineNode>,
    pub edges: Vec<PipelineEdge>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PipelineNode {
    pub id: i64,
    pub name: String,
    pub status: String,
    pub metric: NodeMetric,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NodeMetric {
    pub processed_bytes: i64,
    pub processing_time_ns: i64,
    /// Extension of the embedded backend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub processed_rows: Option<i64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PipelineEdge {
    pub from: i64,
    pub to: i64,
}

/// The `metrics` event, about once a second; a server that leaves a figure out means 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Metrics {
    /// Result rows sent since the start.
    pub count: i64,
    /// Result rows in the last second.
    pub eps: f64,
    /// Rows and bytes read from the sources since the start.
    pub scanned_rows: i64,
    pub scanned_bytes: i64,
    /// Milliseconds the engine has worked.
    pub processing_time: i64,
    /// Unix milliseconds of the newest `_tp_time` read; 0 where unknown.
    pub last_event_time: i64,
    /// Unix milliseconds of the watermark; 0 where there is none.
    pub watermark: i64,
    /// Unix milliseconds of the server's clock when it told; 0 where it does not say, as only the
    /// embedded backend does.
    #[serde(skip_serializing_if = "is_zero")]
    pub server_time: i64,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_zero(number: &i64) -> bool {
    *number == 0
}
