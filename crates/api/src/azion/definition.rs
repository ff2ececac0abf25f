//! What a streaming is, in the words of version 3.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::endpoint;
use crate::object::Object;

/// `template_id` or `template_model`.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StreamingDef {
    pub name: String,
    pub template_id: Option<i64>,
    pub template_model: Option<String>,
    /// See [`super::DataSource`].
    pub data_source: String,
    pub active: bool,
    /// The specification has another spelling than its examples and the servers.
    #[serde(alias = "domains_ids")]
    pub domain_ids: Vec<i64>,
    pub all_domains: bool,
    /// From 0 to 100.
    pub sampling_percentage: Option<i64>,
    /// `endpoint_type` and its fields.
    #[serde(deserialize_with = "of_object")]
    pub endpoint: Map<String, Value>,
    /// What else the server has, which is lost where all of it is replaced.
    #[serde(rename = "$beside", skip_serializing)]
    pub beside: Object,
}

impl Default for StreamingDef {
    fn default() -> Self {
        Self {
            name: String::new(),
            template_id: None,
            template_model: None,
            data_source: "http".into(),
            active: true,
            domain_ids: Vec::new(),
            all_domains: false,
            sampling_percentage: None,
            endpoint: Map::new(),
            beside: Object::default(),
        }
    }
}

impl StreamingDef {
    pub fn endpoint_type(&self) -> &str {
        let kind = self.endpoint.get(endpoint::TYPE);
        kind.and_then(Value::as_str).unwrap_or_default()
    }

    /// The fields of `self` that differ from those of `before`; an endpoint changes as a whole.
    pub fn changes(&self, before: &Self) -> Map<String, Value> {
        let (before, mut after) = (fields(before), fields(self));
        after.retain(|key, value| before.get(key) != Some(value));
        // What is not sent stays as it is, so that no sampling is sent as all of it.
        if before.contains_key("sampling_percentage") && self.sampling_percentage.is_none() {
            after.insert("sampling_percentage".into(), 100.into());
        }
        after
    }
}

fn fields(definition: &StreamingDef) -> Map<String, Value> {
    match serde_json::to_value(definition) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    }
}

fn of_object<'de, D: Deserializer<'de>>(from: D) -> Result<Map<String, Value>, D::Error> {
    Ok(super::object(Value::deserialize(from)?))
}
