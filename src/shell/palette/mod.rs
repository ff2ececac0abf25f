//! The command palette (Ctrl or Cmd and K): pages, resources and what can be done, by name.

mod actions;
pub mod keys;
mod rank;
pub(super) mod recent;
mod sources;
mod usage;

use leptos::{ev::KeyboardEvent, html, prelude::*};
use wasm_bindgen::JsCast;

use keys::KeyList;
use rank::{Scope, rank};
use sources::{Choice, Item, use_items};
use usage::Usage;

use crate::{
    links::follow,
    ui::{Dialog, unique},
};

/// Lines that are shown at once.
const MOST: usize = 50;
const STORED: &str = "weir.palette";

/// Opens the palette from elsewhere, for example from the top bar's button.
#[derive(Clone, Copy)]
pub struct PaletteOpen(pub RwSignal<bool>);

#[component]
pub fn PaletteButton() -> impl IntoView {
    let PaletteOpen(open) = expect_context();
    view! {
        <button
            type="button"
            class="button quiet palette-button"
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K Meta+K"
            on:click=move |_| open.set(true)
        >
            "Go to"<kbd>"Ctrl K"</kbd>
        </button>
    }
    .into_any()
}

/// Once in the shell: listens for its keys everywhere.
#[component]
pub fn Palette() -> impl IntoView {
    let PaletteOpen(open) = expect_context();
    let help = RwSignal::new(false);
    // What is chosen goes on when the palette is closed.
    let (shell, of_opening) = (Owner::current(), StoredValue::new(None::<Owner>));
    let owner = move || {
        let owner = shell.as_ref().map_or_else(Owner::new, Owner::child);
        of_opening.set_value(Some(owner.clone()));
        owner
    };
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if event.is_composing() || event.default_prevented() {
            return;
        }
        let command = event.ctrl_key() || event.meta_key();
        if command
            && !event.alt_key()
            && !event.shift_key()
            && event.key().eq_ignore_ascii_case("k")
        {
            event.prevent_default();
            open.update(|open| *open = !*open);
        } else if event.key() == "?" && !command && !types_text(&event) {
            event.prevent_default();
            help.set(true);
        }
    });
    on_cleanup(move || keys.remove());
    view! {
        <Dialog open title="Go to or do" brief=true children=move || view! { <Search open owner=owner() /> }.into_any() />
        <Dialog open=help title="Keys of this page" children=move || view! { <KeyList /> }.into_any() />
    }
    .into_any()
}

/// Whether the key goes into a field.
fn types_text(event: &KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<leptos::web_sys::Element>().ok());
    target.is_some_and(|element| {
        element
            .closest("input, textarea, select, [contenteditable]")
            .is_ok_and(|found| found.is_some())
    })
}

#[component]
fn Search(open: RwSignal<bool>, owner: Owner) -> impl IntoView {
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
                            <span class="palette-label">{entry.label}</span>" "
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
            (0, false) => "Nothing found.".to_string(),
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
    let storage = window().local_storage().ok().flatten();
    let text = storage.and_then(|storage| storage.get_item(STORED).ok().flatten());
    text.and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

fn store_usage(usage: &Usage) {
    if let (Ok(Some(storage)), Ok(text)) = (window().local_storage(), serde_json::to_string(usage))
    {
        // A full or forbidden storage only means that the order is not remembered.
        let _ = storage.set_item(STORED, &text);
    }
}
