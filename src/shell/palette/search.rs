//! The field and what is found for what is typed in it.

use leptos::{ev::KeyboardEvent, html, prelude::*};

use super::{
    item::{Choice, Item},
    rank::{Scope, rank},
    sources::use_items,
    usage::Usage,
};
use crate::{links::follow, storage, text::visible, ui::unique};

/// Lines that are shown at once.
const MOST: usize = 50;
const STORED: &str = "weir.palette";

#[component]
pub fn Search(open: RwSignal<bool>, owner: Owner) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let chosen = RwSignal::new(0usize);
    let items = use_items(typed, owner);
    let used = StoredValue::new(stored_usage());
    let found: Memo<Vec<usize>> = Memo::new(move |_| {
        let typed = typed.get();
        let (scope, query) = Scope::of(&typed);
        items.all.with(|all| {
            let entries = all.iter().map(|item| &item.entry);
            used.with_value(|used| rank(entries, scope, query, used, js_sys::Date::now(), MOST))
        })
    });
    Effect::new(move || {
        typed.track();
        chosen.set(0);
    });
    let list = unique("palette");
    let option = {
        let list = list.clone();
        move |at: usize| format!("{list}-{at}")
    };
    let act = move |at: usize| {
        let item = found.with_untracked(|found| found.get(at).copied());
        let item = item.and_then(|at| items.all.with_untracked(|all| all.get(at).cloned()));
        let Some(item) = item else { return };
        used.update_value(|used| used.used(&item.entry.id, js_sys::Date::now()));
        used.with_value(store_usage);
        open.set(false);
        match item.choice {
            Choice::Open(href) => follow(&href),
            Choice::Run(run) => run.run(()),
        }
    };
    let keydown = move |event: KeyboardEvent| {
        // Enter that ends a composition of an input method is not ours.
        if event.is_composing() || event.key_code() == 229 {
            return;
        }
        let last = found.with_untracked(Vec::len).saturating_sub(1);
        let to = match event.key().as_str() {
            "ArrowDown" => (chosen.get_untracked() + 1).min(last),
            "ArrowUp" => chosen.get_untracked().saturating_sub(1),
            "PageDown" => (chosen.get_untracked() + 10).min(last),
            "PageUp" => chosen.get_untracked().saturating_sub(10),
            "Enter" => {
                event.prevent_default();
                return act(chosen.get_untracked());
            }
            _ => return,
        };
        event.prevent_default();
        chosen.set(to);
    };
    let shown = NodeRef::<html::Ul>::new();
    Effect::new(move || {
        chosen.track();
        request_animation_frame(move || {
            let list = shown.try_get_untracked().flatten();
            let at =
                list.and_then(|list| list.query_selector("[aria-selected=true]").ok().flatten());
            if let Some(at) = at {
                at.scroll_into_view_with_bool(false);
            }
        });
    });
    let active = {
        let option = option.clone();
        move || option(chosen.get())
    };
    let rows = move || {
        found.with(|found| {
            items.all.with(|all| {
                let lines = found.iter().enumerate().filter_map(|(at, item)| {
                    let Item { entry, .. } = all.get(*item)?.clone();
                    let selected = move || if chosen.get() == at { "true" } else { "false" };
                    Some(view! {
                        <li
                            role="option"
                            id=option(at)
                            aria-selected=selected
                            on:mousemove=move |_| if chosen.get_untracked() != at { chosen.set(at) }
                            on:click=move |_| act(at)
                        >
                            <span class="palette-label">{visible(&entry.label).into_owned()}</span>" "
                            <span class="palette-detail">{entry.detail}</span>
                        </li>
                    })
                });
                lines.collect_view()
            })
        })
    };
    let status = move || {
        let count = found.with(Vec::len);
        let more = if count == MOST { " or more" } else { "" };
        match (count, items.loading.get()) {
            (0, true) => "Loading names…".to_string(),
            (0, false) => {
                let typed = typed.get();
                match Scope::of(&typed) {
                    (Scope::Here, name) => format!(
                        "Nothing found. “#{name}” searches columns, “@{name}” all connections."
                    ),
                    _ => "Nothing found.".to_string(),
                }
            }
            (count, true) => format!("{count}{more} found, loading more names…"),
            (count, false) => format!("{count}{more} found"),
        }
    };
    view! {
        <div class="palette" on:keydown=keydown>
            <input
                class="input"
                type="text"
                role="combobox"
                autofocus=true
                autocomplete="off"
                spellcheck="false"
                aria-label="Page, resource or action"
                placeholder="Page, resource or action"
                aria-expanded="true"
                aria-controls=list.clone()
                aria-activedescendant=active
                prop:value=typed
                on:input:target=move |event| typed.set(event.target().value())
            />
            <ul node_ref=shown class="palette-list" id=list role="listbox" aria-label="Found">{rows}</ul>
            <p class="palette-foot">
                <span role="status">{status}</span>
                <span><kbd>"@"</kbd>" all connections · "<kbd>">"</kbd>" only actions · "<kbd>"#"</kbd>" columns"</span>
            </p>
        </div>
    }
    .into_any()
}

fn stored_usage() -> Usage {
    storage::read(STORED).unwrap_or_default()
}

fn store_usage(usage: &Usage) {
    storage::write(STORED, usage);
}
