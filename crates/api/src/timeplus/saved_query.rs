//! `/v1beta2/savedqueries`.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{ApiError, ApiRequest, Owner, crud::Crud, object::Object};

pub const CRUD: Crud = Crud("/v1beta2/savedqueries");

pub fn create(definition: &SavedQueryDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(definition)
}

/// Replaces everything.
pub fn update(id: &str, definition: &SavedQueryDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::put(CRUD.path(id, "")).json(definition)
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SavedQuery {
    pub id: String,
    pub name: String,
    pub description: String,
    pub sql: String,
    #[serde(deserialize_with = "list_or_null")]
    pub tags: Vec<String>,
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
    /// What else the server sent.
    #[serde(rename = "$beside", skip_serializing)]
    pub beside: Object,
}

/// What creates or replaces one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedQueryDef {
    pub name: String,
    #[serde(default)]
    pub description: String,
    pub sql: String,
    #[serde(default, deserialize_with = "list_or_null")]
    pub tags: Vec<String>,
    /// What else the server has, which would be lost otherwise.
    #[serde(flatten, skip_deserializing)]
    pub beside: Object,
}

/// Servers written in Go send `null` for an empty list.
fn list_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_without_tags_is_read() {
        let body = br#"{"id":"1","name":"n","sql":"select 1","description":"","tags":null}"#;
        let query: SavedQuery = crate::json_response(body).expect("a saved query");
        assert_eq!((query.name.as_str(), query.tags.len()), ("n", 0));
    }
}
