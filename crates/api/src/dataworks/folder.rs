//! Folders inside a group. There is no operation to change or delete one.

use serde::{Deserialize, Serialize};

use super::{
    Operation, Paging,
    answer::{self, Page},
};
use crate::{ApiError, ApiRequest};

/// Empty: of all groups.
pub fn list(group: &str, name: &str, paging: Paging) -> ApiRequest {
    Operation::new("ListDataServiceFolders")
        .text("GroupId", group)
        .text("FolderNameKeyword", name)
        .paged(paging)
        .request()
}

pub fn listed(body: &[u8]) -> Result<Page<Folder>, ApiError> {
    answer::page(body, "FolderPagingResult", "Folders")
}

pub fn get(id: i64) -> ApiRequest {
    Operation::new("GetDataServiceFolder")
        .with("FolderId", id)
        .request()
}

pub fn got(body: &[u8]) -> Result<Folder, ApiError> {
    answer::under(body, "Folder")
}

pub fn create(folder: &Create) -> ApiRequest {
    Operation::new("CreateDataServiceFolder")
        .with("FolderName", &folder.name)
        .with("GroupId", &folder.group)
        .with("ParentId", folder.parent)
        .request()
}

pub fn created(body: &[u8]) -> Result<i64, ApiError> {
    answer::under(body, "FolderId")
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Create {
    pub name: String,
    pub group: String,
    /// 0: the group itself.
    pub parent: i64,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Folder {
    pub folder_id: i64,
    pub folder_name: String,
    pub group_id: String,
    /// 0: the group itself.
    pub parent_id: i64,
    pub project_id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<i64>,
    pub created_time: String,
    pub modified_time: String,
}
