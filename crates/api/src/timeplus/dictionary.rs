//! `/v1beta2/dictionaries`. They are made with SQL only.

use serde::{Deserialize, Serialize};

use crate::Audit;
use crate::{ApiRequest, request::encode};

pub fn list() -> ApiRequest {
    ApiRequest::get("/v1beta2/dictionaries")
}

pub fn get(name: &str) -> ApiRequest {
    ApiRequest::get(path(name))
}

pub fn delete(name: &str) -> ApiRequest {
    ApiRequest::delete(path(name))
}

fn path(name: &str) -> String {
    format!("/v1beta2/dictionaries/{}", encode(name))
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dictionary {
    pub name: String,
    pub description: String,
    /// The statement that made it.
    pub query: String,
    #[serde(flatten)]
    pub audit: Audit,
}
