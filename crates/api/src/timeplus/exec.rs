//! `/v1beta2/exec`: DDL and bounded queries as SQL.

use serde::{Deserialize, Serialize};

use crate::Column;
use crate::{ApiError, ApiRequest, capability::Capabilities};

/// Statement that defines, alters or drops something; answered with 204.
pub fn ddl(sql: &str) -> Result<ApiRequest, ApiError> {
    exec(sql, Kind::Ddl)
}

/// A definition as the server takes it: over REST or as SQL.
pub fn define(
    can: Capabilities,
    rest: impl FnOnce() -> Result<ApiRequest, ApiError>,
    sql: impl FnOnce() -> String,
) -> Result<ApiRequest, ApiError> {
    match can.by_sql() {
        true => ddl(&sql()),
        false => rest(),
    }
}

/// A query that ends; answered with an [`Answer`].
pub fn historical(sql: &str) -> Result<ApiRequest, ApiError> {
    exec(sql, Kind::Historical)
}

fn exec(sql: &str, kind: Kind) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/v1beta2/exec").json(&Request {
        sql: sql.into(),
        kind,
        timeout_ms: None,
        read_only: false,
    })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Historical,
    Ddl,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub sql: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    /// 30,000 where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<i64>,
    /// As in [`super::query::CreateQuery`].
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub read_only: bool,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Answer {
    pub columns: Vec<Column>,
    /// Rows; the values as they were sent, so that large integers stay exact.
    pub data: Vec<Vec<Box<serde_json::value::RawValue>>>,
}
