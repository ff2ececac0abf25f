//! Business processes: the groups that APIs are in. There is no operation to change or delete one.

use serde::{Deserialize, Serialize};

use super::{
    Operation, Paging,
    answer::{self, Page},
};
use crate::{ApiError, ApiRequest};

pub fn list(name: &str, paging: Paging) -> ApiRequest {
    Operation::new("ListDataServiceGroups")
        .text("GroupNameKeyword", name)
        .paged(paging)
        .request()
}

pub fn listed(body: &[u8]) -> Result<Page<Group>, ApiError> {
    answer::page(body, "GroupPagingResult", "Groups")
}

pub fn get(id: &str) -> ApiRequest {
    Operation::new("GetDataServiceGroup")
        .with("GroupId", id)
        .request()
}

pub fn got(body: &[u8]) -> Result<Group, ApiError> {
    answer::under(body, "Group")
}

pub fn create(group: &Create) -> ApiRequest {
    Operation::new("CreateDataServiceGroup")
        .with("GroupName", &group.name)
        .with("ApiGatewayGroupId", &group.gateway_group)
        .text("Description", &group.description)
        .request()
}

/// Its id, for example `ds_12345`.
pub fn created(body: &[u8]) -> Result<String, ApiError> {
    answer::under(body, "GroupId")
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Create {
    pub name: String,
    /// Of API Gateway.
    pub gateway_group: String,
    pub description: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Group {
    pub group_id: String,
    pub group_name: String,
    pub api_gateway_group_id: String,
    pub description: String,
    pub creator_id: String,
    pub project_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<i64>,
    pub created_time: String,
    pub modified_time: String,
}
