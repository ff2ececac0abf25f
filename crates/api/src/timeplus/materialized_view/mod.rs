//! `/v1beta2/materialized_views`.

mod stats;

use serde::{Deserialize, Serialize};

pub use self::stats::{Lagging, Node, Stats, Status};

use super::{
    stream::StreamColumn,
    view::{or_empty, select},
};
use crate::{ApiError, ApiRequest, request::encode};
use crate::{Audit, Owner};

const PATH: &str = "/v1beta2/materialized_views";

/// With their states, where the server can tell these.
pub fn list() -> ApiRequest {
    ApiRequest::get(PATH).query("expand", "true")
}

pub fn create(view: &Create) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(PATH).json(view)
}

pub fn get(name: &str) -> ApiRequest {
    ApiRequest::get(format!("{PATH}/{}", encode(name)))
}

/// Answered with 204.
pub fn update(name: &str, change: &Update) -> Result<ApiRequest, ApiError> {
    ApiRequest::patch(format!("{PATH}/{}", encode(name))).json(change)
}

pub fn delete(name: &str) -> ApiRequest {
    ApiRequest::delete(format!("{PATH}/{}", encode(name)))
}

/// `history_days` from 1 to 7 adds the history.
pub fn stats(name: &str, history_days: Option<u8>) -> ApiRequest {
    let request = ApiRequest::get(format!("{PATH}/{}/stats", encode(name)));
    match history_days {
        Some(days) => request.query("historyDays", days.to_string()),
        None => request,
    }
}

/// Since 2026, as [`resume`], [`recover`] and [`transfer`]. Answered once it is done.
pub fn pause(name: &str) -> ApiRequest {
    ApiRequest::post(format!("{PATH}/{}/pause", encode(name))).query("sync", "true")
}

pub fn resume(name: &str) -> ApiRequest {
    ApiRequest::post(format!("{PATH}/{}/resume", encode(name))).query("sync", "true")
}

/// Tries again what has failed.
pub fn recover(name: &str) -> ApiRequest {
    ApiRequest::post(format!("{PATH}/{}/recover", encode(name)))
}

/// Makes another node the leader of a shard.
pub fn transfer(name: &str, to: &Transfer) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(format!("{PATH}/{}/transfer", encode(name)))
        .query("sync", "true")
        .json(to)
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MaterializedView {
    pub name: String,
    pub description: String,
    /// The `SELECT`. Deprecated in servers of 2026 in favour of `create_query`.
    pub query: String,
    pub create_query: Option<String>,
    #[serde(deserialize_with = "or_empty")]
    pub columns: Vec<StreamColumn>,
    /// Empty where it keeps its rows itself.
    pub target_stream: String,
    /// 0 or less: unlimited.
    pub logstore_retention_bytes: i64,
    pub logstore_retention_ms: i64,
    pub ttl_expression: String,
    /// From here on only in servers of 2026, and in lists only when asked for.
    pub status: Option<Status>,
    /// Unix ms.
    pub status_ts: Option<i64>,
    /// Rows of its source that it has not taken into account yet.
    pub lagging: Option<i64>,
    pub memory: Option<i64>,
    pub leader_node: Option<i64>,
    pub last_error_message: Option<String>,
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
}

impl MaterializedView {
    /// The `SELECT`, whichever way the server tells it.
    pub fn select(&self) -> &str {
        select(&self.query, self.create_query.as_deref())
    }

    pub fn audit(&self) -> Audit {
        Audit {
            created_at: self.created_at.clone(),
            created_by: self.created_by.clone(),
            last_updated_at: self.last_updated_at.clone(),
            last_updated_by: self.last_updated_by.clone(),
        }
    }
}

/// Fields left `None` are not sent, so the server's defaults hold (retention 10 GiB and 7 days).
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Create {
    pub name: String,
    pub query: String,
    pub description: Option<String>,
    pub target_stream: Option<String>,
    pub logstore_retention_bytes: Option<i64>,
    pub logstore_retention_ms: Option<i64>,
    pub ttl_expression: Option<String>,
}

/// Absent fields stay as they are. Another query is refused.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Update {
    pub description: Option<String>,
    pub query: Option<String>,
    pub logstore_retention_bytes: Option<i64>,
    pub logstore_retention_ms: Option<i64>,
    pub ttl_expression: Option<String>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    pub from: i64,
    pub shard: i64,
    pub to: i64,
}
