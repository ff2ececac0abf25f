//! `/data_streaming/streamings`: logs that are sent elsewhere.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

pub use super::definition::StreamingDef;
use super::{v4::stream::Stream, versioned};
use crate::{ApiError, ApiRequest, lenient, object::Object, request::encode};

const PATH: &str = "/data_streaming/streamings";

pub fn list() -> ApiRequest {
    versioned(ApiRequest::get(PATH))
}

pub fn create(definition: &StreamingDef) -> Result<ApiRequest, ApiError> {
    versioned(ApiRequest::post(PATH)).json(definition)
}

pub fn get(id: &str) -> ApiRequest {
    versioned(ApiRequest::get(path(id)))
}

/// Every field is sent.
pub fn replace(id: &str, definition: &StreamingDef) -> Result<ApiRequest, ApiError> {
    #[derive(Serialize)]
    struct Whole<'a> {
        #[serde(flatten)]
        definition: &'a StreamingDef,
        #[serde(flatten)]
        beside: &'a Object,
    }
    versioned(ApiRequest::put(path(id))).json(&Whole {
        definition,
        beside: &definition.beside,
    })
}

/// Only what is in `changes` changes; see [`StreamingDef::changes`].
pub fn update(id: &str, changes: &Map<String, Value>) -> Result<ApiRequest, ApiError> {
    versioned(ApiRequest::patch(path(id))).json(changes)
}

pub fn activate(id: &str, active: bool) -> Result<ApiRequest, ApiError> {
    let change = serde_json::json!({ "active": active });
    versioned(ApiRequest::patch(path(id))).json(&change)
}

pub fn delete(id: &str) -> ApiRequest {
    versioned(ApiRequest::delete(path(id)))
}

fn path(id: &str) -> String {
    format!("{PATH}/{}", encode(id))
}

#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Streaming {
    /// A number on the wire.
    #[serde(serialize_with = "as_number")]
    pub id: String,
    #[serde(flatten)]
    pub definition: StreamingDef,
    /// Only the embedded backend tells.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// As version 4 has it, where it came from there.
    #[serde(skip)]
    pub stream: Option<Box<Stream>>,
}

impl<'de> Deserialize<'de> for Streaming {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Own {
            #[serde(deserialize_with = "of_number")]
            id: String,
            delivery: Option<Delivery>,
        }
        let value = Value::deserialize(from)?;
        if value.get("outputs").is_some() || value.get("inputs").is_some() {
            let stream = Stream::deserialize(value).map_err(serde::de::Error::custom)?;
            return Ok(stream.into());
        }
        let (own, mut definition) = lenient::both::<Own, StreamingDef>(&value)
            .map_err(|error| serde::de::Error::custom(format!("{error:?}")))?;
        for own in ["id", "delivery"] {
            definition.beside.remove(own);
        }
        Ok(Self {
            id: own.id,
            definition,
            delivery: own.delivery,
            stream: None,
        })
    }
}

/// A stream as the pages of both versions know it.
impl From<Stream> for Streaming {
    fn from(stream: Stream) -> Self {
        Self {
            id: stream.id.to_string(),
            definition: stream.definition.to_old(),
            delivery: None,
            stream: Some(Box::new(stream)),
        }
    }
}

/// How it goes. Times are RFC 3339, empty for never.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delivery {
    /// `delivering`, `failing`, `inactive`, or `not_run` for endpoint types that the backend only
    /// keeps.
    pub state: String,
    /// Why it fails or is not run.
    pub message: String,
    /// Records that arrived.
    pub delivered: u64,
    /// Attempts that failed.
    pub failures: u64,
    pub last_delivery: String,
    pub last_error: String,
    pub last_error_time: String,
}

fn of_number<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    Ok(match Value::deserialize(from)? {
        Value::String(text) => text,
        Value::Null => String::new(),
        other => other.to_string(),
    })
}

fn as_number<S: Serializer>(id: &str, to: S) -> Result<S::Ok, S::Error> {
    match id.parse::<i64>() {
        Ok(number) => to.serialize_i64(number),
        Err(_) => to.serialize_str(id),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::azion::{many, one};

    #[test]
    fn the_documented_list_is_read() {
        let body = br#"{"results":[{"id":104,"name":"DTS HTTP POST","template_id":1,
            "data_source":"http","active":true,"domain_ids":[1629290002],
            "endpoint":{"endpoint_type":"standard","url":"http://example.com",
            "log_line_separator":"\n","payload_format":"$dataset"}}],"schema_version":3}"#;
        let all: Vec<Streaming> = many(body).expect("list");
        let first = &all[0];
        assert_eq!(
            (first.id.as_str(), first.definition.template_id),
            ("104", Some(1))
        );
        assert_eq!(first.definition.endpoint_type(), "standard");
        assert_eq!(first.definition.endpoint["log_line_separator"], "\n");
        assert_eq!(serde_json::to_value(first).expect("JSON")["id"], 104);
    }

    #[test]
    fn answers_differ_from_the_specification() {
        for body in [
            r#"{"results":{"id":1,"name":"a","domains_ids":[7],"endpoint":{"endpoint_type":"qradar"}}}"#,
            r#"{"results":[{"id":"1","name":"a","domain_ids":[7],"endpoint":[{"endpoint_type":"qradar"}]}]}"#,
            r#"{"results":{"id":1,"name":"a","domain_ids":[7],"endpoint":"{\"endpoint_type\":\"qradar\"}"}}"#,
        ] {
            let read: Streaming = one(body.as_bytes()).expect(body);
            assert_eq!(read.id, "1");
            assert_eq!(read.definition.domain_ids, [7]);
            assert_eq!(read.definition.endpoint_type(), "qradar");
            assert!(read.definition.active);
        }
    }

    #[test]
    fn only_what_changed_is_sent() {
        let before = StreamingDef {
            name: "a".into(),
            template_id: Some(2),
            sampling_percentage: Some(5),
            endpoint: json!({"endpoint_type": "qradar", "url": "http://a"})
                .as_object()
                .cloned()
                .expect("object"),
            ..StreamingDef::default()
        };
        let mut after = before.clone();
        assert!(after.changes(&before).is_empty());
        after.name = "b".into();
        after.template_id = None;
        after.template_model = Some("$time".into());
        after.sampling_percentage = None;
        let changes = Value::Object(after.changes(&before));
        assert_eq!(
            changes,
            json!({"name": "b", "template_model": "$time", "sampling_percentage": 100})
        );
        let request = update("7", &after.changes(&before)).expect("request");
        assert_eq!(request.target(), "/data_streaming/streamings/7");
        assert_eq!(
            request.headers,
            [("Accept".into(), "application/json; version=3".to_string())]
        );
    }
}
