//! What forms offer to choose from: workspaces, data sources, their tables and columns, resource
//! groups.

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
/// Tables of a data source's kind, for example `odps`; empty texts are not sent.
pub fn tables(kind: &str, database: &str, paging: Paging) -> ApiRequest {
    Operation::new("GetMetaDBTableList")
        .text("DataSourceType", kind)
        .text("DatabaseName", database)
        .paged(paging)
        .request()
}

pub fn listed_tables(body: &[u8]) -> Result<Page<Table>, ApiError> {
    answer::page(body, "Data", "TableEntityList")
}

/// Columns of a table; `PageNum` is what these operations call the page.
pub fn columns(table_guid: &str, paging: Paging) -> ApiRequest {
    Operation::new("GetMetaTableColumn")
        .with("TableGuid", table_guid)
        .with("PageNum", paging.number)
        .with("PageSize", paging.size)
        .request()
}

pub fn listed_columns(body: &[u8]) -> Result<Page<TableColumn>, ApiError> {
    answer::page(body, "Data", "ColumnList")
}

pub fn resource_groups() -> ApiRequest {
    Operation::new("ListResourceGroups").request()
}

pub fn listed_resource_groups(body: &[u8]) -> Result<Vec<ResourceGroup>, ApiError> {
    answer::under(body, "Data")
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Table {
    pub table_guid: String,
    pub table_name: String,
    pub database_name: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct TableColumn {
    pub column_name: String,
    pub column_type: String,
    pub comment: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ResourceGroup {
    pub id: i64,
    pub identifier: String,
    pub name: String,
}

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
