//! `/v1beta2/databases`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::ApiRequest;

pub fn list() -> ApiRequest {
    ApiRequest::get("/v1beta2/databases")
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Database {
    pub name: String,
    /// `Atomic`, `Memory`, `MySQL`, `PostgreSQL` or `Iceberg`.
    pub engine: Option<String>,
    /// How many of each kind of resource it has.
    pub count: Option<BTreeMap<String, i64>>,
}
