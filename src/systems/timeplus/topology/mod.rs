//! What flows from where to where: a picture, and the same as a table.

pub mod kinds;
pub mod layout;
pub mod picture;
pub mod table;

use std::{collections::BTreeSet, time::Duration};

use leptos::prelude::*;
use weir_api::{
    json_response,
    timeplus::topology::{self, Graph},
};

use crate::{
    connections::{use_capabilities, use_connection_id},
    kit::{address, dependents::topology::extra, notice::Waiting, use_load},
    ui::{Empty, ErrorBanner, Tab, Tabs, field::Checkbox, number::plural},
};
use kinds::Sections;
use picture::Picture;
use table::NodeTable;

const EVERY: Duration = Duration::from_secs(10);
/// Pixels below which the table comes first.
const NARROW: f64 = 800.0;

/// What the page shows; cheap to hand around.
#[derive(Clone, Copy)]
pub struct PageState {
    pub graph: RwSignal<Graph>,
    pub search: RwSignal<String>,
    /// Ids whose flow is followed; none: nothing was looked for.
    pub found: Memo<BTreeSet<String>>,
    pub connection: StoredValue<String>,
    pub sections: Sections,
}

pub fn page(sections: Sections) -> AnyView {
    let graph = RwSignal::new(Graph::default());
    let whole = StoredValue::new(Graph::default());
    let queries = RwSignal::new(address::parameter("queries"));
    address::keep(Signal::derive(move || vec![("queries", queries.get())]));
    let show = move |with_queries: bool| {
        let now = whole.with_value(|whole| match with_queries {
            true => whole.clone(),
            false => without_queries(whole),
        });
        if graph.with_untracked(|graph| *graph != now) {
            graph.set(now);
        }
    };
    let accept = Callback::new(move |body: Vec<u8>| {
        whole.set_value(json_response(&body)?);
        show(queries.with_untracked(|on| on == "true"));
        Ok(())
    });
    Effect::new(move || show(queries.with(|on| on == "true")));
    let can = use_capabilities();
    let request = Signal::derive(move || topology::get(extra(can.get())));
    let load = use_load(request, Some(EVERY), accept);
    let search = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let wanted = search.with(|text| text.trim().to_lowercase());
        let fits = |name: &str| !wanted.is_empty() && name.to_lowercase().contains(&wanted);
        graph.with(|graph| {
            let nodes = graph.nodes.iter().filter(|node| fits(&node.name));
            nodes.map(|node| node.id.clone()).collect()
        })
    });
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let shown = PageState {
        graph,
        search,
        found,
        connection: StoredValue::new(connection),
        sections,
    };
    let mut tabs = vec![
        Tab::new("graph", "Graph", move || view! { <Picture shown /> }),
        Tab::new("table", "Table", move || view! { <NodeTable shown /> }),
    ];
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    if width.is_some_and(|width| width < NARROW) {
        tabs.reverse();
    }
    let tabs = StoredValue::new(tabs);
    let tally = move || {
        let all = graph.with(|graph| graph.nodes.len() as u64);
        match found.with(BTreeSet::len) as u64 {
            _ if search.with(|text| text.trim().is_empty()) => plural(all, "node", "nodes"),
            some => format!("{some} of {}", plural(all, "node", "nodes")),
        }
    };
    view! {
        <div class="page topology">
            <header class="page-head">
                <h1>"Topology"</h1>
                <p class="page-count" role="status">{move || load.ready.get().then(tally)}</p>
            </header>
            <div class="toolbar" role="search">
                <input
                    class="input search"
                    type="search"
                    aria-label="Search nodes"
                    placeholder="Search nodes"
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=search
                    on:input:target=move |event| search.set(event.target().value())
                />
                <Checkbox label="Queries of people and dashboards" value=queries />
            </div>
            <ErrorBanner error=load.page_error() />
            {move || {
                if !load.ready.get() {
                    return view! { <Waiting load /> }.into_any();
                }
                if graph.with(|graph| graph.nodes.is_empty()) {
                    return view! { <Empty title="No resources yet" hint="Create a stream; its readers and writers appear here." /> }.into_any();
                }
                view! { <Tabs label="Topology" tabs=tabs.get_value() /> }.into_any()
            }}
        </div>
    }
    .into_any()
}

/// Queries come and go, and are known by ids: they are shown when asked for.
fn without_queries(whole: &Graph) -> Graph {
    let mut graph = whole.clone();
    graph.nodes.retain(|node| node.kind() != "query");
    let there: BTreeSet<String> = graph.nodes.iter().map(|node| node.id.clone()).collect();
    let holds = |id: &String| there.contains(id);
    graph
        .edges
        .retain(|edge| holds(&edge.source) && holds(&edge.target));
    graph
        .dependencies
        .retain(|edge| holds(&edge.source) && holds(&edge.target));
    graph
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_query_reads_stays_without_it() {
        let json = r#"{"nodes":[{"id":"stream:s","name":"s","type":"stream"},{"id":"query:1","name":"1","type":"query"}],
            "edges":[{"source":"stream:s","target":"query:1"}],"dependencies":[{"source":"query:1","target":"stream:s"}]}"#;
        let whole: Graph = serde_json::from_str(json).expect("graph");
        let graph = without_queries(&whole);
        assert_eq!(
            (
                graph.nodes.len(),
                graph.edges.len(),
                graph.dependencies.len()
            ),
            (1, 0, 0)
        );
    }
}
