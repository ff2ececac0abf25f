//! What depends on something of Timeplus, as its topology and its saved queries tell. Where the
//! server does not say, or not soon, the question is asked without.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use futures_util::future::join;
use weir_api::{
    capability::{Capabilities, Capability},
    timeplus::{
        saved_query::{self, SavedQuery},
        topology::{self, Graph, Node, key_of},
    },
};

use super::{
    super::fetch,
    words::{Verb, listed, sentence, what},
};
use crate::{
    errors,
    http::{Abort, Endpoint},
    ui::number::plural,
};

/// Kinds that topologies leave out unless asked for, as far as the server knows them.
pub fn extra(can: Capabilities) -> &'static [&'static str] {
    if can.has(Capability::Exec) {
        &["dashboard", "schema", "udf"]
    } else {
        &["dashboard"]
    }
}

pub(super) async fn told(
    endpoint: &Endpoint,
    can: Capabilities,
    one: &str,
    keys: &[String],
    abort: &Abort,
) -> Vec<String> {
    let (answer, saved) = join(
        fetch(endpoint, topology::get(extra(can)), abort),
        fetch(endpoint, saved_query::CRUD.list(), abort),
    )
    .await;
    let graph = answer.and_then(|body| weir_api::json_response::<Graph>(&body));
    let mut all = match graph {
        Ok(graph) => sentences(&graph, one, keys),
        // That nothing was found must not read as if nothing depended on it.
        Err(error) => {
            let words = errors::words(&error).sentence();
            vec![format!("Dependents of {} are unknown: {words}", what(keys))]
        }
    };
    let saved = saved.and_then(|body| weir_api::json_response::<Option<Vec<SavedQuery>>>(&body));
    all.extend(naming(&saved.ok().flatten().unwrap_or_default(), one, keys));
    all
}

/// Saved queries that name what is in SQL; topologies leave them out.
fn naming(saved: &[SavedQuery], one: &str, keys: &[String]) -> Option<String> {
    if !IN_SQL.contains(&one) {
        return None;
    }
    let doomed: HashSet<&str> = keys.iter().map(String::as_str).collect();
    let names = |query: &&SavedQuery| {
        let mut words = query
            .sql
            .split(|c: char| !(c.is_alphanumeric() || c == '_'));
        words.any(|word| doomed.contains(word))
    };
    let found: Vec<&str> = saved
        .iter()
        .filter(names)
        .map(|query| query.name.as_str())
        .collect();
    let what = what(keys);
    let verb = if found.len() == 1 { "names" } else { "name" };
    let count = plural(found.len() as u64, "saved query", "saved queries");
    (!found.is_empty()).then(|| format!("{count} {verb} {what}: {}", listed(&found)))
}

const IN_SQL: [&str; 6] = [
    "stream",
    "external stream",
    "external table",
    "view",
    "materialized view",
    "function",
];

/// In one pass over each list: ten thousand may be asked for at once.
fn sentences(graph: &Graph, one: &str, keys: &[String]) -> Vec<String> {
    let asked: HashSet<&str> = keys.iter().map(String::as_str).collect();
    let of = match one {
        "function" => "udf".to_string(),
        one => topology::kind(one),
    };
    let is_asked = |node: &&Node| {
        [node.name.as_str(), node.id.as_str(), key_of(node)]
            .iter()
            .any(|key| asked.contains(*key))
            && node.kind() == of
    };
    let doomed: HashSet<&str> = graph
        .nodes
        .iter()
        .filter(is_asked)
        .map(|node| node.id.as_str())
        .collect();
    let nodes: HashMap<&str, &Node> = graph
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), node))
        .collect();
    let flows: HashSet<(&str, &str)> = graph
        .edges
        .iter()
        .map(|edge| (&*edge.source, &*edge.target))
        .collect();
    let mut dependents = HashMap::<&str, Vec<&str>>::new();
    for edge in &graph.dependencies {
        dependents
            .entry(&edge.target)
            .or_default()
            .push(&edge.source);
    }
    let on = |id: &str| {
        dependents
            .get(id)
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .copied()
    };
    let mut groups = Groups::new();
    // What was found, and what is still to be followed.
    let (mut found, mut next) = (doomed.clone(), Vec::new());
    for id in &doomed {
        for other in on(id).filter(|other| !doomed.contains(other)) {
            let verb = match () {
                () if flows.contains(&(*id, other)) => Verb::Read,
                () if flows.contains(&(other, *id)) => Verb::Write,
                () => Verb::Need,
            };
            groups.add(verb, nodes.get(other));
            // What writes into it goes on without it.
            if found.insert(other) && verb != Verb::Write {
                next.push(other);
            }
        }
    }
    while let Some(id) = next.pop() {
        for other in on(id) {
            if !flows.contains(&(other, id)) && found.insert(other) {
                groups.add(Verb::Follow, nodes.get(other));
                next.push(other);
            }
        }
    }
    groups.sentences(what(keys))
}

