use axum::{extract::FromRequestParts, http::request::Parts};
use serde::Serialize;
use weir_api::timeplus::Owner;

use crate::error::Failure;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Admin,
}

/// Who sent a request.
#[derive(Debug, Clone)]
pub(crate) struct Actor {
    pub user: String,
    pub role: Role,
    /// Name of the API key, where one was used.
    key: Option<String>,
}

impl Actor {
    pub(crate) fn user(name: &str, role: Role) -> Self {
        Self {
            user: name.to_string(),
            role,
            key: None,
        }
    }

    pub(super) fn by_key(mut self, key: &str) -> Self {
        self.key = Some(key.to_string());
        self
    }

    /// For logs.
    pub(crate) fn label(&self) -> String {
        match &self.key {
            Some(key) => format!("{} by API key {key}", self.user),
            None => self.user.clone(),
        }
    }

    pub(crate) fn owner(&self) -> Owner {
        Owner {
            id: self.user.clone(),
            name: self.user.clone(),
        }
    }
}

/// Set by [`super::middleware::authenticate`].
impl<S: Send + Sync> FromRequestParts<S> for Actor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Failure::internal("a route without sign-in asked who is calling"))
    }
}
