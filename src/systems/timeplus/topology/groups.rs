//! Nodes of one kind whose names begin alike, drawn as one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use weir_api::timeplus::{
    alert::TRIGGERED,
    topology::{Node, RATE},
};

use super::{
    kinds,
    net::{Item, Net},
};
use crate::{
    kit::list::groups::prefix,
    ui::{Tone, number::count},
};

/// Graphs of more nodes are grouped unless somebody wants otherwise.
pub const MANY: usize = 300;
/// Fewer are drawn as they are.
const LEAST: usize = 3;

/// Without the groups that are `open`, by their ids.
pub fn fold(net: &Net, open: &BTreeSet<String>) -> Net {
    let mut groups = BTreeMap::<String, Vec<usize>>::new();
    for (at, item) in net.items.iter().enumerate() {
        groups.entry(group(&item.node)).or_default().push(at);
    }
    groups.retain(|id, members| members.len() >= LEAST && !open.contains(id));
    let mut places: Vec<Option<usize>> = vec![None; net.items.len()];
    let mut items = Vec::new();
    for (id, members) in &groups {
        for at in members {
            places[*at] = Some(items.len());
        }
        items.push(together(id, members.iter().map(|at| &net.items[*at].node)));
    }
    for (at, item) in net.items.iter().enumerate() {
        if places[at].is_none() {
            places[at] = Some(items.len());
            items.push(item.clone());
        }
    }
    let moved = |pairs: &[(usize, usize)]| {
        let ends = |(from, to): &(usize, usize)| Some((places[*from]?, places[*to]?));
        let all: BTreeSet<_> = pairs.iter().filter_map(ends).collect();
        all.into_iter().filter(|(from, to)| from != to).collect()
    };
    Net {
        flows: moved(&net.flows),
        needs: moved(&net.needs),
        items,
    }
}

/// Which group it is in.
pub fn group(node: &Node) -> String {
    format!("{}*{}", node.kind(), prefix(&node.name, 1))
}

fn together<'a>(id: &str, members: impl Iterator<Item = &'a Node>) -> Item {
    let (mut ids, mut rate, mut worst) = (Vec::new(), 0.0, BTreeMap::<String, usize>::new());
    let mut node = Node {
        id: id.into(),
        name: id.split_once('*').map_or(id, |(_, name)| name).into(),
        ..Node::default()
    };
    for member in members {
        ids.push(member.id.clone());
        rate += member.rate().unwrap_or_default();
        node.node_type.clone_from(&member.node_type);
        let status = member.status().unwrap_or_default();
        if matches!(kinds::tone(status), Tone::Bad | Tone::Warn) {
            *worst.entry(status.to_string()).or_default() += 1;
        }
    }
    // What failed before what only fires, then the most.
    let first = worst.into_iter().max_by_key(|(status, many)| {
        let bad = kinds::tone(status) == Tone::Bad;
        (bad, status != TRIGGERED, *many)
    });
    if let Some((status, many)) = first {
        let words = format!("{} {status}", count(many as u64));
        node.properties.insert("status".into(), Value::from(words));
    }
    if rate > 0.0 {
        node.properties.insert(RATE.into(), Value::from(rate));
    }
    Item { node, members: ids }
}

#[cfg(test)]
mod tests {
    use super::{super::net::tests::net, *};

    fn named(names: &[&str], flows: &[(usize, usize)]) -> Net {
        let mut net = net(names.len(), flows);
        for (item, name) in net.items.iter_mut().zip(names) {
            item.node.name = (*name).into();
        }
        net
    }

    #[test]
    fn names_that_begin_alike_are_one_until_it_is_opened() {
        let mut net = named(
            &["a_1", "a_2", "a_3", "b_1", "c"],
            &[(0, 3), (1, 3), (2, 0), (3, 4)],
        );
        net.items[1]
            .node
            .properties
            .insert("status".into(), "failed".into());
        let folded = fold(&net, &BTreeSet::new());
        let names: Vec<_> = folded
            .items
            .iter()
            .map(|item| item.node.name.as_str())
            .collect();
        assert_eq!(names, ["a", "b_1", "c"]);
        assert_eq!(folded.flows, [(0, 1), (1, 2)]);
        assert_eq!(folded.items[0].node.status(), Some("1 failed"));
        assert_eq!(folded.items[0].members.len(), 3);
        let open = BTreeSet::from([folded.items[0].node.id.clone()]);
        assert_eq!(fold(&net, &open).items.len(), 5);
    }
}
