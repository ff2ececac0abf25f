//! The command palette (Ctrl or Cmd and K): pages, resources and what can be done, by name.

mod actions;
mod at_hand;
mod commands;
mod item;
pub mod keys;
mod names;
mod rank;
pub(super) mod recent;
pub mod search;
mod sources;
mod usage;

use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsCast;

use keys::KeyList;
use search::Search;

use crate::ui::{
    Dialog,
    lazy::{Lazy, lazy},
};

const SEARCH: Lazy<(RwSignal<bool>, Owner)> = lazy!(palette: (RwSignal<bool>, Owner) => |(open, owner)| {
    view! { <Search open owner /> }.into_any()
});

const KEYS: Lazy<()> = lazy!(keys in palette: (), AnyView => |()| KeyList().into_any());

/// Opens the palette from elsewhere, for example from the top bar's button.
#[derive(Clone, Copy)]
pub struct PaletteOpen(RwSignal<bool>);

impl PaletteOpen {
    pub fn new() -> Self {
        Self(RwSignal::new(false))
    }

    /// With its code there: a dialog gives the focus to what is in it when it opens.
    fn open(self) {
        SEARCH.fetched(move || {
            self.0.try_set(true);
        });
    }

    fn toggle(self) {
        match self.0.get_untracked() {
            true => self.0.set(false),
            false => self.open(),
        }
    }
}

impl Default for PaletteOpen {
    fn default() -> Self {
        Self::new()
    }
}

#[component]
pub fn PaletteButton() -> impl IntoView {
    let palette = expect_context::<PaletteOpen>();
    view! {
        <button
            type="button"
            class="button quiet palette-button"
            aria-haspopup="dialog"
            aria-keyshortcuts="Control+K Meta+K"
            on:pointerenter=move |_| SEARCH.prefetch()
            on:click=move |_| palette.open()
        >
            "Go to"<kbd>"Ctrl K"</kbd>
        </button>
    }
    .into_any()
}

/// Once in the shell: listens for its keys everywhere.
#[component]
pub fn Palette() -> impl IntoView {
    let palette = expect_context::<PaletteOpen>();
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
            palette.toggle();
        } else if event.key() == "?" && !command && !types_text(&event) {
            event.prevent_default();
            KEYS.fetched(move || {
                help.try_set(true);
            });
        }
    });
    on_cleanup(move || keys.remove());
    view! {
        <Dialog open=palette.0 title="Command palette" brief=true closes=true children=move || SEARCH.show((palette.0, owner())) />
        <Dialog open=help title="Keyboard shortcuts" closes=true children=move || KEYS.show(()) />
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
