//! `/v1beta2/schemas`: descriptions of message formats.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, Owner, crud::Crud, object::Object, request::Method};

pub const CRUD: Crud = Crud("/v1beta2/schemas");

/// The only type that servers take.
pub const PROTOBUF: &str = "Protobuf";

pub fn create(definition: &SchemaDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(definition)
}

pub fn update(definition: &SchemaDef) -> Result<ApiRequest, ApiError> {
    let path = CRUD.path(&definition.name, "");
    ApiRequest::new(Method::Put, path).json(definition)
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SchemaDef {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub content: String,
    /// What else the server has, which would be lost otherwise.
    #[serde(flatten, skip_deserializing)]
    pub beside: Object,
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schema {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub content: String,
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
    /// What else the server sent.
    #[serde(rename = "$beside", skip_serializing)]
    pub beside: Object,
}