/// A query without a name has an id that nobody knows: whose it is says more.
fn called(node: &Node) -> String {
    let owner = node.ownership.as_ref().map(|owner| owner.name.as_str());
    match owner.filter(|name| !name.is_empty()) {
        Some(owner) if node.kind() == "query" && key_of(node) == node.name => {
            let id: String = node.name.chars().take(8).collect();
            format!("{id} of {owner}")
        }
        _ => node.name.clone(),
    }
}

/// Names by what they do and their kind.
struct Groups(BTreeMap<(Verb, String), BTreeSet<String>>);

impl Groups {
    fn new() -> Self {
        Self(BTreeMap::new())
    }

    /// An edge may lead to what has no node.
    fn add(&mut self, verb: Verb, node: Option<&&Node>) {
        if let Some(node) = node {
            let kind = node.kind().replace('_', " ");
            self.0.entry((verb, kind)).or_default().insert(called(node));
        }
    }

    fn sentences(self, what: &'static str) -> Vec<String> {
        let told = |((verb, kind), names): ((Verb, String), BTreeSet<String>)| {
            let many = match kind.strip_suffix('y') {
                Some(stem) => format!("{stem}ies"),
                None => format!("{kind}s"),
            };
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            sentence(verb, (&kind, &many), &names, what)
        };
        self.0.into_iter().map(told).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph() -> Graph {
        let node = |id: &str| {
            let (kind, name) = id.split_once(':').expect("kind");
            format!(r#"{{"id":"{id}","name":"{name}","type":"{kind}"}}"#)
        };
        let edge = |(from, to): &(&str, &str)| format!(r#"{{"source":"{from}","target":"{to}"}}"#);
        let nodes = [
            "stream:s",
            "view:a",
            "view:b",
            "query:q",
            "source:in",
            "udf:s",
        ]
        .map(node);
        let flows = [
            ("stream:s", "view:a"),
            ("stream:s", "view:b"),
            ("view:a", "query:q"),
            ("source:in", "stream:s"),
        ];
        let needs = [
            ("view:a", "stream:s"),
            ("view:b", "stream:s"),
            ("query:q", "view:a"),
            ("source:in", "stream:s"),
            ("view:b", "udf:s"),
        ];
        let json = format!(
            r#"{{"nodes":[{}],"edges":[{}],"dependencies":[{}]}}"#,
            nodes.join(","),
            flows.each_ref().map(edge).join(","),
            needs.each_ref().map(edge).join(",")
        );
        serde_json::from_str(&json).expect("graph")
    }

    #[test]
    fn what_reads_writes_and_needs_it_is_named() {
        let of = |one: &str, keys: &[&str]| {
            let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
            sentences(&graph(), one, &keys).join("; ")
        };
        assert_eq!(
            of("stream", &["s"]),
            "2 views read it: a, b; 1 query receives rows from it: q; 1 source writes to it: in"
        );
        assert_eq!(of("function", &["s"]), "1 view needs it: b");
        assert_eq!(of("view", &["a", "b"]), "1 query reads them: q");
        assert_eq!(of("view", &["none"]), "");
    }

    #[test]
    fn saved_queries_that_name_it_are_told() {
        let query = |name: &str, sql: &str| SavedQuery {
            name: name.into(),
            sql: sql.into(),
            ..SavedQuery::default()
        };
        let all = [
            query("a", "select * from table(s)"),
            query("b", "select s1 from t"),
        ];
        let of = |one: &str| naming(&all, one, &["s".into()]);
        assert_eq!(of("stream").as_deref(), Some("1 saved query names it: a"));
        assert_eq!(of("sink"), None);
    }
}
