//! `/v1beta2/users`.

use serde::{Deserialize, Serialize};

use crate::{ApiError, ApiRequest, crud::Crud};

pub const CRUD: Crud = Crud("/v1beta2/users");

pub fn create(user: &CreateUser) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(user)
}

pub fn update(name: &str, change: &UpdateUser) -> Result<ApiRequest, ApiError> {
    ApiRequest::patch(CRUD.path(name, "")).json(change)
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct User {
    pub username: String,
    /// See [`crate::role::Role`]; other servers may have others.
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
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct UpdateUser {
    /// The embedded backend asks for it where people change their own password.
    pub current_password: Option<String>,
    pub password: Option<String>,
    pub role: Option<String>,
}
