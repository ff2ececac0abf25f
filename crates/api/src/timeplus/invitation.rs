//! `/v1beta2/invitations`.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, Audit, crud::Crud, word::words};

pub const CRUD: Crud = Crud("/v1beta2/invitations");

pub fn create(invitation: &CreateInvitation) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(invitation)
}

words! {
    #[derive(Default)]
    pub enum Status {
        #[default]
        Pending = "pending",
        Accepted = "accepted",
    }
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Invitation {
    pub id: String,
    pub email: String,
    pub status: Status,
    /// Empty while pending.
    pub user_id: String,
    /// Role of the user to be; only the embedded backend says it.
    pub role: Option<String>,
    /// After this time, as `2023-02-01 23:22:59` in UTC, the link does not work any more; only the
    /// embedded backend says it.
    pub expires_at: Option<String>,
    #[serde(flatten)]
    pub audit: Audit,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateInvitation {
    pub email: String,
    /// Understood by the embedded backend only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// The embedded backend sends no mail: it answers with the link, which works once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreatedInvitation {
    /// Path and token, to follow the server's address; empty where the server has sent it.
    pub link: String,
    #[serde(flatten)]
    pub invitation: Invitation,
}
