//! What flows from where to where: a picture, and the same as a table.

pub mod arrange;
pub mod boxes;
pub mod groups;
pub mod kinds;
pub mod layout;
pub mod lines;
pub mod net;
pub mod picture;
pub mod state;
pub mod table;

use std::{collections::BTreeSet, time::Duration};

use leptos::prelude::*;
use weir_api::{
    json_response,
    request::{decode, encode},
    timeplus::topology::{self, Graph},
};

use crate::{
    connections::{use_capabilities, use_connection_id},
    kit::{address, dependents::topology::extra, notice::Waiting, use_load},
    ui::{
        Button, ButtonKind, Empty, ErrorBanner, Icon, IconName, Tab, Tabs,
        field::{Bound, Checkbox, Choice, Select},
        number::plural,
    },
};
use kinds::Sections;
use picture::Picture;
use state::{Asked, FLOW, NEAR, PageState};
use table::NodeTable;

const EVERY: Duration = Duration::from_secs(10);
/// Pixels below which the table comes first.
const NARROW: f64 = 800.0;

pub fn page(sections: Sections) -> AnyView {
    let graph = RwSignal::new(Graph::default());
    let queries = RwSignal::new(address::flag("queries"));
    let open = address::parameter("open");
    let asked = Asked {
        search: address::parameter("q"),
        around: address::parameter("around"),
        show: address::parameter("show"),
        group: address::parameter("group"),
        open: open
            .split(',')
            .filter(|id| !id.is_empty())
            .map(decode)
            .collect(),
    };
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let shown = PageState::new(graph, queries.into(), asked, connection, sections);
    address::keep(Signal::derive(move || {
        let open = shown
            .open
            .with(|open| open.iter().map(|id| encode(id)).collect::<Vec<_>>());
        vec![
            ("queries", address::flagged(queries.get())),
            ("q", shown.search.get()),
            ("around", shown.around.get()),
            ("show", shown.show.get()),
            ("group", shown.group.get()),
            ("open", open.join(",")),
        ]
    }));
    let accept = Callback::new(move |body: Vec<u8>| {
        let now: Graph = json_response(&body)?;
        if graph.with_untracked(|graph| *graph != now) {
            graph.set(now);
        }
        Ok(())
    });
    let can = use_capabilities();
    let request = Signal::derive(move || topology::get(extra(can.get())));
    let load = use_load(request, Some(EVERY), accept);
    let mut tabs = vec![
        Tab::new("graph", "Graph", move || view! { <Picture shown /> }),
        Tab::new("table", "Table", move || view! { <NodeTable shown /> }),
    ];
    let width = window().inner_width().ok().and_then(|width| width.as_f64());
    if width.is_some_and(|width| width < NARROW) {
        tabs.reverse();
    }
    let tabs = StoredValue::new(tabs);
    let is_empty = Memo::new(move |_| shown.whole.with(|net| net.items.is_empty()));
    view! {
        <div class="page topology">
            <header class="page-head">
                <h1>"Topology"</h1>
                <p class="page-count" role="status">{move || load.ready.get().then(|| tally(shown))}</p>
            </header>
            <Tools shown queries />
            <ErrorBanner error=load.page_error() />
            {move || {
                if !load.ready.get() {
                    return view! { <Waiting load /> }.into_any();
                }
                if is_empty.get() {
                    return view! { <Empty title="No resources yet" hint="Create a stream; its readers and writers appear here." /> }.into_any();
                }
                view! { <Tabs label="Topology" tabs=tabs.get_value() /> }.into_any()
            }}
        </div>
    }
    .into_any()
}

fn tally(shown: PageState) -> String {
    let all = shown.whole.with(|net| net.items.len() as u64);
    let all = plural(all, "node", "nodes");
    let (found, drawn) = (
        shown.found.with(BTreeSet::len),
        shown.nodes.with(|net| net.items.len()),
    );
    let searched = shown.search.with(|text| !text.trim().is_empty());
    match shown.whole.with(|net| net.items.len() != drawn) {
        true => format!("{drawn} of {all}"),
        false if searched => format!("{found} of {all}"),
        false => all,
    }
}

#[component]
fn Tools(shown: PageState, queries: RwSignal<bool>) -> impl IntoView {
    let choices = [
        Choice::new("", "Show everything"),
        Choice::new(FLOW, "Flow of matches only"),
        Choice::new(NEAR, "Neighbors of matches only"),
    ];
    let typed = move |text: String| {
        shown.around.set(String::new());
        shown.search.set(text);
    };
    let around = move || {
        let id = shown.around.get();
        let named = shown.whole.with(|net| {
            let mut items = net.items.iter();
            items
                .find(|item| item.node.id == id)
                .map(|item| item.node.name.clone())
        });
        named
            .filter(|_| shown.search.with(|text| text.trim().is_empty()))
            .map(|name| {
                let label = format!("Flow of {name}: show everything");
                let clear = move || {
                    shown.around.set(String::new());
                    shown.show.set(String::new());
                };
                view! {
                    <Button label text=true on_click=clear>
                        {format!("Flow of {name}")} <Icon name=IconName::Close />
                    </Button>
                }
            })
    };
    let grouping = move || {
        let is_on = shown.grouped.get();
        let toggle = move || shown.group.set(if is_on { "off" } else { "on" }.into());
        let fold = move || shown.open.set(BTreeSet::new());
        let opened = is_on && shown.open.with(|open| !open.is_empty());
        view! {
            <Button kind=ButtonKind::Quiet on_click=toggle>{if is_on { "Ungroup" } else { "Group by name" }}</Button>
            {opened.then(|| view! { <Button kind=ButtonKind::Quiet on_click=fold>"Collapse all groups"</Button> })}
        }
    };
    view! {
        <div class="toolbar" role="search">
            <input
                class="input search"
                type="search"
                aria-label="Search nodes"
                placeholder="Search nodes"
                autocomplete="off"
                spellcheck="false"
                prop:value=shown.search
                on:input:target=move |event| typed(event.target().value())
            />
            <Select bare=true label="Show" value=Bound::from(shown.show) choices=Signal::stored(choices.to_vec()) />
            {around}
            {grouping}
            <Checkbox label="Show ad-hoc queries" value=queries />
        </div>
    }
    .into_any()
}
