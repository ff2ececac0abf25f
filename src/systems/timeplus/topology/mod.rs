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
    kit::{dependents::extra, notice::Waiting, use_load},
    ui::{Empty, ErrorBanner, Tab, Tabs, number::plural},
};
use kinds::Sections;
use picture::Picture;
use table::NodeTable;

const EVERY: Duration = Duration::from_secs(10);
/// Pixels below which the table comes first.
const NARROW: f64 = 800.0;

/// What the page shows; cheap to hand around.
#[derive(Clone, Copy)]
pub struct Shown {
    pub graph: RwSignal<Graph>,
    pub search: RwSignal<String>,
    /// Ids whose flow is followed; none: nothing was looked for.
    pub found: Memo<BTreeSet<String>>,
    pub connection: StoredValue<String>,
    pub sections: Sections,
}

pub fn page(sections: Sections) -> AnyView {
    let graph = RwSignal::new(Graph::default());
    let accept = Callback::new(move |body: Vec<u8>| {
        let answer: Graph = json_response(&body)?;
        if graph.with_untracked(|graph| *graph != answer) {
            graph.set(answer);
        }
        Ok(())
    });
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
    let shown = Shown {
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
