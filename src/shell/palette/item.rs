//! One line of the palette.

use leptos::prelude::*;

use super::rank::{Entry, Scope};

/// What choosing an entry does.
#[derive(Clone)]
pub(crate) enum Choice {
    Open(String),
    Run(Callback<()>),
}

#[derive(Clone)]
pub(crate) struct Item {
    pub entry: Entry,
    pub choice: Choice,
}

impl Item {
    pub(super) fn open(
        scope: Scope,
        label: String,
        detail: String,
        href: String,
        weight: u32,
    ) -> Self {
        let entry = Entry {
            id: href.clone(),
            label,
            detail,
            scope,
            weight,
        };
        Self {
            entry,
            choice: Choice::Open(href),
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Items {
    pub all: RwSignal<Vec<Item>>,
    /// Names are still being asked for.
    pub loading: Signal<bool>,
}
