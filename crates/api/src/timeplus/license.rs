//! `/v1beta2/licenses`: what a server may be used for, and how much it is.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{ApiError, ApiRequest};

pub fn list() -> ApiRequest {
    ApiRequest::get("/v1beta2/licenses")
}

/// By day; the first figures come some hours after a licence was added.
pub fn usage() -> ApiRequest {
    ApiRequest::get("/v1beta2/licenses/usage")
}

pub fn validations() -> ApiRequest {
    ApiRequest::get("/v1beta2/licenses/validations")
}

/// A licence file and the key that opens it. The specification names a form of plain fields, which
/// cannot carry a file; servers read what browsers send for a form with one.
pub fn add(key: &str, file: &[u8]) -> ApiRequest {
    const TYPE: &str = "multipart/form-data; boundary=weir-1f0c4a7d9e6b42f3a58c27d1-part";
    const BOUNDARY: &str = "--weir-1f0c4a7d9e6b42f3a58c27d1-part";
    let disposition = "Content-Disposition: form-data; name=";
    let mut body = format!("{BOUNDARY}\r\n{disposition}\"key\"\r\n\r\n{key}\r\n").into_bytes();
    body.extend_from_slice(
        format!(
            "{BOUNDARY}\r\n{disposition}\"file\"; filename=\"license\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        )
        .as_bytes(),
    );
    body.extend_from_slice(file);
    body.extend_from_slice(format!("\r\n{BOUNDARY}--\r\n").as_bytes());
    ApiRequest::post("/v1beta2/licenses").bytes(TYPE, body)
}

pub fn start_trial(trial: &StartTrial) -> Result<ApiRequest, ApiError> {
    ApiRequest::post("/v1beta2/licenses/trial").json(trial)
}

/// Makes the server's first user, too.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StartTrial {
    pub user_name: String,
    pub user_email: String,
    pub password: String,
    pub allow_track: bool,
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct License {
    pub created_by: String,
    pub is_trial: bool,
    pub issued: String,
    /// Absent where it never ends.
    pub expiry: Option<String>,
    pub entitlements: Option<Vec<Entitlement>>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Entitlement {
    pub code: String,
    pub created: String,
    pub updated: String,
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    pub metadata: serde_json::Map<String, serde_json::Value>,
}

/// Bytes ingested on one day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    pub date: Date,
    pub ingest_bytes: i64,
    /// `Stream` or `ExternalStream`.
    #[serde(rename = "type")]
    pub kind: String,
}

/// Written as the specification says; a plain text is read as well.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Date {
    #[serde(rename = "time.Time")]
    pub time: String,
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Wire {
            Text(String),
            Object {
                #[serde(rename = "time.Time", default)]
                time: String,
            },
        }
        let time = match Option::deserialize(deserializer)? {
            Some(Wire::Text(time) | Wire::Object { time }) => time,
            None => String::new(),
        };
        Ok(Self { time })
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ValidationResult {
    pub validated_at: String,
    pub validations: Option<Vec<Validation>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Validation {
    #[serde(rename = "type")]
    pub kind: String,
    pub status: String,
    pub value: String,
    pub actual: String,
    pub message: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_read_in_either_form() {
        for wire in [
            r#"{"date":"2026-01-02","ingest_bytes":7,"type":"Stream"}"#,
            r#"{"date":{"time.Time":"2026-01-02"},"ingest_bytes":7,"type":"Stream"}"#,
        ] {
            let usage: Usage = serde_json::from_str(wire).expect(wire);
            assert_eq!(
                (usage.date.time.as_str(), usage.ingest_bytes),
                ("2026-01-02", 7)
            );
        }
    }

    #[test]
    fn the_file_is_sent_as_it_is() {
        let body = add("k", b"\0\xff").body.expect("body");
        assert!(
            body.content_type
                .starts_with("multipart/form-data; boundary=")
        );
        let boundary = body.content_type.split_once('=').expect("boundary").1;
        let parts: Vec<&[u8]> = body.bytes.split(|byte| *byte == b'\n').collect();
        assert!(parts.contains(&b"\0\xff\r".as_slice()));
        let end = format!("--{boundary}--\r\n");
        assert!(body.bytes.ends_with(end.as_bytes()));
    }
}
