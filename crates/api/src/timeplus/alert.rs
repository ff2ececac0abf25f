//! `/v1beta2/alerts`: queries that watch for something and say so once, until it is over. Only
//! servers with [`crate::capability::Capability::Alerts`] have them.

use serde::{Deserialize, Serialize};

use super::query::Query;
use crate::{
    ApiError, ApiRequest, Owner, crud::Crud, lenient::or_default, object::Object, property::Map,
};

pub const CRUD: Crud = Crud("/v1beta2/alerts");

pub fn create(definition: &AlertDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(definition)
}

/// Secrets left out of the properties stay.
pub fn replace(id: &str, definition: &AlertDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::put(CRUD.path(id, "")).json(definition)
}

pub fn start(id: &str) -> ApiRequest {
    ApiRequest::post(CRUD.path(id, "/start"))
}

pub fn stop(id: &str) -> ApiRequest {
    ApiRequest::post(CRUD.path(id, "/stop"))
}

/// It can trigger again then.
pub fn resolve(id: &str) -> ApiRequest {
    ApiRequest::post(CRUD.path(id, "/resolve"))
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Alert {
    pub id: String,
    pub name: String,
    pub description: String,
    pub severity: i64,
    /// Type of the sink that is used, for example `slack`.
    pub action: String,
    /// Of the action, without secrets.
    #[serde(deserialize_with = "or_default")]
    pub properties: Map,
    pub trigger_sql: String,
    pub resolve_sql: String,
    /// `running`, `stopped` or `error`.
    pub status: String,
    /// Why it is not running, or why nobody could be told.
    pub message: String,
    #[serde(deserialize_with = "or_default")]
    pub instance: Incident,
    #[serde(deserialize_with = "or_default")]
    pub trigger_query: Query,
    #[serde(deserialize_with = "or_default")]
    pub resolve_query: Query,
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
    /// What else the server sent.
    #[serde(rename = "$beside", skip_serializing)]
    pub beside: Object,
}

impl Alert {
    pub fn is_triggered(&self) -> bool {
        self.instance.status == TRIGGERED
    }
}

/// An alert of a list that is triggered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Triggered {
    pub id: String,
    pub name: String,
}

/// Those of a list that are triggered, without reading anything else of them: whoever only counts
/// and names them does without the code that reads alerts.
pub fn triggered(list: &[u8]) -> Result<Vec<Triggered>, ApiError> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Listed {
        id: String,
        name: String,
        instance: Last,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Last {
        status: String,
    }
    let all: Vec<Listed> = crate::json_response(list)?;
    let triggered = all
        .into_iter()
        .filter(|one| one.instance.status == TRIGGERED);
    let named = triggered.map(|Listed { id, name, .. }| Triggered { id, name });
    Ok(named.collect())
}

pub const TRIGGERED: &str = "triggered";
pub const RESOLVED: &str = "resolved";

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertDef {
    pub name: String,
    pub description: String,
    pub severity: i64,
    pub action: String,
    #[serde(deserialize_with = "or_default")]
    pub properties: Map,
    pub trigger_sql: String,
    /// Empty: somebody has to resolve it.
    pub resolve_sql: String,
    /// What else the server has, which would be lost otherwise.
    #[serde(flatten, skip_deserializing)]
    pub beside: Object,
}

/// The last time it triggered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Incident {
    /// Empty before the first time.
    pub id: String,
    /// [`TRIGGERED`] or [`RESOLVED`].
    pub status: String,
    #[serde(deserialize_with = "or_default")]
    pub timeline: Vec<Happened>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Happened {
    /// Unix time in milliseconds, or in seconds from some servers.
    pub timestamp: i64,
    /// For example `triggered`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The embedded backend: more about it.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json_response;

    #[test]
    fn null_is_nothing_yet() {
        let body =
            br#"{"id":"a","instance":null,"properties":null,"trigger_query":null,"severity":2}"#;
        let alert: Alert = json_response(body).expect("alert");
        assert_eq!((alert.severity, alert.is_triggered()), (2, false));
        let body = br#"{"instance":{"id":"i","status":"triggered","timeline":null}}"#;
        assert!(json_response::<Alert>(body).expect("alert").is_triggered());
    }

    #[test]
    fn those_that_are_triggered_are_named() {
        let list = br#"[{"id":"7","name":"hot","instance":{"status":"triggered"}},{"instance":null},{"severity":"high"},
            {"instance":{"status":"resolved"}}]"#;
        let hot = Triggered {
            id: "7".into(),
            name: "hot".into(),
        };
        assert_eq!(triggered(list).ok(), Some(vec![hot]));
        assert_eq!(triggered(b"null").ok(), Some(Vec::new()));
        assert!(triggered(b"<html>").is_err());
    }
}
