//! `/workspace/stream/templates`: what a line of a stream looks like. Those that Azion offers to
//! everyone, and one's own (`custom`).

use serde::{Deserialize, Serialize};

use super::{PATH, Query};
use crate::{ApiError, ApiRequest, request::encode};

fn path(id: &str) -> String {
    format!("{PATH}/templates/{}", encode(id))
}

pub fn list(query: &Query) -> ApiRequest {
    query.asked(ApiRequest::get(format!("{PATH}/templates")))
}

pub fn get(id: &str) -> ApiRequest {
    ApiRequest::get(path(id))
}

pub fn create(template: &TemplateDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(format!("{PATH}/templates")).json(template)
}

/// What is not among it stays: `PUT` would take away what this program does not know.
pub fn update(id: &str, template: &TemplateDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::patch(path(id)).json(template)
}

pub fn delete(id: &str) -> ApiRequest {
    ApiRequest::delete(path(id))
}

/// Times are RFC 3339.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Template {
    pub id: i64,
    pub name: String,
    pub last_editor: String,
    pub created_at: String,
    pub last_modified: String,
    /// Somebody's own, which can be changed and deleted.
    pub custom: bool,
    pub active: bool,
    /// See [`super::super::Model`].
    pub data_set: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TemplateDef {
    pub name: String,
    pub active: bool,
    pub data_set: String,
}

impl Default for TemplateDef {
    fn default() -> Self {
        Self {
            name: String::new(),
            active: true,
            data_set: String::new(),
        }
    }
}
