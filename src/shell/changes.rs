//! That something was changed from this page: what the shell tells of the connection is asked again.

use std::{cell::Cell, rc::Rc, time::Duration};

use leptos::prelude::*;

use crate::{activity::journal, http};

/// Many are changed at once, and told of once.
const SETTLED: Duration = Duration::from_millis(700);

#[derive(Clone, Copy)]
pub struct Changes(RwSignal<u32>);

impl Changes {
    /// Once in the shell.
    pub fn watch() -> Self {
        let changes = Self(RwSignal::new(0));
        let waits = Rc::new(Cell::new(false));
        http::observe_changes(move |endpoint, change, outcome| {
            journal::keep(endpoint, change, outcome);
            if outcome.is_ok() && !waits.replace(true) {
                let waits = waits.clone();
                let tell = move || {
                    waits.set(false);
                    changes.0.try_update(|count| *count = count.wrapping_add(1));
                };
                set_timeout(tell, SETTLED);
            }
        });
        changes
    }

    /// Calls `ask` after each.
    pub fn then(self, ask: impl Fn() + 'static) {
        Effect::new(move |before: Option<u32>| {
            let count = self.0.get();
            if before.is_some_and(|before| before != count) {
                ask();
            }
            count
        });
    }
}
