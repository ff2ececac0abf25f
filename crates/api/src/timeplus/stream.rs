//! `/v1beta2/streams`.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, Audit, Owner, crud::Crud, word::words};

pub const CRUD: Crud = Crud("/v1beta2/streams");

/// Streams that every embedded backend makes and fills itself.
pub const EMBEDDED: [&str; 4] = ["audit_log", "backend_log", "host_metrics", "http_access"];

pub fn create(definition: &StreamDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(definition)
}

pub fn update(name: &str, change: &UpdateStream) -> Result<ApiRequest, ApiError> {
    ApiRequest::patch(CRUD.path(name, "")).json(change)
}

/// `history_days` from 1 to 7 adds [`StreamStats::history`].
pub fn stats(name: &str, history_days: Option<u8>) -> ApiRequest {
    let request = ApiRequest::get(CRUD.path(name, "/stats"));
    match history_days {
        Some(days) => request.query("historyDays", days.to_string()),
        None => request,
    }
}

words! {
    #[derive(Default)]
    pub enum Mode {
        #[default]
        Append = "append" | "",
        Changelog = "changelog",
        ChangelogKv = "changelog_kv",
        VersionedKv = "versioned_kv",
    }
}

impl Mode {
    pub const ALL: [Self; 4] = [
        Self::Append,
        Self::Changelog,
        Self::ChangelogKv,
        Self::VersionedKv,
    ];

    /// Such a stream has `_tp_delta`: 1 adds a row, -1 takes it back.
    pub fn has_delta(self) -> bool {
        matches!(self, Self::Changelog | Self::ChangelogKv)
    }

    /// Such a stream keeps one row per primary key.
    pub fn needs_primary_key(self) -> bool {
        matches!(self, Self::ChangelogKv | Self::VersionedKv)
    }
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stream {
    pub name: String,
    pub description: String,
    pub columns: Vec<StreamColumn>,
    /// `Stream` or `MutableStream`.
    pub engine: String,
    pub mode: Mode,
    pub primary_key: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub column_families: Vec<ColumnFamily>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secondary_indexes: Vec<SecondaryIndex>,
    /// 0 or less: unlimited.
    pub logstore_retention_bytes: i64,
    /// 0 or less: unlimited.
    pub logstore_retention_ms: i64,
    /// Deprecated twin of `ttl_expression`.
    pub ttl: String,
    pub ttl_expression: String,
    /// Deprecated.
    pub is_external: bool,
    // Plain fields: a flattened `Audit` buffers every field of every stream while reading.
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
}

impl Stream {
    pub fn audit(&self) -> Audit {
        Audit {
            created_at: self.created_at.clone(),
            created_by: self.created_by.clone(),
            last_updated_at: self.last_updated_at.clone(),
            last_updated_by: self.last_updated_by.clone(),
        }
    }
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StreamColumn {
    pub name: String,
    #[serde(rename = "type")]
    pub data_type: String,
    pub nullable: bool,
    pub default: Option<String>,
    pub codec: Option<String>,
}

/// What creates a stream. Fields left `None` or empty are not sent, so the server's defaults hold
/// (retention 10 GiB and 7 days).
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StreamDef {
    pub name: String,
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnDef>,
    pub mode: Option<Mode>,
    /// `MutableStream`, or absent for an ordinary stream.
    pub engine: Option<String>,
    pub primary_key: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub column_families: Vec<ColumnFamily>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secondary_indexes: Vec<SecondaryIndex>,
    pub event_time_column: Option<String>,
    pub event_time_timezone: Option<String>,
    pub logstore_retention_bytes: Option<i64>,
    pub logstore_retention_ms: Option<i64>,
    pub ttl_expression: Option<String>,
    pub order_by_expression: Option<String>,
    pub order_by_granularity: Option<String>,
    pub partition_by_granularity: Option<String>,
    pub shards: Option<u32>,
    pub replication_factor: Option<u32>,
    /// Of a mutable stream: a row of a lesser value of it does not replace one of a greater.
    pub version_column: Option<String>,
    /// Of rows of the same version the later replaces the earlier; true unless it is said.
    pub late_insert_overrides: Option<bool>,
    /// Rows of a mutable stream replace the families of columns that they give, not whole rows.
    pub coalesced: Option<bool>,
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnDef {
    pub name: String,
    #[serde(rename = "type")]
    pub data_type: String,
    /// A SQL expression.
    pub default: Option<String>,
    pub codec: Option<String>,
    pub ttl_expression: Option<String>,
    pub skipping_index_expression: Option<String>,
}

/// Columns of a mutable stream that are stored together; none of them in the primary key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ColumnFamily {
    pub name: String,
    pub columns: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SecondaryIndex {
    pub name: String,
    pub columns: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub storing: Vec<String>,
    pub unique: bool,
}

/// Absent fields stay as they are.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateStream {
    pub description: Option<String>,
    pub logstore_retention_bytes: Option<i64>,
    pub logstore_retention_ms: Option<i64>,
    pub ttl_expression: Option<String>,
}

/// Times as `2023-02-01T01:02:03.456Z`; rates are averages of the last 30 minutes.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StreamStats {
    pub row_count: i64,
    pub historical_data_bytes: i64,
    pub streaming_data_bytes: i64,
    pub earliest_event: Option<String>,
    pub latest_event: Option<String>,
    /// Bytes per second.
    pub read_bps: f64,
    /// Rows per second.
    pub read_eps: f64,
    pub written_bps: f64,
    pub written_eps: f64,
    /// Only when asked for.
    pub history: Option<Vec<StatsPoint>>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StatsPoint {
    pub start_time: String,
    pub read_bps: f64,
    pub read_eps: f64,
    pub written_bps: f64,
    pub written_eps: f64,
}
