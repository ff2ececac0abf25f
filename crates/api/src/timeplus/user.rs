//! `/v1beta2/users`.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, request::encode};

fn path(name: &str) -> String {
    format!("/v1beta2/users/{}", encode(name))
}

pub fn list() -> ApiRequest {
    ApiRequest::get("/v1beta2/users")
}

pub fn get(name: &str) -> ApiRequest {
    ApiRequest::get(path(name))
}

pub fn create(user: &CreateUser) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/v1beta2/users").json(user)
}

pub fn update(name: &str, change: &UpdateUser) -> Result<ApiRequest, ApiError> {
    ApiRequest::patch(path(name)).json(change)
}

pub fn delete(name: &str) -> ApiRequest {
    ApiRequest::delete(path(name))
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct User {
    pub username: String,
    /// See [`super::role::Role`]; other servers may have others.
    pub role: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateUser {
    pub username: String,
    pub password: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}

/// What is left out stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateUser {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
}
