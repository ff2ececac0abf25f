//! `/workspace/stream/streams`: what comes in, what is done to it, where it goes.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use super::{PATH, Query};
use crate::{
    ApiError, ApiRequest,
    azion::{definition::StreamingDef, endpoint},
    lenient,
    object::{Object, spread},
    request::encode,
};

/// Types of parts.
pub const RAW_LOGS: &str = "raw_logs";
pub const TEMPLATE: &str = "render_template";
pub const SAMPLING: &str = "sampling";
pub const WORKLOADS: &str = "filter_workloads";

fn path(id: &str) -> String {
    format!("{PATH}/streams/{}", encode(id))
}

pub fn list(query: &Query) -> ApiRequest {
    query.asked(ApiRequest::get(format!("{PATH}/streams")))
}

pub fn get(id: &str) -> ApiRequest {
    ApiRequest::get(path(id))
}

pub fn create(stream: &StreamDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(format!("{PATH}/streams")).json(stream)
}

pub fn replace(id: &str, stream: &StreamDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::put(path(id)).json(&spread(json!(stream)))
}

/// Only what is in `changes` changes.
pub fn update(id: &str, changes: &Map<String, Value>) -> Result<ApiRequest, ApiError> {
    ApiRequest::patch(path(id)).json(&spread(json!(changes)))
}

pub fn activate(id: &str, active: bool) -> Result<ApiRequest, ApiError> {
    ApiRequest::patch(path(id)).json(&json!({ "active": active }))
}

pub fn delete(id: &str) -> ApiRequest {
    ApiRequest::delete(path(id))
}

/// An input, a transformation or an output: a type, and what belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    #[serde(rename = "type")]
    pub kind: String,
    pub attributes: Map<String, Value>,
    /// What else the server has of it.
    #[serde(rename = "$beside", skip_serializing_if = "Object::is_empty")]
    pub beside: Object,
}

impl Part {
    fn new(kind: &str, key: &str, value: impl Into<Value>) -> Self {
        Self {
            kind: kind.into(),
            attributes: Map::from_iter([(key.to_owned(), value.into())]),
            beside: Object::default(),
        }
    }

    /// With what a form does not know of the part that was there.
    fn instead_of(mut self, old: &Self) -> Self {
        if self.kind == old.kind {
            self.beside = old.beside.clone();
        }
        self
    }
}

/// Times are RFC 3339.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Stream {
    pub id: i64,
    pub last_editor: String,
    pub created: String,
    pub last_modified: String,
    pub product_version: String,
    #[serde(flatten)]
    pub definition: StreamDef,
}

impl<'de> Deserialize<'de> for Stream {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        #[derive(Default, Deserialize)]
        #[serde(default)]
        struct Own {
            id: i64,
            last_editor: String,
            created: String,
            last_modified: String,
            product_version: String,
        }
        let value = Value::deserialize(from)?;
        let (own, mut definition) = lenient::both::<Own, StreamDef>(&value)
            .map_err(|error| serde::de::Error::custom(format!("{error:?}")))?;
        const OWN: [&str; 5] = [
            "id",
            "last_editor",
            "created",
            "last_modified",
            "product_version",
        ];
        OWN.iter().for_each(|own| definition.beside.remove(own));
        Ok(Self {
            id: own.id,
            last_editor: own.last_editor,
            created: own.created,
            last_modified: own.last_modified,
            product_version: own.product_version,
            definition,
        })
    }
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StreamDef {
    pub name: String,
    pub active: bool,
    pub inputs: Vec<Part>,
    pub transform: Vec<Part>,
    pub outputs: Vec<Part>,
    /// What else the server has, which is lost where all of it is replaced.
    #[serde(rename = "$beside", skip_serializing_if = "Object::is_empty")]
    pub beside: Object,
}

impl StreamDef {
    fn transformed(&self, kind: &str, key: &str) -> Option<&Value> {
        let part = self.transform.iter().find(|part| part.kind == kind)?;
        part.attributes.get(key)
    }

    /// The first input and the first output as version 3 has them; the data source keeps its name,
    /// because two of version 4 can be one of version 3.
    pub fn to_old(&self) -> StreamingDef {
        let source = self.inputs.first();
        let source = source.and_then(|input| input.attributes.get("data_source")?.as_str());
        let workloads = self.transformed(WORKLOADS, "workloads");
        let workloads = workloads.and_then(Value::as_array);
        let output = self.outputs.first().cloned().unwrap_or_default();
        StreamingDef {
            name: self.name.clone(),
            template_id: self
                .transformed(TEMPLATE, "template")
                .and_then(Value::as_i64),
            template_model: None,
            data_source: source.unwrap_or_default().into(),
            active: self.active,
            all_domains: workloads.is_none(),
            domain_ids: workloads
                .map(|ids| ids.iter().filter_map(Value::as_i64).collect())
                .unwrap_or_default(),
            sampling_percentage: self.transformed(SAMPLING, "rate").and_then(Value::as_i64),
            endpoint: endpoint_of(output),
            beside: Object::default(),
        }
    }

