//! `/v1beta2/format` and `/v1beta2/sqlanalyze`.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest};

pub fn format(sql: &str) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/v1beta2/format").json(&Sql { sql: sql.into() })
}

pub fn analyze(sql: &str) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/v1beta2/sqlanalyze").json(&Sql { sql: sql.into() })
}

/// Body of both requests and answer of `format`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sql {
    pub sql: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Analysis {
    pub original_query: String,
    pub rewritten_query: String,
    /// For example `SELECT` or `CREATE`.
    pub query_type: String,
    pub is_streaming: bool,
    pub has_aggr: bool,
    pub has_subquery: bool,
    pub has_table_join: bool,
    pub has_union: bool,
    pub group_by_columns: Vec<String>,
    pub required_columns: Vec<AnalyzedColumn>,
    pub result_columns: Vec<AnalyzedColumn>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnalyzedColumn {
    pub database: String,
    pub table: String,
    pub column: String,
    pub column_type: String,
    pub is_view: bool,
}
