//! `/data_streaming/templates`: what Azion offers to everyone. Custom ones are only inside of
//! streamings.

use serde::{Deserialize, Serialize};

use super::versioned;
use crate::{ApiRequest, request::encode};

pub fn list() -> ApiRequest {
    versioned(ApiRequest::get("/data_streaming/templates"))
}

pub fn get(id: i64) -> ApiRequest {
    versioned(ApiRequest::get(format!("/data_streaming/templates/{id}")))
}

/// By the key of its page, which is its id.
pub fn get_named(id: &str) -> ApiRequest {
    versioned(ApiRequest::get(format!(
        "/data_streaming/templates/{}",
        encode(id)
    )))
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Template {
    pub id: i64,
    pub name: String,
    /// See [`super::Model`].
    #[serde(alias = "data_set")]
    pub template_model: String,
    /// Somebody's own, which can be changed and deleted; only version 4 tells.
    pub custom: Option<bool>,
    pub active: Option<bool>,
    /// RFC 3339.
    pub last_modified: Option<String>,
    pub last_editor: Option<String>,
}
