//! `/v1/{project_id}/workspaces`.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, request::encode};

/// Paths are relative to [`super::project_base`], which the workspace of a connection is inside of.
pub fn list(offset: u32, limit: u32) -> ApiRequest {
    let mut request = ApiRequest::get("")
        .query("offset", offset.to_string())
        .query("limit", limit.to_string());
    // This list alone is refused without it.
    let content_type = (
        "Content-Type".into(),
        "application/json;charset=UTF-8".to_string(),
    );
    request.headers.push(content_type);
    request.above()
}

pub fn create(workspace: &CreateWorkspace) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("").above().json(workspace)
}

fn path(id: &str) -> String {
    format!("/{}", encode(id))
}

pub fn get(id: &str) -> ApiRequest {
    ApiRequest::get(path(id)).above()
}

pub fn update(id: &str, workspace: &UpdateWorkspace) -> Result<ApiRequest, ApiError> {
    ApiRequest::put(path(id)).above().json(workspace)
}

pub fn delete(id: &str) -> ApiRequest {
    ApiRequest::delete(path(id)).above()
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Workspace {
    pub id: String,
    pub name: String,
    pub description: String,
    pub region_id: String,
    pub project_id: String,
    pub project_name: String,
    pub domain_id: String,
    pub domain_name: String,
    pub enterprise_project_id: String,
    pub enterprise_project_name: String,
    pub creator_id: String,
    pub creator_name: String,
    pub modifier_id: String,
    pub modifier_name: String,
    pub create_time: String,
    pub update_time: String,
    pub is_view: bool,
    pub view_bind_id: String,
    pub view_bind_name: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreateWorkspace {
    pub region_id: String,
    pub name: String,
    pub project_name: String,
    pub description: String,
}

/// What is left out stays.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateWorkspace {
    pub name: Option<String>,
    pub description: Option<String>,
}
