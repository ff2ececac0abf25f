//! One query tab: editor above, results below.

use leptos::prelude::*;

use super::{
    begin::BeginSelect,
    chart_choice::ChartChoice,
    parameters::{ParameterRow, Parameters},
    result_panel::ResultPanel,
    result_tabs::ResultTabs,
    run::Runner,
    shared::Shared,
    slots::Slot,
    splitter::Splitter,
    strip::{panel_id, tab_id},
    tabs::QueryTab,
};
use crate::{
    live::arrange::Arrangement,
    statements,
    systems::timeplus::saved_queries::save::SaveQuery,
    ui::{Button, ButtonKind, Icon, IconName, SqlEditor},
};

#[component]
pub fn QueryTabPanel(tab: QueryTab, shared: Shared) -> impl IntoView {
    let parameters = Parameters::of(tab.id, tab.sql, shared.parameters);
    let runner = Runner::new(tab.sql, shared.history, parameters, shared.from);
    let active = Memo::new(move |_| shared.tabs.active.get() == tab.id);
    Effect::new(move || {
        if let Some(text) = shared.insert.get()
            && active.get_untracked()
        {
            runner.control.insert(&text);
            shared.insert.set(None);
        }
    });
    let slots = runner.slots;
    Effect::new(move || {
        let Some(Slot { chart, .. }) = slots.current().filter(|_| active.get()) else {
            return;
        };
        if let Some(Some(asked)) = shared.chart_asked.try_update_value(Option::take) {
            chart.set(ChartChoice::from_text(&asked));
        }
        shared.chart.set(chart.with(ChartChoice::to_text));
    });
    Effect::new(move || {
        let Some(slot) = slots.current().filter(|_| active.get()) else {
            return;
        };
        let arrangement = slot.session.arrangement;
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
    view! {
        <div
            class="query-tab"
            role="tabpanel"
            id=panel_id(tab.id)
            aria-labelledby=tab_id(tab.id)
            class:hidden=move || !active.get()
        >
            <RunBar runner shared />
            <ParameterRow parameters on_run=move |()| runner.run() />
            <div class="editor-box" style:height=move || format!("{}px", shared.height.get())>
                <SqlEditor text=tab.sql control=runner.control words frames on_run=move || runner.run() />
            </div>
            <Splitter height=shared.height />
            <ResultTabs runner tab=tab.id />
            <For each=move || slots.all.get() key=|slot| slot.id let:slot>
                <ResultPanel runner result=slot shared tab=tab.id active />
            </For>
        </div>
    }
    .into_any()
}

#[component]
fn RunBar(runner: Runner, shared: Shared) -> impl IntoView {
    let explained = shared.explained;
    let session = move || runner.slots.current().map(|slot| slot.session);
    let live = Memo::new(move |_| session().is_some_and(|session| session.state.get().is_live()));
    let empty = Signal::derive(move || runner.text.with(|text| text.trim().is_empty()));
    let several = Memo::new(move |_| runner.text.with(|text| statements::split(text).len()));
    view! {
        <div class="run-bar">
            <Button
                kind=ButtonKind::Primary
                disabled=empty
                reason="Enter a statement first"
                on_click=move || runner.run()
            >
                <Icon name=IconName::Play />
                "Run"
            </Button>
            <Button
                disabled=Signal::derive(move || !live.get())
                reason="No query is running"
                on_click=move || {
                    if let Some(session) = untrack(session) {
                        session.cancel();
                    }
                }
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
                reason="Nothing to format"
                on_click=move || runner.format()
            >
                "Format"
            </Button>
            <Button
                kind=ButtonKind::Quiet
                pressed=Signal::derive(move || explained.get())
                on_click=move || explained.update(|open| *open = !*open)
            >
                "Explain"
            </Button>
            <BeginSelect from=shared.from />
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
            if let Some((sign, line)) = statements::unclosed(text) {
                return (true, format!("{sign} on line {line} is never closed"));
            }
            if let Some(word) = statements::stray(text, &all) {
                return (
                    true,
                    format!("“{word}” after “;” does not start a statement"),
                );
            }
            if chosen.is_empty() && !text.trim().is_empty() {
                return (true, "no statement at the cursor".into());
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
