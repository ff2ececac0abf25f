//! The SQL workspace: query tabs, each with an editor and live results.

pub mod address;
pub mod begin;
pub mod chart_choice;
pub mod chart_panel;
pub mod download;
pub mod explain;
mod format;
pub mod history;
pub mod limits;
pub mod parameters;
pub mod query_tab;
pub mod result_panel;
pub mod result_tabs;
mod room;
pub mod run;
pub mod runs;
pub mod shared;
pub mod side;
pub mod slots;
pub mod splitter;
pub mod strip;
pub mod tabs;
pub mod view_tabs;

use leptos::prelude::*;

use self::{
    history::History, query_tab::QueryTabPanel, shared::Shared, side::SideList,
    splitter::EditorHeight, strip::TabStrip, tabs::QueryTabs, view_tabs::ResultView,
};
use crate::{connections::use_connection, live::settings, query::use_query, sql::streams::Streams};

#[component]
pub fn WorkspacePage() -> impl IntoView {
    let connection = use_connection();
    let id = Memo::new(move |_| connection.get().map(|connection| connection.id));
    move || {
        id.get()
            .map(|connection| view! { <Workspace connection /> })
    }
}

#[component]
fn Workspace(connection: String) -> impl IntoView {
    let query = use_query();
    let (asked, arranged, chart) =
        query.with_untracked(|query| (query.get("tab"), query.get("view"), query.get("chart")));
    let from = query.with_untracked(|query| query.get("from"));
    let (arranged, chart) = (arranged.unwrap_or_default(), chart.unwrap_or_default());
    let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    let tabs = QueryTabs::load(&connection);
    let shared = Shared {
        tabs,
        history: History::load(&connection),
        streams: Streams::load(),
        height: EditorHeight::load(),
        view: RwSignal::new(
            asked
                .and_then(|tab| ResultView::parse(&tab))
                .unwrap_or(ResultView::Results),
        ),
        limits: RwSignal::new(settings::limits()),
        timeline: RwSignal::new(false),
        asked: StoredValue::new(given(&arranged)),
        arranged: RwSignal::new(arranged),
        chart_asked: StoredValue::new(given(&chart)),
        chart: RwSignal::new(chart),
        insert: RwSignal::new(None),
        parameters: parameters::Stored::new(&connection, tabs),
        explained: RwSignal::new(false),
        from: RwSignal::new(begin::known(&from.unwrap_or_default())),
    };

    address::keep(shared);

    // A tab's editor and session come to life when it is first shown and then stay.
    let seen = RwSignal::new(Vec::<u32>::new());
    Effect::new(move || {
        let active = tabs.active.get();
        if !seen.with_untracked(|seen| seen.contains(&active)) {
            seen.update(|seen| seen.push(active));
        }
    });
    let alive = move || {
        let seen = seen.get();
        tabs.all.with(|all| {
            all.iter()
                .filter(|tab| seen.contains(&tab.id))
                .copied()
                .collect::<Vec<_>>()
        })
    };
    let side = RwSignal::new(wide());
    view! {
        <div class="workspace" class:with-side=move || side.get()>
            <h1 class="visually-hidden">"SQL workspace"</h1>
            <Show when=move || side.get()>
                <SideList
                    streams=shared.streams
                    on_insert=move |name: String| shared.insert.set(Some(name))
                />
            </Show>
            <div class="workspace-main">
                <TabStrip tabs side />
                <For each=alive key=|tab| tab.id let:tab>
                    <QueryTabPanel tab shared />
                </For>
            </div>
        </div>
    }
    .into_any()
}

/// Enough room for the list of streams beside the editor.
fn wide() -> bool {
    window()
        .inner_width()
        .is_ok_and(|width| width.as_f64().is_some_and(|width| width > 1000.0))
}
