//! `/v1beta2/global-metrics`.

use serde::{Deserialize, Serialize};

use crate::ApiRequest;

pub fn get() -> ApiRequest {
    ApiRequest::get("/v1beta2/global-metrics")
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct GlobalMetrics {
    /// Bytes on disk.
    pub storage: i64,
    /// Bytes per second that all sources read and all sinks write; Timeplus' own client (1.4.1)
    /// refuses an answer without them.
    pub source_throughput: f64,
    pub sink_throughput: f64,
    /// What the embedded backend says besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counters: Option<Counters>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counters {
    pub uptime_ms: i64,
    /// Bytes of the process in memory.
    pub memory: i64,
    /// Rows in all streams, and their bytes.
    pub rows: i64,
    pub bytes: i64,
    pub streams: i64,
    pub views: i64,
    /// Running now, and of those still listed what became of them.
    pub queries_running: i64,
    pub queries_finished: i64,
    pub queries_canceled: i64,
    pub queries_failed: i64,
    /// Of the last half hour, the minute that runs included, oldest first.
    pub minutes: Vec<Minute>,
    /// Of the last half hour as far as the backend runs, oldest first.
    pub levels: Vec<Level>,
}

/// What there was at a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Level {
    /// Unix milliseconds.
    pub time: i64,
    /// Bytes on disk, and of the process in memory.
    pub storage: i64,
    pub memory: i64,
    pub queries_running: i64,
}

/// What was written to streams and read from them in one minute.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Minute {
    /// Its beginning, Unix milliseconds.
    pub time: i64,
    pub written_rows: i64,
    pub written_bytes: i64,
    pub read_rows: i64,
    pub read_bytes: i64,
}
