//! What requests bring and answers look like, whatever they are about.

use axum::{
    extract::{FromRequest, FromRequestParts, RawPathParams, Request},
    http::request::Parts,
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{extract, refusal::Refusal};

/// The one project, its account, its region, and the workspace that is always there.
pub(crate) const DEFAULT: &str = "default";

/// Kinds of resources as permissions of API keys name them.
pub(crate) const DELIVERY: &str = "delivery";
pub(crate) const DATA_OBJECT: &str = "data_object";

/// Where everything lies that is in a workspace.
pub(crate) const IN_WORKSPACE: &str = "/v1/{project}/workspaces/{workspace}";

/// `{code: 0, msg, data}`
#[derive(Serialize)]
pub(crate) struct Done<T> {
    code: i64,
    msg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<T>,
}

pub(crate) fn done<T: Serialize>(data: T) -> axum::Json<Done<T>> {
    axum::Json(Done {
        code: 0,
        msg: "success",
        data: Some(data),
    })
}

pub(crate) fn nothing() -> axum::Json<Done<()>> {
    axum::Json(Done {
        code: 0,
        msg: "success",
        data: None,
    })
}

/// Workspace of the address; it exists.
#[derive(Clone)]
pub(crate) struct Workspace(pub(crate) String);

impl<S: Send + Sync> FromRequestParts<S> for Workspace {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Refusal> {
        let known = parts.extensions.get::<Self>().cloned();
        known.ok_or_else(|| Refusal::internal("an address without a workspace"))
    }
}

/// The variable parts of the address after the workspace.
pub(crate) struct Rest(Vec<String>);

impl<S: Send + Sync> FromRequestParts<S> for Rest {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|rejection| Refusal::bad(rejection.body_text()))?;
        let rest = params.iter().skip(2).map(|(_, value)| value.to_string());
        Ok(Self(rest.collect()))
    }
}

impl Rest {
    /// Empty where there is none.
    pub(crate) fn part(&self, at: usize) -> &str {
        self.0.get(at).map_or("", String::as_str)
    }
}

pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let read = extract::Json::from_request(request, state).await;
        read.map(|extract::Json(value)| Self(value))
            .map_err(|failure| Refusal::bad(failure.message()))
    }
}

pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let read = extract::Query::from_request_parts(parts, state).await;
        read.map(|extract::Query(value)| Self(value))
            .map_err(|failure| Refusal::bad(failure.message()))
    }
}

/// Which part of a list is asked for.
#[derive(Debug, Clone, Copy, serde::Deserialize)]
pub(crate) struct Part {
    #[serde(default)]
    pub(crate) offset: usize,
    #[serde(default = "hundred")]
    pub(crate) limit: usize,
}

fn hundred() -> usize {
    100
}

impl Part {
    /// The part, and how many there are.
    pub(crate) fn of<T>(self, all: Vec<T>) -> (Vec<T>, usize) {
        let total = all.len();
        let part = all.into_iter().skip(self.offset).take(self.limit);
        (part.collect(), total)
    }
}
