//! `/v1beta2/external_tables`.

use serde::{Deserialize, Serialize};

use super::external_stream::null_is_default;
use crate::{ApiError, ApiRequest, Owner, crud::Crud};

pub use super::external_stream::{Setting, setting};

pub const CRUD: Crud = Crud("/v1beta2/external_tables");

pub fn create(definition: &ExternalTableDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(definition)
}

/// Its columns are told by `DESCRIBE`.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalTable {
    pub name: String,
    #[serde(deserialize_with = "null_is_default")]
    pub description: String,
    /// Servers of 2025 tell it among the settings only.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(deserialize_with = "null_is_default")]
    pub settings: Vec<Setting>,
    pub create_query: String,
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
}

impl ExternalTable {
    /// `mysql`, `postgresql`, …
    pub fn kind(&self) -> &str {
        match self.kind.as_str() {
            "" => setting(&self.settings, "type"),
            kind => kind,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalTableDef {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    pub settings: Vec<Setting>,
}
