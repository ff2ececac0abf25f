//! `/data_streaming/templates`: what Azion offers to everyone. Custom ones are only inside of
//! streamings.

use serde::{Deserialize, Serialize};

use super::versioned;
use crate::ApiRequest;

pub fn list() -> ApiRequest {
    versioned(ApiRequest::get("/data_streaming/templates"))
}

pub fn get(id: i64) -> ApiRequest {
    versioned(ApiRequest::get(format!("/data_streaming/templates/{id}")))
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Template {
    pub id: i64,
    pub name: String,
    /// See [`super::Model`].
    pub template_model: String,
}
