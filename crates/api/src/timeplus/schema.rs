//! `/v1beta2/schemas`: descriptions of message formats.

use serde::{Deserialize, Serialize};

use crate::Owner;
use crate::{
    ApiError, ApiRequest,
    request::{Method, encode},
};

/// The only type that servers take.
pub const PROTOBUF: &str = "Protobuf";

pub fn list() -> ApiRequest {
    ApiRequest::get("/v1beta2/schemas")
}

pub fn create(definition: &SchemaDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/v1beta2/schemas").json(definition)
}

pub fn get(name: &str) -> ApiRequest {
    ApiRequest::get(format!("/v1beta2/schemas/{}", encode(name)))
}

pub fn update(definition: &SchemaDef) -> Result<ApiRequest, ApiError> {
    let path = format!("/v1beta2/schemas/{}", encode(&definition.name));
    ApiRequest::new(Method::Put, path).json(definition)
}

pub fn delete(name: &str) -> ApiRequest {
    ApiRequest::delete(format!("/v1beta2/schemas/{}", encode(name)))
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SchemaDef {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub content: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schema {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub content: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<Owner>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_updated_by: Option<Owner>,
}
