//! `/v1beta2/udfs`: functions that people define, in JavaScript or as HTTP services.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{ApiError, ApiRequest, Owner, crud::Crud, object::Object, word::words};

pub const CRUD: Crud = Crud("/v1beta2/udfs");

pub fn create(definition: &CreateUdf) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(definition)
}

/// Takes the whole definition; a secret left out stays what it is.
pub fn update(name: &str, definition: &CreateUdf) -> Result<ApiRequest, ApiError> {
    ApiRequest::put(CRUD.path(name, "")).json(definition)
}

/// Calls a function that is not saved; answered with a [`Trial`]. Only the embedded backend has
/// it: others answer 404 or 405.
pub fn trial(request: &TrialRequest) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/v1beta2/udfs/test").json(request)
}

words! {
    #[derive(Default)]
    pub enum Kind {
        #[default]
        JavaScript = "javascript" | "",
        Remote = "remote",
        /// An expression of its arguments, which have no types.
        Sql = "sql",
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Argument {
    pub name: String,
    #[serde(rename = "type")]
    pub data_type: String,
    /// What else the server says of it.
    #[serde(rename = "$beside")]
    pub beside: Object,
}

impl Serialize for Argument {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Whole<'a> {
            name: &'a str,
            r#type: &'a str,
            #[serde(flatten)]
            beside: &'a Object,
        }
        Whole {
            name: &self.name,
            r#type: &self.data_type,
            beside: &self.beside,
        }
        .serialize(to)
    }
}

/// The header that a remote function is called with. Servers take `key_name` and `key_value`; those
/// of 2026 answer with `auth_header` and `auth_value` instead.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuthContext {
    #[serde(alias = "auth_header")]
    pub key_name: Option<String>,
    /// Secret: servers may leave it out or put asterisks there.
    #[serde(alias = "auth_value")]
    pub key_value: Option<String>,
}

impl CreateUdf {
    /// With what a form does not know of the function that is there.
    #[must_use]
    pub fn keeping(mut self, before: &Udf) -> Self {
        self.beside = before.beside.clone();
        for argument in &mut self.arguments {
            let same = |known: &&Argument| known.name == argument.name;
            if let Some(known) = before.arguments.iter().find(same) {
                argument.beside = known.beside.clone();
            }
        }
        // A way to sign in that this program does not know.
        let known = ["", "none", "auth_header"].contains(&before.auth_method.as_str());
        if self.auth_method == "none" && !known {
            self.auth_method = before.auth_method.clone();
            self.auth_context = before.auth_context.clone();
        }
        self
    }
}

/// What creates or changes a function. Fields of the other kind stay empty and are not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateUdf {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(default, deserialize_with = "nullable")]
    pub arguments: Vec<Argument>,
    #[serde(default)]
    pub return_type: String,
    #[serde(default)]
    pub is_aggregation: bool,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// `none` or `auth_header`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub auth_method: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_context: Option<AuthContext>,
    /// What else the server has, which would be lost otherwise.
    #[serde(flatten, skip_deserializing)]
    pub beside: Object,
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Udf {
    pub name: String,
    #[serde(rename = "type")]
    pub kind: Kind,
    pub description: String,
    #[serde(deserialize_with = "nullable")]
    pub arguments: Vec<Argument>,
    pub return_type: String,
    pub is_aggregation: bool,
    pub source: String,
    pub url: String,
    pub auth_method: String,
    pub auth_context: Option<AuthContext>,
    /// Views that call it; only the embedded backend says so.
    pub used_by: Option<Vec<String>>,
    /// Text in UTC; servers of 2026 send Unix milliseconds.
    #[serde(deserialize_with = "time")]
    pub created_at: Option<String>,
    #[serde(deserialize_with = "owner")]
    pub created_by: Option<Owner>,
    #[serde(deserialize_with = "time")]
    pub last_updated_at: Option<String>,
    #[serde(deserialize_with = "owner")]
    pub last_updated_by: Option<Owner>,
    /// Of servers of 2026, where the two above are not kept.
    #[serde(deserialize_with = "time")]
    pub last_modified_at: Option<String>,
    #[serde(deserialize_with = "owner")]
    pub last_modified_by: Option<Owner>,
    /// What else the server sent.
    #[serde(rename = "$beside", skip_serializing)]
    pub beside: Object,
}

/// A definition and rows of its arguments to call it with.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TrialRequest {
    pub function: CreateUdf,
    /// A value for each argument; text as written, so that large integers stay exact.
    pub rows: Vec<Vec<Box<serde_json::value::RawValue>>>,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Trial {
    /// One for each row; of an aggregate one for all.
    pub result: Vec<Box<serde_json::value::RawValue>>,
    pub duration_ms: f64,
    /// Lines written with `console.log`.
    pub logs: Vec<String>,
}

/// Go servers send `null` for an empty list.
fn nullable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Argument>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Time {
        Text(String),
        Millis(i64),
    }
    Ok(match Option::deserialize(deserializer)? {
        Some(Time::Text(text)) => Some(text),
        Some(Time::Millis(ms)) => Some(ms.to_string()),
        None => None,
    })
}

fn owner<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Owner>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum By {
        Name(String),
        Owner(Owner),
    }
    Ok(match Option::deserialize(deserializer)? {
        Some(By::Owner(owner)) => Some(owner),
        Some(By::Name(name)) => Some(Owner {
            id: name.clone(),
            name,
        }),
        None => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_of_both_revisions_are_read() {
        let old: Udf = serde_json::from_str(
            r#"{"name":"f","type":"remote","arguments":null,"auth_method":"auth_header",
                "auth_context":{"key_name":"X-Key"},"created_at":"2023-02-01 23:22:59",
                "created_by":{"id":"1","name":"ann"}}"#,
        )
        .expect("old");
        let new: Udf = serde_json::from_str(
            r#"{"name":"f","type":"remote","auth_context":{"auth_header":"X-Key","auth_value":"***"},
                "created_at":1742240891590,"created_by":"ann","last_modified_at":1742240891590,
                "last_modified_by":"ann","last_updated_at":"","last_updated_by":null}"#,
        )
        .expect("new");
        let header = |udf: &Udf| {
            udf.auth_context
                .clone()
                .and_then(|context| context.key_name)
        };
        assert_eq!(header(&old).as_deref(), Some("X-Key"));
        assert_eq!(header(&old), header(&new));
        assert_eq!(new.created_at.as_deref(), Some("1742240891590"));
        assert_eq!(new.created_by.map(|by| by.name).as_deref(), Some("ann"));
        let python: Udf = serde_json::from_str(r#"{"name":"p","type":"python"}"#).expect("python");
        assert_eq!(python.kind, Kind::Other("python".into()));
    }
}
