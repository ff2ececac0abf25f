//! `/v1beta2/topology`: what data flows from where to where, and what depends on what.

use std::collections::{BTreeMap, BTreeSet};

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

impl Node {
    /// The type in one spelling: `ExternalStream`, `external stream` and `external_stream` are one.
    pub fn kind(&self) -> String {
        kind(&self.node_type)
    }

    /// State in the server's words, where it gives one.
    pub fn status(&self) -> Option<&str> {
        self.properties.get("status").and_then(Value::as_str)
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

impl Graph {
    pub fn node(&self, id: &str) -> Option<&Node> {
        self.nodes.iter().find(|node| node.id == id)
    }

    /// The node of a resource: keys of resources are names or ids. `of` is its kind.
    pub fn find(&self, of: &str, key: &str) -> Option<&Node> {
        let of = kind(of);
        self.nodes.iter().find(|node| {
            (node.name == key || node.id == key || key_of(node) == key) && node.kind() == of
        })
    }

    /// What depends on it directly.
    pub fn dependents(&self, id: &str) -> Vec<&Node> {
        let edges = self.dependencies.iter().filter(|edge| edge.target == id);
        let ids: BTreeSet<&str> = edges.map(|edge| edge.source.as_str()).collect();
        let mut nodes: Vec<&Node> = ids.into_iter().filter_map(|id| self.node(id)).collect();
        nodes.sort_by(|a, b| (a.kind(), &a.name).cmp(&(b.kind(), &b.name)));
        nodes
    }

    /// Everything that data reaches the node from, itself included.
    pub fn upstream(&self, id: &str) -> BTreeSet<String> {
        self.reach(id, |edge| (&edge.target, &edge.source))
    }

    /// Everything that the node's data reaches, itself included.
    pub fn downstream(&self, id: &str) -> BTreeSet<String> {
        self.reach(id, |edge| (&edge.source, &edge.target))
    }

    fn reach(&self, id: &str, step: fn(&Edge) -> (&String, &String)) -> BTreeSet<String> {
        let mut reached = BTreeSet::from([id.to_string()]);
        let mut next = vec![id.to_string()];
        while let Some(id) = next.pop() {
            for edge in &self.edges {
                let (from, to) = step(edge);
                if *from == id && reached.insert(to.clone()) {
                    next.push(to.clone());
                }
            }
        }
        reached
    }
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
    fn nodes_are_found_whatever_the_server_calls_their_kind() {
        let graph = graph();
        let found = |kind, key| graph.find(kind, key).map(|node| node.id.as_str());
        assert_eq!(found("materialized view", "v"), Some("7"));
        assert_eq!(found("dashboard", "d1"), Some("dashboard:d1"));
        assert_eq!(found("view", "v"), None);
        assert_eq!(graph.nodes[1].status(), Some("ok"));
    }

    #[test]
    fn dependents_are_named_once_and_only_where_they_are_known() {
        let graph = graph();
        let names: Vec<_> = graph
            .dependents("stream:a")
            .iter()
            .map(|n| &n.name)
            .collect();
        assert_eq!(names, ["v"]);
    }

    #[test]
    fn loops_end() {
        let graph = graph();
        assert_eq!(graph.downstream("7").len(), 3);
        assert_eq!(graph.upstream("7").len(), 3);
        assert_eq!(graph.upstream("none").len(), 1);
    }

    #[test]
    fn servers_may_leave_lists_out_as_null() {
        let graph: Graph = serde_json::from_str(r#"{"nodes":null,"edges":null}"#).expect("graph");
        assert_eq!(graph, Graph::default());
    }
}
