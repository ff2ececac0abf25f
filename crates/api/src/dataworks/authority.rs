//! Which other workspaces may call an API, and until when.

use serde::{Deserialize, Serialize};

use super::{
    Operation, Paging,
    answer::{self, Page},
};
use crate::{ApiError, ApiRequest};

/// `end_time` in Unix seconds.
pub fn create(api: i64, project: i64, end_time: i64) -> ApiRequest {
    Operation::new("CreateDataServiceApiAuthority")
        .with("ApiId", api)
        .with("AuthorizedProjectId", project)
        .with("EndTime", end_time)
        .request()
}

pub fn delete(api: i64, project: i64) -> ApiRequest {
    Operation::new("DeleteDataServiceApiAuthority")
        .with("ApiId", api)
        .with("AuthorizedProjectId", project)
        .request()
}

/// What this workspace lets others call.
pub fn list(name: &str, paging: Paging) -> ApiRequest {
    Operation::new("ListDataServiceApiAuthorities")
        .text("ApiNameKeyword", name)
        .paged(paging)
        .request()
}

pub fn listed(body: &[u8]) -> Result<Page<Granted>, ApiError> {
    answer::page(body, "Data", "ApiAuthorizationList")
}

/// What others let this workspace call.
pub fn list_received(name: &str, paging: Paging) -> ApiRequest {
    Operation::new("ListDataServiceAuthorizedApis")
        .text("ApiNameKeyword", name)
        .paged(paging)
        .request()
}

pub fn listed_received(body: &[u8]) -> Result<Page<Received>, ApiError> {
    answer::page(body, "Data", "ApiAuthorizedList")
}

/// An API and whom it is granted to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Granted {
    pub api_id: i64,
    pub api_name: String,
    pub api_path: String,
    pub api_status: i32,
    pub created_time: String,
    pub creator_id: String,
    pub group_id: String,
    pub modified_time: String,
    pub project_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<i64>,
    pub authorization_records: Vec<Grant>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Grant {
    pub created_time: String,
    pub creator_id: String,
    pub end_time: String,
    /// The workspace it is granted to.
    pub project_id: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Received {
    pub api_id: i64,
    pub api_name: String,
    pub api_path: String,
    pub api_status: i32,
    pub created_time: String,
    pub creator_id: String,
    pub grant_created_time: String,
    pub grant_end_time: String,
    pub grant_operator_id: String,
    pub group_id: String,
    pub modified_time: String,
    /// The workspace it comes from.
    pub project_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<i64>,
}
