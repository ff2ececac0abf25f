//! What requests bring and answers look like, whatever they are about.

use std::cmp::Ordering;

use axum::{
    extract::{FromRequest, FromRequestParts, RawPathParams, Request},
    http::request::Parts,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{extract, vendor_error::VendorError};

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
    type Rejection = VendorError;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, VendorError> {
        let known = parts.extensions.get::<Self>().cloned();
        known.ok_or_else(|| VendorError::internal("an address without a workspace"))
    }
}

/// The variable parts of the address after the workspace.
pub(crate) struct Rest(Vec<String>);

impl<S: Send + Sync> FromRequestParts<S> for Rest {
    type Rejection = VendorError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, VendorError> {
        let params = RawPathParams::from_request_parts(parts, state).await;
        let params = params.map_err(|rejection| VendorError::bad(rejection.body_text()))?;
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

impl<T: DeserializeOwned + Send + 'static, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = VendorError;

    async fn from_request(request: Request, state: &S) -> Result<Self, VendorError> {
        let read = extract::Json::from_request(request, state).await;
        read.map(|extract::Json(value)| Self(value))
            .map_err(|failure| VendorError::bad(failure.message()))
    }
}

pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = VendorError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, VendorError> {
        let read = extract::Query::from_request_parts(parts, state).await;
        read.map(|extract::Query(value)| Self(value))
            .map_err(|failure| VendorError::bad(failure.message()))
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

/// Part and order of a list of what the vendor calls records.
#[derive(Debug, Clone, serde::Deserialize)]
pub(crate) struct Listed {
    #[serde(default)]
    pub(crate) offset: usize,
    #[serde(default = "hundred")]
    pub(crate) limit: usize,
    #[serde(default)]
    pub(crate) sort_key: String,
    #[serde(default)]
    pub(crate) sort_dir: String,
}

impl Listed {
    pub(crate) fn of(self, records: Vec<Value>) -> Result<Value, VendorError> {
        let (records, count) = self.part_of(records)?;
        Ok(json!({"count": count, "records": records}))
    }

    /// The part in the order of the records' field that is named, and how many there are. What a
    /// record lacks stands first; a field that none has orders nothing.
    pub(crate) fn part_of(
        self,
        mut records: Vec<Value>,
    ) -> Result<(Vec<Value>, usize), VendorError> {
        let falls = match self.sort_dir.to_lowercase().as_str() {
            "" | "asc" => false,
            "desc" => true,
            _ => return Err(VendorError::field("sort_dir", "asc or desc")),
        };
        if !self.sort_key.is_empty() {
            let key = |record: &Value| record.get(&self.sort_key).cloned().unwrap_or_default();
            records.sort_by(|a, b| by_value(&key(a), &key(b)));
        }
        if falls {
            records.reverse();
        }
        let part = Part {
            offset: self.offset,
            limit: self.limit,
        };
        Ok(part.of(records))
    }
}

/// Numbers as numbers, everything else as its text.
fn by_value(a: &Value, b: &Value) -> Ordering {
    let text = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.to_lowercase(),
        other => other.to_string(),
    };
    match (a.as_f64(), b.as_f64()) {
        (Some(a), Some(b)) => a.total_cmp(&b),
        _ => text(a).cmp(&text(b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(
        sort_key: &str,
        sort_dir: &str,
        part: (usize, usize),
    ) -> Result<Vec<u64>, VendorError> {
        let listed = Listed {
            offset: part.0,
            limit: part.1,
            sort_key: sort_key.into(),
            sort_dir: sort_dir.into(),
        };
        let records = [(1, "b"), (2, "A"), (10, "c")];
        let records = records.map(|(id, name)| json!({"id": id, "name": name}));
        let answer = listed.of(records.to_vec())?;
        assert_eq!(answer["count"], 3);
        let ids = answer["records"].as_array().expect("records").iter();
        Ok(ids.filter_map(|one| one["id"].as_u64()).collect())
    }

    #[test]
    fn records_come_in_the_order_that_is_asked_for() {
        let of = |key: &str, dir: &str, part| listed(key, dir, part).expect("a list");
        let all = (0, 100);
        assert_eq!(of("", "", all), [1, 2, 10]);
        assert_eq!(of("id", "desc", all), [10, 2, 1]);
        assert_eq!(of("name", "ASC", (0, 2)), [2, 1]);
        assert_eq!(of("name", "", (1, 100)), [1, 10]);
        assert_eq!(of("nothing", "", all), [1, 2, 10]);
        assert!(listed("", "up", all).is_err());
    }
}
