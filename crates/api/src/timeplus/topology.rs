//! `/v1beta2/topology`: what data flows from where to where, and what depends on what.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::ApiRequest;
use crate::Owner;

/// `extra` adds kinds that servers leave out unless asked: `dashboard`, `schema`, `udf`.
pub fn get(extra: &[&str]) -> ApiRequest {
    extra
        .iter()
        .fold(ApiRequest::get("/v1beta2/topology"), |request, kind| {
            request.query("extraResources", *kind)
        })
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Graph {
    #[serde(deserialize_with = "null_is_empty")]
    pub nodes: Vec<Node>,
    /// Data flows from source to target.
    #[serde(deserialize_with = "null_is_empty")]
    pub edges: Vec<Edge>,
    /// The source depends on the target.
    #[serde(deserialize_with = "null_is_empty")]
    pub dependencies: Vec<Edge>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Node {
    pub id: String,
    pub name: String,
    /// For example `stream` or `materialized_view`; see [`Node::kind`].
    #[serde(rename = "type")]
    pub node_type: String,
    /// Only on servers with databases.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub db: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ownership: Option<Owner>,
    #[serde(deserialize_with = "null_is_none")]
    pub properties: BTreeMap<String, Value>,
}

/// The property of a node that says how many rows are written to it a second; only the embedded
/// backend tells.
pub const RATE: &str = "rows_per_second";

impl Node {
    /// The type in one spelling: `ExternalStream`, `external stream` and `external_stream` are one.
    pub fn kind(&self) -> String {
        kind(&self.node_type)
    }

    /// State in the server's words, where it gives one.
    pub fn status(&self) -> Option<&str> {
        self.properties.get("status").and_then(Value::as_str)
    }

    /// Rows a second, where the server tells.
    pub fn rate(&self) -> Option<f64> {
        self.properties.get(RATE).and_then(Value::as_f64)
    }
}

/// Lower case, words joined by `_`.
pub fn kind(word: &str) -> String {
    let mut kind = String::new();
    let mut small = false;
    for letter in word.chars() {
        if letter.is_ascii_uppercase() && small {
            kind.push('_');
        }
        small = letter.is_ascii_lowercase();
        kind.push(match letter {
            ' ' | '-' => '_',
            letter => letter.to_ascii_lowercase(),
        });
    }
    kind
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Edge {
    pub source: String,
    pub target: String,
}

/// The key of the node's resource, where ids say `kind:key`.
pub fn key_of(node: &Node) -> &str {
    match node.id.split_once(':') {
        Some((kind, key)) if kind == node.node_type => key,
        _ => &node.name,
    }
}

/// Go servers send `null` for an empty list.
fn null_is_empty<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Vec<T>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

fn null_is_none<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Value>, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> Graph {
        let json = r#"{
            "nodes": [
                {"id": "stream:a", "name": "a", "type": "stream", "properties": null},
                {"id": "7", "name": "v", "type": "MaterializedView", "properties": {"status": "ok"}},
                {"id": "dashboard:d1", "name": "Sales", "type": "dashboard"}
            ],
            "edges": [{"source": "stream:a", "target": "7"}, {"source": "7", "target": "dashboard:d1"},
                      {"source": "dashboard:d1", "target": "stream:a"}],
            "dependencies": [{"source": "7", "target": "stream:a"}, {"source": "7", "target": "stream:a"},
                             {"source": "gone", "target": "stream:a"}]
        }"#;
        serde_json::from_str(json).expect("graph")
    }

    #[test]
    fn kinds_have_one_spelling_and_keys_stand_behind_them() {
        let graph = graph();
        let told = graph.nodes.iter().map(|node| (node.kind(), key_of(node)));
        let told: Vec<_> = told.collect();
        let expected = [
            ("stream", "a"),
            ("materialized_view", "v"),
            ("dashboard", "d1"),
        ];
        assert_eq!(told, expected.map(|(kind, key)| (kind.to_string(), key)));
        assert_eq!(graph.nodes[1].status(), Some("ok"));
    }

    #[test]
    fn servers_may_leave_lists_out_as_null() {
        let graph: Graph = serde_json::from_str(r#"{"nodes":null,"edges":null}"#).expect("graph");
        assert_eq!(graph, Graph::default());
    }
}
