//! Applications: who calls published APIs. There is no operation to make one.

use serde::{Deserialize, Serialize};

use super::{
    Operation, Paging,
    answer::{self, Page},
};
use crate::{ApiError, ApiRequest};

/// Of these workspaces, at most 50.
pub fn list(projects: &[i64], paging: Paging) -> ApiRequest {
    let projects: Vec<String> = projects.iter().map(ToString::to_string).collect();
    Operation::new("ListDataServiceApplications")
        .with("ProjectIdList", projects.join(","))
        .paged(paging)
        .request()
}

pub fn listed(body: &[u8]) -> Result<Page<Application>, ApiError> {
    answer::page(body, "Data", "Applications")
}

/// Also tells its secrets.
pub fn get(id: i64) -> ApiRequest {
    Operation::new("GetDataServiceApplication")
        .with("ApplicationId", id)
        .request()
}

pub fn got(body: &[u8]) -> Result<Application, ApiError> {
    answer::under(body, "Data")
}

/// The last three only where a single one is asked for.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Application {
    pub application_id: i64,
    pub application_name: String,
    pub project_id: i64,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub application_key: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub application_code: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub application_secret: String,
}

/// Never shows the secrets.
impl std::fmt::Debug for Application {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Application")
            .field("application_id", &self.application_id)
            .field("application_name", &self.application_name)
            .finish_non_exhaustive()
    }
}
