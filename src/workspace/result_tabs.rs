//! The row of a tab's results, where there are several.

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{run::Runner, slots::Slot};
use crate::{
    live::{core::State, status},
    ui::{Button, ButtonKind, State as StateDot, number, time},
};

fn tab_id(tab: u32, slot: u32) -> String {
    format!("result-tab-{tab}-{slot}")
}

pub fn panel_id(tab: u32, slot: u32) -> String {
    format!("result-panel-{tab}-{slot}")
}

/// Arrow keys move between results, Delete closes one.
#[component]
pub fn ResultTabs(runner: Runner, tab: u32) -> impl IntoView {
    let slots = runner.slots;
    let several = Memo::new(move |_| slots.all.with(|all| all.len() > 1));
    let live = Memo::new(move |_| {
        let all = slots.all.get();
        let live = |slot: &&Slot| slot.session.state.get().is_live();
        all.iter().filter(live).count()
    });
    let keys = move |event: KeyboardEvent| {
        let ids: Vec<u32> = slots
            .all
            .with_untracked(|all| all.iter().map(|s| s.id).collect());
        let shown = slots.shown.get_untracked();
        let at = ids.iter().position(|id| *id == shown).unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowRight" => (at + 1) % ids.len(),
            "ArrowLeft" => (at + ids.len() - 1) % ids.len(),
            "Home" => 0,
            "End" => ids.len() - 1,
            "Delete" => {
                event.prevent_default();
                runner.close(shown);
                return focus(tab_id(tab, slots.shown.get_untracked()));
            }
            _ => return,
        };
        event.prevent_default();
        slots.shown.set(ids[to]);
        focus(tab_id(tab, ids[to]));
    };
    view! {
        <Show when=move || several.get()>
            <div class="result-strip">
                <div class="tabs" role="tablist" aria-label="Results" on:keydown=keys>
                    <For each=move || slots.all.get() key=|slot| slot.id let:slot>
                        <ResultTab runner result=slot tab />
                    </For>
                </div>
                {move || {
                    let left = runner.left.get();
                    (left > 0).then(|| {
                        let words = number::plural(left as u64, "statement was", "statements were");
                        view! { <span class="result-left" role="status">{format!("{words} not run")}</span> }
                    })
                }}
                <Show when=move || { live.get() > 1 }>
                    <Button kind=ButtonKind::Quiet on_click=move || runner.cancel_all()>
                        {move || format!("Cancel all {}", live.get())}
                    </Button>
                </Show>
                <Button
                    kind=ButtonKind::Quiet
                    on_click=move || runner.close(slots.shown.get_untracked())
                >
                    "Close result"
                </Button>
            </div>
        </Show>
    }
    .into_any()
}

#[component]
fn ResultTab(runner: Runner, result: Slot, tab: u32) -> impl IntoView {
    let (slots, session) = (runner.slots, result.session);
    let chosen = Memo::new(move |_| slots.shown.get() == result.id);
    let title = Memo::new(move |_| result.statement.with(|statement| statement.title()));
    let now = time::use_now();
    let facts = move || {
        let state = session.state.get();
        if state == State::Idle {
            return String::new();
        }
        let rows = session
            .facts
            .with(|facts| number::plural(facts.received, "row", "rows"));
        let ended = session.read(|core| core.ended_at);
        let end = ended.unwrap_or_else(|| now.get());
        let took = (end - result.statement.with(|statement| statement.at)).max(0.0);
        format!("{rows}, {}", time::span(took))
    };
    view! {
        <button
            type="button"
            role="tab"
            class="tab"
            id=tab_id(tab, result.id)
            title=move || result.statement.with(|statement| statement.sql.clone())
            aria-selected=move || if chosen.get() { "true" } else { "false" }
            aria-controls=panel_id(tab, result.id)
            tabindex=move || if chosen.get() { "0" } else { "-1" }
            on:click=move |_| slots.shown.set(result.id)
            on:auxclick=move |event| {
                if event.button() == 1 {
                    runner.close(result.id);
                }
            }
        >
            <span>{move || title.get()}</span>
            <span class="result-facts">
                <StateDot tone=status::tone_of(session) word=status::word(session) />
                <span>{facts}</span>
            </span>
        </button>
    }
    .into_any()
}

/// After the tab is in the document.
fn focus(id: String) {
    request_animation_frame(move || {
        if let Some(tab) = document().get_element_by_id(&id) {
            let _ = tab.unchecked_ref::<HtmlElement>().focus();
        }
    });
}
