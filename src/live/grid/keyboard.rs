//! What the keyboard does in the grid, and what is copied of it.

use leptos::{
    ev::{ClipboardEvent, KeyboardEvent},
    prelude::*,
};

use super::{
    At, Grid, Selection,
    keys::{self, Step, Way},
};

impl Grid {
    pub(super) fn key(self, event: KeyboardEvent, on_open: Option<Callback<At>>) {
        let Some(step) = keys::step(&event) else {
            return;
        };
        let current = self.with(|painter| painter.selection).flatten();
        let done = match step {
            Step::Open => match (current, on_open) {
                (Some(selection), Some(open)) => {
                    if let Some(at) = self.in_result(selection.active) {
                        open.run(at);
                    }
                    true
                }
                _ => false,
            },
            Step::Widen(by) => match current {
                Some(selection) => {
                    let column = selection.active.column;
                    let width = self
                        .with(|painter| painter.columns.all.get(column).map(|c| c.width))
                        .flatten();
                    self.resize(column, width.unwrap_or_default() + by);
                    true
                }
                None => false,
            },
            Step::Menu => match current {
                Some(selection) => {
                    let place = self.with(|painter| painter.place_of_active()).flatten();
                    self.ask_at(selection.active, place.unwrap_or_default());
                    true
                }
                None => false,
            },
            Step::Leave => {
                self.with(|painter| painter.selection = None);
                self.paint();
                current.is_some()
            }
            Step::Move(way) => {
                let target = self.with(|painter| {
                    let page = painter.scroll.page();
                    let columns = painter.columns.all.len();
                    self.session
                        .read(|core| keys::target(core, current, way, page, columns))
                });
                if let Some(Some(active)) = target {
                    let up = matches!(way, Way::Up | Way::PageUp | Way::FirstRow);
                    if up && current.is_some_and(|current| current.active == active) {
                        self.above();
                    }
                    self.select(match current {
                        Some(before) if event.shift_key() => Selection { active, ..before },
                        _ => Selection::one(active),
                    });
                }
                true
            }
        };
        if done {
            event.prevent_default();
        }
    }

    pub(super) fn copied(self, event: ClipboardEvent) {
        let text = self.with(|painter| {
            let selection = painter.selection?;
            Some(
                self.session
                    .read(|core| selection.text(core, &painter.columns)),
            )
        });
        let Some(Some(text)) = text else {
            return;
        };
        if let Some(data) = event.clipboard_data()
            && data.set_data("text/plain", &text).is_ok()
        {
            event.prevent_default();
        }
    }
}
