//! One query tab: editor above, results below.

use leptos::prelude::*;
use weir_live::Limits;

use super::{
    chart_choice::ChartChoice,
    chart_panel::ChartPanel,
    download::Downloads,
    history::{History, HistoryList},
    limits::LimitsMenu,
    run::Runner,
    splitter::{EditorHeight, Splitter},
    strip::{panel_id, tab_id},
    tabs::{QueryTab, QueryTabs},
    view_tabs::{ResultView, ViewTabs},
};
use crate::{
    live::{
        arrange::Arrangement,
        breaks::SessionBanner,
        capture::CaptureTools,
        core::State,
        replay::{Player, ReplayBar},
        results::ResultRows,
        status::StatusLine,
        tools::LiveTools,
    },
    sql::streams::Streams,
    statements,
    systems::timeplus::saved_queries::save::SaveQuery,
    ui::{Button, ButtonKind, Icon, IconName, SqlEditor},
};

/// What all tabs of the page share.
#[derive(Clone, Copy)]
pub struct Shared {
    pub tabs: QueryTabs,
    pub history: History,
    pub streams: Streams,
    pub height: EditorHeight,
    pub view: RwSignal<ResultView>,
    /// How much a result keeps.
    pub limits: RwSignal<Limits>,
    /// The strip of rows over time is open.
    pub timeline: RwSignal<bool>,
    /// The arrangement that the address asked for, until the first tab has taken it.
    pub asked: StoredValue<Option<String>>,
    /// The arrangement of the tab shown, as the address tells it.
    pub arranged: RwSignal<String>,
    /// The same of the chart.
    pub chart_asked: StoredValue<Option<String>>,
    pub chart: RwSignal<String>,
    /// Text to be put at the active editor's cursor.
    pub insert: RwSignal<Option<String>>,
}

#[component]
pub fn QueryTabPanel(tab: QueryTab, shared: Shared) -> impl IntoView {
    let runner = Runner::new(tab.sql, shared.history);
    let active = Memo::new(move |_| shared.tabs.active.get() == tab.id);
    Effect::new(move || {
        if let Some(text) = shared.insert.get()
            && active.get_untracked()
        {
            runner.control.insert(&text);
            shared.insert.set(None);
        }
    });
    let arrangement = runner.session.arrangement;
    let chart = RwSignal::new(ChartChoice::default());
    Effect::new(move || {
        if !active.get() {
            return;
        }
        if let Some(Some(asked)) = shared.chart_asked.try_update_value(Option::take) {
            chart.set(ChartChoice::from_text(&asked));
        }
        shared.chart.set(chart.with(ChartChoice::to_text));
    });
    Effect::new(move || {
        if !active.get() {
            return;
        }
        if let Some(Some(asked)) = shared.asked.try_update_value(Option::take) {
            arrangement.set(Arrangement::from_text(&asked));
        }
        shared.arranged.set(arrangement.with(Arrangement::to_text));
    });
    let words = Signal::derive(move || shared.streams.words());
    // A frame around all there is would tell nothing.
    let frames = Memo::new(move |_| {
        let several = tab.sql.with(|sql| statements::split(sql).len()) > 1;
        let selected = !runner.control.selected.get().is_empty();
        if several || selected {
            runner.chosen()
        } else {
            Vec::new()
        }
    });
    // DDL may have changed what there is to complete.
    Effect::new(move || {
        let no_columns = runner
            .session
            .read(|core| core.rows.shown().columns().is_empty());
        if runner.session.state.get() == State::Finished && no_columns {
            shared.streams.reload();
        }
    });
    view! {
        <div
            class="query-tab"
            role="tabpanel"
            id=panel_id(tab.id)
            aria-labelledby=tab_id(tab.id)
            class:hidden=move || !active.get()
        >
            <RunBar runner />
            <div class="editor-box" style:height=move || format!("{}px", shared.height.get())>
                <SqlEditor text=tab.sql control=runner.control words frames on_run=move || runner.run() />
            </div>
            <Splitter height=shared.height />
            <ResultPanel runner shared active chart />
        </div>
    }
    .into_any()
}

