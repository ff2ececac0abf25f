//! Controls: a choice or a text that becomes a variable.

use leptos::prelude::*;

use super::Inside;
use crate::{
    dashboards::{board, control::Control, feed::Feed},
    ui::unique,
};

/// More cannot be chosen from.
const OFFERED: u64 = 500;

pub fn view(inside: Inside) -> AnyView {
    let board = inside.board;
    let control = Memo::new(move |_| inside.panel.with(Control::of));
    let value = Memo::new(move |_| {
        let control = control.get()?;
        Some(control.value(board.chosen.get().get(&control.target)).text)
    });
    let set = move |text: String| {
        let Some(control) = control.get_untracked() else {
            return;
        };
        if value.get_untracked().as_ref() != Some(&text) {
            board.chosen.update(|chosen| {
                chosen.insert(control.target, text);
            });
        }
    };
    let feed = Feed::new(
        inside.lanes,
        Signal::derive(move || {
            Ok(control
                .get()
                .and_then(|control| control.sql)
                .unwrap_or_default())
        }),
        inside.active,
    );
    let offered = Memo::new(move |_| offered(control.get(), feed, value.get()));
    let problem = move || {
        let error = feed.session.problem.get()?;
        Some(view! { <span class="field-error">{crate::errors::words(&error).sentence()}</span> })
    };
    (move || {
        let Some(found) = control.get() else {
            return view! { <p class="dash-note">"Enter the variable of this control."</p> }
                .into_any();
        };
        let id = unique("control");
        let field = if found.typed {
            view! {
                <input
                    class="input"
                    id=id.clone()
                    autocomplete="off"
                    spellcheck="false"
                    prop:value=move || value.get().unwrap_or_default()
                    on:change:target=move |event| set(event.target().value())
                />
            }
            .into_any()
        } else {
            let options = move || {
                let now = value.get().unwrap_or_default();
                offered
                    .get()
                    .into_iter()
                    .map(|text| {
                        let chosen = text == now;
                        view! { <option value=text.clone() prop:selected=chosen>{text.clone()}</option> }
                    })
                    .collect_view()
            };
            view! {
                <select class="input" id=id.clone() on:change:target=move |event| set(event.target().value())>
                    {options}
                </select>
            }
            .into_any()
        };
        let label = inside.panel.with(board::title);
        let label = Some(found.label).filter(|text| !text.is_empty()).unwrap_or(label);
        view! {
            <div class="dash-control">
                <label for=id>{label}</label>
                {field}
                {problem}
            </div>
        }
        .into_any()
    })
    .into_any()
}

/// What the dashboard offers, what its statement found, and what is chosen now.
fn offered(control: Option<Control>, feed: Feed, now: Option<String>) -> Vec<String> {
    let mut all = control.map(|control| control.inline).unwrap_or_default();
    if all.is_empty() {
        feed.session.facts.track();
        feed.session.read(|core| {
            let ring = core.rows.shown();
            if ring.columns().is_empty() {
                return;
            }
            for (_, cell) in ring.cells(0, ring.first()..ring.end().min(ring.first() + OFFERED)) {
                let text = cell.text();
                if !text.is_empty() && !all.contains(&text) {
                    all.push(text);
                }
            }
        });
    }
    if let Some(now) = now.filter(|now| !all.contains(now)) {
        all.insert(0, now);
    }
    all
}
