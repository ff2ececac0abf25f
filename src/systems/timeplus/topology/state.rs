//! What the page shows; cheap to hand around.

use std::collections::BTreeSet;

use leptos::prelude::*;
use weir_api::timeplus::topology::Graph;

use super::{
    groups::{MANY, fold},
    kinds::Sections,
    net::Net,
};

/// What is shown of what was found: nodes next to it, or all that data comes from and goes to.
pub const NEAR: &str = "near";
pub const FLOW: &str = "flow";

#[derive(Clone, Copy)]
pub struct PageState {
    /// Everything, without the queries while they are folded away.
    pub whole: Memo<Net>,
    /// What is asked for of it.
    pub nodes: Memo<Net>,
    /// The same as it is drawn: in groups where these are wanted.
    pub net: Memo<Net>,
    pub search: RwSignal<String>,
    /// The id of the node whose flow is asked for; empty for none.
    pub around: RwSignal<String>,
    /// Empty for everything.
    pub show: RwSignal<String>,
    /// `on`, `off`, or empty for what fits the number of nodes.
    pub group: RwSignal<String>,
    /// Ids of groups whose nodes are drawn.
    pub open: RwSignal<BTreeSet<String>>,
    /// Ids whose flow is followed; none: nothing was looked for.
    pub found: Memo<BTreeSet<String>>,
    pub grouped: Memo<bool>,
    pub connection: StoredValue<String>,
    pub sections: Sections,
}

/// What stood in the page's address.
#[derive(Default)]
pub struct Asked {
    pub search: String,
    pub around: String,
    pub show: String,
    pub group: String,
    pub open: BTreeSet<String>,
}

impl PageState {
    pub fn new(
        graph: RwSignal<Graph>,
        queries: Signal<bool>,
        asked: Asked,
        connection: String,
        sections: Sections,
    ) -> Self {
        let whole = Memo::new(move |_| {
            let net = graph.with(Net::of);
            match queries.get() {
                true => net,
                false => without_queries(&net),
            }
        });
        let (search, around) = (RwSignal::new(asked.search), RwSignal::new(asked.around));
        let (show, group) = (RwSignal::new(asked.show), RwSignal::new(asked.group));
        let open = RwSignal::new(asked.open);
        let found = Memo::new(move |_| {
            let wanted = search.with(|text| text.trim().to_lowercase());
            let around = around.get();
            let fits = |name: &str| name.to_lowercase().contains(&wanted);
            whole.with(|net| {
                let nodes = net.items.iter().map(|item| &item.node);
                let found = nodes.filter(|node| match wanted.is_empty() {
                    true => node.id == around,
                    false => fits(&node.name),
                });
                found.map(|node| node.id.clone()).collect::<BTreeSet<_>>()
            })
        });
        let nodes = Memo::new(move |_| {
            let steps = show.with(|show| match show.as_str() {
                NEAR => Some(1),
                FLOW => Some(usize::MAX),
                _ => None,
            });
            whole.with(|net| found.with(|found| narrowed(net, found, steps)))
        });
        let grouped = Memo::new(move |_| match group.get().as_str() {
            "on" => true,
            "off" => false,
            _ => nodes.with(|net| net.items.len() > MANY),
        });
        let net = Memo::new(move |_| {
            nodes.with(|net| match grouped.get() {
                true => open.with(|open| fold(net, open)),
                false => net.clone(),
            })
        });
        Self {
            whole,
            nodes,
            net,
            search,
            around,
            show,
            group,
            open,
            found,
            grouped,
            connection: StoredValue::new(connection),
            sections,
        }
    }

    /// Shows only what the node's data comes from and goes to.
    pub fn follow(self, id: String) {
        self.search.set(String::new());
        if self.show.with_untracked(String::is_empty) {
            self.show.set(FLOW.into());
        }
        self.around.set(id);
    }
}

/// `steps` away from what was found; everything where nothing was, or without `steps`.
fn narrowed(net: &Net, found: &BTreeSet<String>, steps: Option<usize>) -> Net {
    let places = net.items.iter().enumerate();
    let start = places.filter(|(_, item)| item.is_one_of(found));
    let start: Vec<usize> = start.map(|(at, _)| at).collect();
    match steps {
        Some(steps) if !start.is_empty() => net.only(&net.flow(&start, steps)),
        _ => net.clone(),
    }
}

/// Queries come and go, and are known by ids: they are shown when asked for.
fn without_queries(net: &Net) -> Net {
    let items = net.items.iter();
    let keep: Vec<bool> = items.map(|item| item.node.kind() != "query").collect();
    net.only(&keep)
}

#[cfg(test)]
mod tests {
    use super::{super::net::tests::net, *};

    #[test]
    fn what_a_query_reads_stays_without_it() {
        let mut net = net(3, &[(0, 1), (0, 2)]);
        net.items[1].node.node_type = "query".into();
        let left = without_queries(&net);
        assert_eq!((left.items.len(), left.flows), (2, vec![(0, 1)]));
    }

    #[test]
    fn what_is_found_is_shown_with_its_neighbours_or_all_of_its_flow() {
        let net = net(4, &[(0, 1), (1, 2), (2, 3)]);
        let found = BTreeSet::from(["stream:3".to_string()]);
        let count = |found: &BTreeSet<String>, steps| narrowed(&net, found, steps).items.len();
        assert_eq!(count(&found, Some(1)), 2);
        assert_eq!(count(&found, Some(usize::MAX)), 4);
        assert_eq!(count(&found, None), 4);
        assert_eq!(count(&BTreeSet::new(), Some(1)), 4, "nothing to narrow to");
    }
}
