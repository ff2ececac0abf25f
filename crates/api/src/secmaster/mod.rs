//! Huawei Cloud SecMaster: data deliveries and data objects.
//!
//! Paths are relative to a workspace, `{url}/v1/{project_id}/workspaces/{workspace_id}`; those of
//! [`workspace`] to the project, those of [`iam`] to the identity service.

mod answer;
pub mod authorization;
pub mod data_class;
pub mod data_object;
pub mod dataspace;
mod error;
pub mod iam;
mod names;
pub mod pipe;
pub mod search;
pub mod shipper;
mod sign;
pub mod workspace;

pub use answer::{Page, answer, done, page, part, plain, refusal, resource};
pub use error::read as error;
pub use sign::{Signed, sign};

/// Entries of one part of a list, the most that the vendor sends.
pub const PAGE: u32 = 100;

/// `{url}/v1/{project_id}/workspaces/{workspace_id}`, without a trailing slash.
pub fn base(url: &str, project: &str, workspace: &str) -> String {
    format!(
        "{}/{}",
        project_base(url, project),
        crate::request::encode(workspace)
    )
}

/// Where [`workspace::list`] is sent to, followed by `/{workspace_id}` for all else.
pub fn project_base(url: &str, project: &str) -> String {
    format!(
        "{}/v1/{}/workspaces",
        url.trim_end_matches('/'),
        crate::request::encode(project)
    )
}
