//! `/v1beta2/cluster`: the nodes of a server.

use serde::{Deserialize, Serialize};

use crate::ApiRequest;

pub fn get() -> ApiRequest {
    ApiRequest::get("/v1beta2/cluster")
}

/// Times in Unix milliseconds; `cpu_usage` from 0 to 1.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Node {
    pub id: i64,
    pub advertised_host: String,
    /// `Online` or `Offline`.
    pub state: String,
    /// Among `Metadata`, `Data` and `Compute`.
    pub roles: Vec<String>,
    pub boot_timestamp: i64,
    pub timestamp: i64,
    pub cpu_usage: f64,
    pub total_mvs: i64,
    pub total_shards: i64,
}
