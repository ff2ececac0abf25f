//! `/siem/dataspaces`: what groups pipes.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, request::encode};

pub fn list(offset: u32, limit: u32) -> ApiRequest {
    ApiRequest::get("/siem/dataspaces")
        .query("offset", offset.to_string())
        .query("limit", limit.to_string())
}

pub fn create(name: &str, description: &str) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/siem/dataspaces").json(&CreateDataspace {
        dataspace_name: name.into(),
        description: description.into(),
    })
}

pub fn get(id: &str) -> ApiRequest {
    ApiRequest::get(format!("/siem/dataspaces/{}", encode(id)))
}

/// Nothing else of it can change.
pub fn update(id: &str, description: &str) -> Result<ApiRequest, ApiError> {
    let change = serde_json::json!({ "description": description });
    ApiRequest::put(format!("/siem/dataspaces/{}", encode(id))).json(&change)
}

pub fn delete(id: &str) -> ApiRequest {
    ApiRequest::delete(format!("/siem/dataspaces/{}", encode(id)))
}

/// Times in Unix ms.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dataspace {
    pub dataspace_id: String,
    pub dataspace_name: String,
    /// `system-defined` or `user-defined`.
    pub dataspace_type: String,
    pub description: String,
    pub domain_id: String,
    pub project_id: String,
    pub region_id: String,
    pub create_by: String,
    pub create_time: i64,
    pub update_by: String,
    pub update_time: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateDataspace {
    pub dataspace_name: String,
    pub description: String,
}
