//! `/v1beta2/workspace`.

use serde::{Deserialize, Serialize};

use crate::Audit;
use crate::{ApiError, ApiRequest};

pub fn get() -> ApiRequest {
    ApiRequest::get("/v1beta2/workspace")
}

pub fn update(settings: &UpdateSettings) -> Result<ApiRequest, ApiError> {
    ApiRequest::patch("/v1beta2/workspace").json(&UpdateWorkspace {
        settings: Some(settings.clone()),
    })
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Workspace {
    pub id: String,
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_trial_end_date: Option<String>,
    /// Timeplus' own client (1.4.1) refuses an answer without these two; the specification of the
    /// same revision has dropped them.
    pub demo_mode: bool,
    pub enabled_subscription: bool,
    pub settings: Settings,
    #[serde(flatten)]
    pub audit: Audit,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub name: String,
    pub enabled_user_tracking: bool,
    #[serde(flatten)]
    pub audit: Audit,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateWorkspace {
    pub settings: Option<UpdateSettings>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateSettings {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled_user_tracking: Option<bool>,
}
