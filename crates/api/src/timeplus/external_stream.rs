//! `/v1beta2/external_streams`.

use serde::{Deserialize, Deserializer, Serialize};

use super::stream::{ColumnDef, StreamColumn};
use crate::{ApiError, ApiRequest, Owner, crud::Crud};

pub use crate::property::Setting;

pub const CRUD: Crud = Crud("/v1beta2/external_streams");

pub fn create(definition: &ExternalStreamDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(definition)
}

/// Answered with a [`super::stream::StreamStats`].
pub fn stats(name: &str, history_days: Option<u8>) -> ApiRequest {
    let request = ApiRequest::get(CRUD.path(name, "/stats"));
    match history_days {
        Some(days) => request.query("historyDays", days.to_string()),
        None => request,
    }
}

/// Answered with a list of [`PreviewEvent`].
pub fn preview(preview: &Preview) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/v1beta2/external_streams/preview").json(preview)
}

/// Messages as JSON objects; what is none comes as `{"raw": "…"}`.
pub type PreviewEvent = serde_json::Map<String, serde_json::Value>;

/// The value of a setting, empty where it is not there.
pub fn setting<'a>(settings: &'a [Setting], key: &str) -> &'a str {
    let found = settings.iter().find(|setting| setting.key == key);
    found.map_or("", |setting| setting.value.as_str())
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalStream {
    pub name: String,
    #[serde(deserialize_with = "null_is_default")]
    pub description: String,
    /// Servers of 2025 tell it among the settings only.
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(deserialize_with = "null_is_default")]
    pub columns: Vec<StreamColumn>,
    #[serde(deserialize_with = "null_is_default")]
    pub settings: Vec<Setting>,
    pub create_query: String,
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
}

impl ExternalStream {
    /// `kafka`, `log`, …
    pub fn kind(&self) -> &str {
        match self.kind.as_str() {
            "" => setting(&self.settings, "type"),
            kind => kind,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ExternalStreamDef {
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<ColumnDef>,
    pub settings: Vec<Setting>,
}

/// Asks for messages before there is a stream. Left out: 1 message from `latest` within 60 s.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preview {
    pub settings: Vec<Setting>,
    pub count: Option<u32>,
    pub offset: Option<Offset>,
    /// Seconds.
    pub timeout: Option<u32>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Offset {
    Earliest,
    #[default]
    Latest,
}

/// Servers written in Go send empty lists as null.
pub(super) fn null_is_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_of_both_years_are_read() {
        let old = r#"{"name":"e","description":"","columns":null,
            "settings":[{"key":"type","value":"kafka"}]}"#;
        let new = r#"{"name":"e","description":"d","type":"kafka","settings":null,
            "create_query":"CREATE EXTERNAL STREAM e …"}"#;
        for text in [old, new] {
            let stream: ExternalStream = serde_json::from_str(text).expect(text);
            assert_eq!((stream.name.as_str(), stream.kind()), ("e", "kafka"));
        }
    }

    #[test]
    fn a_preview_leaves_out_what_is_not_asked_for() {
        let asked = Preview {
            settings: vec![Setting {
                key: "type".into(),
                value: "log".into(),
            }],
            offset: Some(Offset::Earliest),
            ..Preview::default()
        };
        assert_eq!(
            serde_json::to_string(&asked).expect("json"),
            r#"{"settings":[{"key":"type","value":"log"}],"offset":"earliest"}"#
        );
    }
}
