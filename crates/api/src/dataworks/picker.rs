//! What forms offer to choose from: workspaces and data sources.

use serde::{Deserialize, Serialize};

use super::{
    Operation, Paging,
    answer::{self, Page},
};
use crate::{ApiError, ApiRequest};

pub fn projects(paging: Paging) -> ApiRequest {
    Operation::new("ListProjects").paged(paging).request()
}

pub fn listed_projects(body: &[u8]) -> Result<Page<Project>, ApiError> {
    answer::page(body, "PageResult", "ProjectList")
}

pub fn data_sources(name: &str, paging: Paging) -> ApiRequest {
    Operation::new("ListDataSources")
        .text("Name", name)
        .paged(paging)
        .request()
}

pub fn listed_data_sources(body: &[u8]) -> Result<Page<DataSource>, ApiError> {
    answer::page(body, "Data", "DataSources")
}

/// A workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Project {
    pub project_id: i64,
    pub project_name: String,
    pub project_identifier: String,
    pub project_description: String,
    pub project_status: i32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct DataSource {
    pub id: i64,
    pub name: String,
    pub data_source_type: String,
    pub sub_type: String,
    pub description: String,
    /// 0 development, 1 production.
    pub env_type: i32,
    pub status: i32,
    pub project_id: i64,
}