    /// With what differs between two definitions of version 3; all else stays, also what version 3
    /// does not know.
    pub fn with(&self, before: &StreamingDef, after: &StreamingDef) -> Self {
        let (old, new) = (Self::from_old(before), Self::from_old(after));
        let first = |parts: &[Part], old: &[Part], new: &[Part]| {
            let mut parts = parts.to_vec();
            if old != new
                && let Some(new) = new.first()
            {
                match parts.first_mut() {
                    Some(first) => *first = new.clone().instead_of(first),
                    None => parts.push(new.clone()),
                }
            }
            parts
        };
        let mut transform = self.transform.clone();
        for kind in [WORKLOADS, SAMPLING, TEMPLATE] {
            let of = |parts: &[Part]| parts.iter().find(|part| part.kind == kind).cloned();
            if of(&old.transform) == of(&new.transform) {
                continue;
            }
            let at = transform.iter().position(|part| part.kind == kind);
            match (of(&new.transform), at) {
                (Some(part), Some(at)) => transform[at] = part.instead_of(&transform[at]),
                (Some(part), None) => transform.push(part),
                (None, Some(at)) => {
                    transform.remove(at);
                }
                (None, None) => {}
            }
        }
        Self {
            name: after.name.clone(),
            active: after.active,
            inputs: first(&self.inputs, &old.inputs, &new.inputs),
            transform,
            outputs: first(&self.outputs, &old.outputs, &new.outputs),
            beside: self.beside.clone(),
        }
    }

    /// A template of one's own has no place in a stream: it has to be one of its own first.
    pub fn from_old(old: &StreamingDef) -> Self {
        let mut transform = Vec::new();
        if !old.all_domains && !old.domain_ids.is_empty() {
            transform.push(Part::new(WORKLOADS, "workloads", old.domain_ids.clone()));
        }
        if let Some(rate) = old.sampling_percentage {
            transform.push(Part::new(SAMPLING, "rate", rate));
        }
        if let Some(template) = old.template_id {
            transform.push(Part::new(TEMPLATE, "template", template));
        }
        Self {
            name: old.name.clone(),
            active: old.active,
            inputs: vec![Part::new(RAW_LOGS, "data_source", old.data_source.clone())],
            transform,
            outputs: vec![output_of(old)],
            beside: Object::default(),
        }
    }
}

fn endpoint_of(output: Part) -> Map<String, Value> {
    let mut fields = output.attributes;
    // The type stands beside the attributes and, for some types, also among them.
    fields.remove("type");
    fields.insert(endpoint::TYPE.into(), output.kind.into());
    fields
}

fn output_of(old: &StreamingDef) -> Part {
    let mut attributes = old.endpoint.clone();
    attributes.remove(endpoint::TYPE);
    let kind = old.endpoint_type().to_owned();
    attributes.insert("type".into(), kind.clone().into());
    // Version 4 asks for them where version 3 does not.
    if kind == "standard" {
        attributes.entry("headers").or_insert_with(|| json!({}));
    }
    Part {
        kind,
        attributes,
        beside: Object::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azion::DataSource;

    fn stream() -> Stream {
        let sent = json!({
            "id": 7, "name": "out", "last_editor": "a@example.com",
            "created": "2026-06-01T00:00:00Z", "last_modified": "2026-06-02T00:00:00Z",
            "product_version": "1.0", "active": true,
            "inputs": [{"type": "raw_logs", "attributes": {"data_source": "workloads"}}],
            "transform": [
                {"type": "filter_workloads", "attributes": {"workloads": [1, 2]}},
                {"type": "sampling", "attributes": {"rate": 30}},
                {"type": "render_template", "attributes": {"template": 2}},
            ],
            "outputs": [{"type": "kafka", "attributes": {
                "type": "kafka", "bootstrap_servers": "a:9092", "kafka_topic": "t", "use_tls": false,
            }}],
        });
        serde_json::from_value(sent).expect("stream")
    }

    #[test]
    fn both_versions_say_the_same() {
        let new = stream().definition;
        let old = new.to_old();
        assert_eq!(old.data_source, "workloads");
        assert_eq!(DataSource::meant("workloads"), Some(DataSource::Http));
        assert_eq!(DataSource::named("workloads"), None);
        assert_eq!(
            (old.template_id, old.sampling_percentage),
            (Some(2), Some(30))
        );
        assert_eq!(
            (old.all_domains, old.domain_ids.as_slice()),
            (false, &[1, 2][..])
        );
        assert_eq!(old.endpoint_type(), "kafka");
        assert_eq!(old.endpoint["kafka_topic"], "t");
        assert_eq!(StreamDef::from_old(&old), new);
    }

    #[test]
    fn without_a_filter_all_workloads_are_meant() {
        let mut new = stream().definition;
        new.transform.clear();
        let old = new.to_old();
        assert!(old.all_domains && old.template_id.is_none());
        assert_eq!(StreamDef::from_old(&old).transform, []);
    }
}
