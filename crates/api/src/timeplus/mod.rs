//! Timeplus REST v1beta2. Paths are relative to the API base, for example
//! `http://127.0.0.1:8000/default/api`; [`Connection::base`] builds it.

pub mod alert;
pub mod api_key;
pub mod capability;
pub mod cluster;
pub mod dashboard;
pub mod database;
pub mod dictionary;
pub mod event;
pub mod exec;
pub mod external_stream;
pub mod external_table;
pub mod info;
pub mod ingest;
pub mod invitation;
pub mod license;
pub mod materialized_view;
pub mod metrics;
pub mod pipeline;
pub mod probe;
pub mod property;
pub mod query;
pub mod role;
pub mod saved_query;
pub mod schema;
pub mod sink;
pub mod source;
pub mod sql;
pub mod stream;
pub mod stream_ddl;
pub mod subscription;
pub mod topology;
pub mod udf;
pub mod user;
pub mod view;
pub mod workspace;

use serde::{Deserialize, Serialize};

/// `{root}/{workspace}/api`, without a trailing slash.
pub fn base(root: &str, workspace: &str) -> String {
    format!(
        "{}/{}/api",
        root.trim_end_matches('/'),
        crate::request::encode(workspace)
    )
}

/// Who made or changed something.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub name: String,
}

/// Creation and last change; times as `2023-02-01 23:22:59` in UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Audit {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<Owner>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated_by: Option<Owner>,
}

/// Name and type of a result column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub name: String,
    #[serde(rename = "type")]
    pub data_type: String,
}
