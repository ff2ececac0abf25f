//! The graph by places instead of ids, so that thousands of nodes are followed at once.

use std::collections::{BTreeSet, HashMap, VecDeque};

use weir_api::timeplus::topology::{Edge, Graph, Node};

/// A node, or a group of nodes that is drawn as one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Item {
    pub node: Node,
    /// Ids of those in the group; empty for a node.
    pub members: Vec<String>,
}

impl Item {
    pub fn is_one_of(&self, ids: &BTreeSet<String>) -> bool {
        ids.contains(&self.node.id) || self.members.iter().any(|id| ids.contains(id))
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Net {
    pub items: Vec<Item>,
    /// Data flows from the first to the second; each once.
    pub flows: Vec<(usize, usize)>,
    /// The first depends on the second.
    pub needs: Vec<(usize, usize)>,
}

impl Net {
    pub fn of(graph: &Graph) -> Self {
        let ids = graph.nodes.iter().enumerate();
        let places: HashMap<&str, usize> = ids.map(|(at, node)| (node.id.as_str(), at)).collect();
        let pairs = |edges: &[Edge]| {
            let ends = |edge: &Edge| {
                let of = |id: &String| places.get(id.as_str()).copied();
                Some((of(&edge.source)?, of(&edge.target)?))
            };
            let all: BTreeSet<(usize, usize)> = edges.iter().filter_map(ends).collect();
            all.into_iter().collect()
        };
        let item = |node: &Node| Item {
            node: node.clone(),
            members: Vec::new(),
        };
        Self {
            items: graph.nodes.iter().map(item).collect(),
            flows: pairs(&graph.edges),
            needs: pairs(&graph.dependencies),
        }
    }

    /// Those with `keep`, and what is between them.
    pub fn only(&self, keep: &[bool]) -> Self {
        let mut places = vec![None; self.items.len()];
        let mut items = Vec::new();
        for (at, item) in self.items.iter().enumerate().filter(|(at, _)| keep[*at]) {
            places[at] = Some(items.len());
            items.push(item.clone());
        }
        let moved = |pairs: &[(usize, usize)]| {
            let both = |(from, to): &(usize, usize)| Some((places[*from]?, places[*to]?));
            pairs.iter().filter_map(both).collect()
        };
        Self {
            items,
            flows: moved(&self.flows),
            needs: moved(&self.needs),
        }
    }

    /// Where data comes from, and where it goes to.
    pub fn neighbours(&self) -> (Vec<Vec<usize>>, Vec<Vec<usize>>) {
        let none = vec![Vec::new(); self.items.len()];
        let (mut before, mut after) = (none.clone(), none);
        for (from, to) in &self.flows {
            before[*to].push(*from);
            after[*from].push(*to);
        }
        (before, after)
    }

    /// What data of `start` comes from and goes to, `start` included; at most `steps` away.
    pub fn flow(&self, start: &[usize], steps: usize) -> Vec<bool> {
        let (before, after) = self.neighbours();
        let mut reached = vec![false; self.items.len()];
        for next_of in [before, after] {
            let mut seen = vec![false; self.items.len()];
            let mut next: VecDeque<(usize, usize)> = start.iter().map(|at| (*at, 0)).collect();
            while let Some((at, away)) = next.pop_front() {
                if std::mem::replace(&mut seen[at], true) {
                    continue;
                }
                reached[at] = true;
                if away < steps {
                    next.extend(next_of[at].iter().map(|other| (*other, away + 1)));
                }
            }
        }
        reached
    }

    /// Places that data connects, the largest such part first; alone is what no data connects.
    pub fn parts(&self) -> Vec<Vec<usize>> {
        let (before, after) = self.neighbours();
        let mut seen = vec![false; self.items.len()];
        let mut parts = Vec::new();
        for start in 0..self.items.len() {
            let (mut part, mut next) = (Vec::new(), vec![start]);
            while let Some(at) = next.pop() {
                if !std::mem::replace(&mut seen[at], true) {
                    part.push(at);
                    next.extend(before[at].iter().chain(&after[at]));
                }
            }
            if !part.is_empty() {
                part.sort_unstable();
                parts.push(part);
            }
        }
        parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
        parts
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Nodes `stream:0` and so on, with these flows.
    pub fn net(count: usize, flows: &[(usize, usize)]) -> Net {
        let item = |at: usize| Item {
            node: Node {
                id: format!("stream:{at}"),
                name: at.to_string(),
                node_type: "stream".into(),
                ..Node::default()
            },
            members: Vec::new(),
        };
        Net {
            items: (0..count).map(item).collect(),
            flows: flows.to_vec(),
            needs: Vec::new(),
        }
    }

    fn places(reached: &[bool]) -> Vec<usize> {
        (0..reached.len()).filter(|at| reached[*at]).collect()
    }

    #[test]
    fn edges_to_what_has_no_node_are_left_out_and_each_counts_once() {
        let json = r#"{"nodes":[{"id":"a"},{"id":"b"}],
            "edges":[{"source":"a","target":"b"},{"source":"a","target":"b"},{"source":"a","target":"gone"}],
            "dependencies":[{"source":"b","target":"a"}]}"#;
        let graph: Graph = serde_json::from_str(json).expect("graph");
        let net = Net::of(&graph);
        assert_eq!((net.flows, net.needs), (vec![(0, 1)], vec![(1, 0)]));
    }

    #[test]
    fn a_flow_is_what_comes_before_and_after_not_what_else_these_lead_to() {
        // 0 → 1 → 2, 0 → 3, and a loop 2 → 1.
        let net = net(5, &[(0, 1), (1, 2), (0, 3), (2, 1)]);
        assert_eq!(places(&net.flow(&[1], usize::MAX)), [0, 1, 2]);
        assert_eq!(places(&net.flow(&[0], 1)), [0, 1, 3]);
        assert!(places(&net.flow(&[], 9)).is_empty());
    }

    #[test]
    fn parts_are_apart_and_what_is_left_keeps_its_flows() {
        let net = net(6, &[(4, 5), (0, 1), (1, 2)]);
        assert_eq!(net.parts(), [vec![0, 1, 2], vec![4, 5], vec![3]]);
        let some = net.only(&[false, true, true, true, false, false]);
        assert_eq!((some.items.len(), some.flows), (3, vec![(0, 1)]));
    }
}
