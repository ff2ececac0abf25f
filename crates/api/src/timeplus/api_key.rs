//! `/v1beta2/auth/api_keys`.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{ApiError, ApiRequest, Owner, crud::Crud};

pub const CRUD: Crud = Crud("/v1beta2/auth/api_keys");

pub fn create(key: &CreateApiKey) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(key)
}

/// Times in Unix seconds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ApiKey {
    pub id: String,
    /// Given name and masked key.
    pub name: String,
    pub created_at: i64,
    pub created_by: Owner,
    /// Absent or 0: never.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_at: Option<i64>,
    /// For example `read:query`; none: whatever its owner may.
    #[serde(deserialize_with = "null_is_empty")]
    pub permissions: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreatedApiKey {
    /// The only time it is shown.
    pub api_key: String,
    #[serde(flatten)]
    pub key: ApiKey,
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateApiKey {
    pub name: String,
    /// For example `24h`; not together with `expire_at`.
    pub expire_in: Option<String>,
    /// RFC 3339.
    pub expire_at: Option<String>,
    /// Not in the specification: understood by the embedded backend. Without it the key may what its
    /// user may; a list that names none is no such wish.
    pub permissions: Option<Vec<String>>,
}

/// Go servers send `null` for an empty list.
fn null_is_empty<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}