#[component]
fn RunBar(runner: Runner) -> impl IntoView {
    let session = runner.session;
    let live = Memo::new(move |_| session.state.get().is_live());
    let empty = Signal::derive(move || runner.text.with(|text| text.trim().is_empty()));
    let several = Memo::new(move |_| runner.text.with(|text| statements::split(text).len()));
    view! {
        <div class="run-bar">
            <Button
                kind=ButtonKind::Primary
                disabled=empty
                reason="Enter a statement first."
                on_click=move || runner.run()
            >
                <Icon name=IconName::Play />
                "Run"
            </Button>
            <Button
                disabled=Signal::derive(move || !live.get())
                reason="No query is running."
                on_click=move || session.cancel()
            >
                <Icon name=IconName::Stop />
                "Cancel"
            </Button>
            <Show when=move || { several.get() > 1 }>
                <Button on_click=move || runner.run_all()>
                    {move || format!("Run all {}", several.get())}
                </Button>
            </Show>
            <Button
                kind=ButtonKind::Quiet
                busy=runner.formatting
                disabled=empty
                reason="There is nothing to format."
                on_click=move || runner.format()
            >
                "Format"
            </Button>
            <SaveQuery sql=runner.text />
            <RunHint runner />
        </div>
    }
    .into_any()
}

/// Which statements would run, and what would not.
#[component]
fn RunHint(runner: Runner) -> impl IntoView {
    let words = Memo::new(move |_| {
        let chosen = runner.chosen();
        runner.text.with(|text| {
            let all = statements::split(text);
            if let Some(word) = statements::stray(text, &all) {
                return (true, format!("“{word}” behind the ; begins no statement"));
            }
            if chosen.is_empty() && !text.trim().is_empty() {
                return (true, "runs nothing: no statement stands here".into());
            }
            let at_cursor = chosen.first().and_then(|first| {
                let start = statements::to_byte(text, first.start);
                all.iter().position(|part| part.start == start)
            });
            let words = match (all.len(), chosen.len(), at_cursor) {
                (2.., 1, Some(at)) => format!("runs statement {} of {}", at + 1, all.len()),
                (2.., 2.., _) => format!("runs the {} statements selected", chosen.len()),
                _ => "runs the selection or the statement at the cursor".into(),
            };
            (false, words)
        })
    });
    view! {
        <span class="run-hint" data-tone=move || words.with(|(warn, _)| warn.then_some("warn"))>
            <kbd>"Ctrl"</kbd> "+" <kbd>"Enter"</kbd> " " {move || words.with(|(_, words)| words.clone())}
        </span>
    }
}

#[component]
fn ResultPanel(
    runner: Runner,
    shared: Shared,
    active: Memo<bool>,
    chart: RwSignal<ChartChoice>,
) -> impl IntoView {
    let session = runner.session;
    let player = Player::new(session);
    let view_is = move |wanted: ResultView| move || shared.view.get() != wanted;
    // A chart of rows that stand still would tell nothing.
    Effect::new(move || {
        if shared.view.get() == ResultView::Chart && !session.paused.get_untracked() {
            session.catch_up();
        }
    });
    view! {
        <section class="live" aria-label="Query results">
            <SessionBanner session />
            <ReplayBar player />
            <div class="result-bar">
                <ViewTabs view=shared.view />
                <LiveTools session timeline=shared.timeline />
                <CaptureTools session player />
                <Downloads session />
                <LimitsMenu session now=shared.limits />
            </div>
            <div class="result-rows" class:hidden=view_is(ResultView::Results)>
                <ResultRows session idle="Run a statement to see its rows." timeline=shared.timeline />
            </div>
            <Show when=move || shared.view.get() == ResultView::Chart>
                <ChartPanel session choice=chart />
            </Show>
            <Show when=move || shared.view.get() == ResultView::History>
                <HistoryList
                    history=shared.history
                    on_open=move |sql: String| shared.tabs.show(&sql)
                />
            </Show>
            <StatusLine session named=active />
        </section>
    }
    .into_any()
}
