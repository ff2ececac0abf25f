//! What depends on something of Timeplus, as its topology and its saved queries tell. Where the
//! server does not say, or not soon, the question is asked without.

use std::collections::BTreeMap;

use futures_util::future::join;
use weir_api::{
    capability::{Capabilities, Capability},
    timeplus::{
        saved_query::{self, SavedQuery},
        topology::{self, Graph},
    },
};

use super::{
    super::fetch,
    words::{Verb, listed, sentence, what},
};
use crate::{
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
    let mut all = graph.map_or_else(|_| Vec::new(), |graph| sentences(&graph, one, keys));
    let saved = saved.and_then(|body| weir_api::json_response::<Option<Vec<SavedQuery>>>(&body));
    all.extend(naming(&saved.ok().flatten().unwrap_or_default(), one, keys));
    all
}

/// Saved queries that name what is in SQL; topologies leave them out.
fn naming(saved: &[SavedQuery], one: &str, keys: &[String]) -> Option<String> {
    if !IN_SQL.contains(&one) {
        return None;
    }
    let names = |query: &&SavedQuery| {
        let mut words = query
            .sql
            .split(|c: char| !(c.is_alphanumeric() || c == '_'));
        words.any(|word| keys.iter().any(|key| key == word))
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

fn sentences(graph: &Graph, one: &str, keys: &[String]) -> Vec<String> {
    let doomed: Vec<&str> = keys
        .iter()
        .filter_map(|key| graph.find(one, key))
        .map(|node| node.id.as_str())
        .collect();
    let flows = |from: &str, to: &str| {
        let mut edges = graph.edges.iter();
        edges.any(|edge| edge.source == from && edge.target == to)
    };
    // By verb and kind, the names.
    let mut groups = BTreeMap::<(Verb, String), Vec<&str>>::new();
    for id in &doomed {
        for node in graph.dependents(id) {
            let verb = match () {
                () if doomed.contains(&node.id.as_str()) => continue,
                () if flows(id, &node.id) => Verb::Read,
                () if flows(&node.id, id) => Verb::Write,
                () => Verb::Need,
            };
            let names = groups.entry((verb, node.kind())).or_default();
            if !names.contains(&node.name.as_str()) {
                names.push(&node.name);
            }
        }
    }
    let told = |((verb, kind), names): ((Verb, String), Vec<&str>)| {
        let kind = kind.replace('_', " ");
        let many = match kind.strip_suffix('y') {
            Some(stem) => format!("{stem}ies"),
            None => format!("{kind}s"),
        };
        sentence(verb, (&kind, &many), &names, what(keys))
    };
    groups.into_iter().map(told).collect()
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
            "2 views read it: a, b; 1 source writes into it: in"
        );
        assert_eq!(of("udf", &["s"]), "1 view needs it: b");
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
