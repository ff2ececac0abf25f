//! Collects nodes and edges. Only what is defined has a node, and only edges between nodes count.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use weir_api::{
    Owner,
    timeplus::topology::{Edge, Graph, Node},
};
use weir_engine::Catalog;

use super::reads::reads;

pub(super) struct Builder<'a> {
    catalog: &'a dyn Catalog,
    nodes: Vec<Node>,
    /// Id of what rows can be read from or written to, by name.
    relations: BTreeMap<String, String>,
    /// Flows and dependencies by names, because what they name may be defined later.
    links: Vec<Link>,
}

struct Link {
    /// A node's id.
    from: String,
    /// A relation's name.
    relation: String,
    kind: LinkKind,
}

enum LinkKind {
    Reads,
    Writes,
    /// The other is named by its id.
    Needs,
}

/// One thing that is defined.
pub(super) struct Thing<'a> {
    pub(super) kind: &'a str,
    /// Unique among its kind, as in its address.
    pub(super) key: &'a str,
    pub(super) name: &'a str,
    pub(super) owner: Option<Owner>,
    pub(super) properties: Vec<(&'a str, Value)>,
}

impl<'a> Builder<'a> {
    pub(super) fn new(catalog: &'a dyn Catalog) -> Self {
        Self {
            catalog,
            nodes: Vec::new(),
            relations: BTreeMap::new(),
            links: Vec::new(),
        }
    }

    /// The node's id.
    pub(super) fn add(&mut self, thing: Thing<'_>) -> String {
        let id = format!("{}:{}", thing.kind, thing.key);
        let properties = thing.properties.into_iter();
        self.nodes.push(Node {
            id: id.clone(),
            name: thing.name.into(),
            node_type: thing.kind.into(),
            db: super::DATABASE.into(),
            ownership: thing.owner,
            properties: properties
                .map(|(name, value)| (name.into(), value))
                .collect(),
        });
        id
    }

    /// The same for what can be read and written by its name.
    pub(super) fn relation(&mut self, thing: Thing<'_>) -> String {
        let name = thing.name.to_string();
        let id = self.add(thing);
        self.relations.insert(name, id.clone());
        id
    }

    /// The node runs this statement.
    pub(super) fn runs(&mut self, id: &str, sql: &str) {
        let named = reads(self.catalog, sql);
        for relation in named.relations {
            self.link(id, &relation, LinkKind::Reads);
        }
        for function in named.functions {
            self.needs(id, "udf", &function);
        }
    }

    pub(super) fn writes(&mut self, id: &str, relation: &str) {
        self.link(id, relation, LinkKind::Writes);
    }

    /// It depends on that, but no rows flow.
    pub(super) fn needs(&mut self, id: &str, kind: &str, key: &str) {
        self.link(id, &format!("{kind}:{key}"), LinkKind::Needs);
    }

    fn link(&mut self, from: &str, relation: &str, kind: LinkKind) {
        self.links.push(Link {
            from: from.into(),
            relation: relation.into(),
            kind,
        });
    }

    /// Without the nodes that `keep` does not want.
    pub(super) fn finish(mut self, keep: impl Fn(&Node) -> bool) -> Graph {
        self.nodes.retain(keep);
        let ids: BTreeSet<&str> = self.nodes.iter().map(|node| node.id.as_str()).collect();
        let known = |id: &String| ids.contains(id.as_str());
        let (mut edges, mut dependencies) = (BTreeSet::new(), BTreeSet::new());
        for link in &self.links {
            let other = match link.kind {
                LinkKind::Needs => Some(&link.relation),
                _ => self.relations.get(&link.relation),
            };
            let Some(other) = other else {
                continue;
            };
            if !known(other) || !known(&link.from) {
                continue;
            }
            match link.kind {
                LinkKind::Reads => edges.insert((other.clone(), link.from.clone())),
                LinkKind::Writes => edges.insert((link.from.clone(), other.clone())),
                LinkKind::Needs => false,
            };
            dependencies.insert((link.from.clone(), other.clone()));
        }
        let list = |pairs: BTreeSet<(String, String)>| {
            let edge = |(source, target)| Edge { source, target };
            pairs.into_iter().map(edge).collect()
        };
        Graph {
            nodes: self.nodes,
            edges: list(edges),
            dependencies: list(dependencies),
        }
    }
}
