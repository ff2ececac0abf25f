//! One result of a tab: its rows, chart and explanation, with the tab's last runs and the history.

use leptos::prelude::*;

use super::{
    chart_choice::ChartChoice,
    chart_panel::ChartPanel,
    download::Downloads,
    explain::Explanation,
    history::HistoryList,
    limits::LimitsMenu,
    result_tabs,
    run::Runner,
    runs::RunList,
    shared::Shared,
    slots::Slot,
    view_tabs::{ResultView, ViewTabs},
};
use crate::{
    live::{
        Session,
        breaks::SessionBanner,
        capture::CaptureTools,
        core::State,
        replay::{Player, ReplayBar},
        results::ResultRows,
        status::StatusLine,
        tools::LiveTools,
    },
    ui::lazy::{Lazy, lazy},
};

type Charted = (Session, RwSignal<ChartChoice>);

const CHART: Lazy<Charted> = lazy!(result_chart: Charted => |(session, choice)| {
    view! { <ChartPanel session choice /> }.into_any()
});

const RUNS: Lazy<Runner> = lazy!(runs in result_more: Runner, AnyView => |runner| {
    view! { <RunList runs=runner.runs /> }.into_any()
});

type Explained = (Runner, Slot, RwSignal<bool>);

const EXPLANATION: Lazy<Explained> = lazy!(explanation in result_more: Explained, AnyView => |(runner, result, open)| {
    view! { <Explanation runner result open /> }.into_any()
});

#[component]
pub fn ResultPanel(
    runner: Runner,
    result: Slot,
    shared: Shared,
    tab: u32,
    /// The tab is the one shown.
    active: Memo<bool>,
) -> impl IntoView {
    let Slot { session, chart, .. } = result;
    let shown = Memo::new(move |_| runner.slots.shown.get() == result.id);
    let several = Memo::new(move |_| runner.slots.all.with(|all| all.len() > 1));
    let player = Player::new(session);
    let view_is = move |wanted: ResultView| move || shared.view.get() != wanted;
    // A chart of rows that stand still would tell nothing.
    Effect::new(move || {
        if shared.view.get() == ResultView::Chart && !session.paused.get_untracked() {
            session.catch_up();
        }
    });
    // DDL may have changed what there is to complete.
    Effect::new(move || {
        let no_columns = session.read(|core| core.rows.shown().columns().is_empty());
        if session.state.get() == State::Finished && no_columns {
            shared.streams.reload();
        }
    });
    let explained = shared.explained;
    view! {
        <section
            class="live"
            class:hidden=move || !shown.get()
            id=result_tabs::panel_id(tab, result.id)
            role=move || several.get().then_some("tabpanel")
            aria-label="Query results"
        >
            <SessionBanner session />
            <ReplayBar player />
            <div class="result-bar">
                <ViewTabs view=shared.view />
                <LiveTools session timeline=shared.timeline />
                <CaptureTools session player />
                <Downloads session />
                <LimitsMenu session now=shared.limits />
            </div>
            <div class="result-beside">
                <div class="result-view">
                    <div class="result-rows" class:hidden=view_is(ResultView::Results)>
                        <ResultRows session idle="Run a statement to see its rows." timeline=shared.timeline />
                    </div>
                    <Show when=move || shared.view.get() == ResultView::Chart>
                        {CHART.show((session, chart))}
                    </Show>
                    <Show when=move || shared.view.get() == ResultView::Runs>
                        {RUNS.show(runner)}
                    </Show>
                    <Show when=move || shared.view.get() == ResultView::History>
                        <HistoryList
                            history=shared.history
                            on_open=move |sql: String| shared.tabs.show(&sql)
                        />
                    </Show>
                </div>
                <Show when=move || { explained.get() && active.get() && shown.get() }>
                    {EXPLANATION.show((runner, result, explained))}
                </Show>
            </div>
            <StatusLine session named=Signal::derive(move || active.get() && shown.get()) />
        </section>
    }
    .into_any()
}
