//! What the pointer does in the grid: it selects cells, widens and moves columns, and asks for menus.

use leptos::{
    ev::{MouseEvent, PointerEvent},
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::{At, Grid, Selection};

impl Grid {
    fn point(self, event: &MouseEvent) -> Option<(f64, f64)> {
        let root: HtmlElement = event.current_target()?.unchecked_into();
        let place = root.get_bounding_client_rect();
        Some((
            f64::from(event.client_x()) - place.left(),
            f64::from(event.client_y()) - place.top(),
        ))
    }

    pub(super) fn cell_at(self, event: &MouseEvent) -> Option<At> {
        let (x, y) = self.point(event)?;
        self.with(|painter| self.session.read(|core| painter.line_at(core, x, y)))?
    }

    pub(super) fn pressed(self, event: PointerEvent) {
        let Some((x, y)) = self.point(&event) else {
            return;
        };
        let edge = self.with(|painter| {
            let column = painter.edge_at(x, y)?;
            Some((column, painter.columns.all[column].width))
        });
        if let Some(Some((column, width))) = edge {
            event.prevent_default();
            self.drag.set_value(Some((column, x, width)));
            let root: Option<HtmlElement> = event.current_target().map(JsCast::unchecked_into);
            if let Some(root) = root {
                // Without capture the drag only ends at the grid's border.
                let _ = root.set_pointer_capture(event.pointer_id());
            }
        } else if let Some(column) = self.with(|painter| painter.head_at(x, y)).flatten() {
            if event.button() == 0 {
                self.carried.set_value(Some((column, x)));
            }
        } else if let Some(at) = self.cell_at(&event) {
            if event.button() == 2 && self.is_selected(at) {
                return;
            }
            let before = self.with(|painter| painter.selection).flatten();
            self.select(match before {
                Some(before) if event.shift_key() => Selection {
                    active: at,
                    ..before
                },
                _ => Selection::one(at),
            });
        }
    }

    pub(super) fn dragged(self, event: PointerEvent) {
        let (Some((column, from, width)), Some((x, _))) =
            (self.drag.get_value(), self.point(&event))
        else {
            return;
        };
        self.resize(column, width + x - from);
    }

    fn is_selected(self, at: At) -> bool {
        let inside = self.with(|painter| {
            let Some(selection) = painter.selection else {
                return false;
            };
            let columns = selection.columns().contains(&at.column);
            columns
                && self.session.read(|core| {
                    let layout = core.layout();
                    selection.lines(&layout).contains(&layout.index(at.row))
                })
        });
        inside.unwrap_or(false)
    }

    /// A header let go where it was is a click, elsewhere the column moves there.
    pub(super) fn released(self, event: PointerEvent) {
        self.drag.set_value(None);
        let Some(Some((column, from))) = self.carried.try_update_value(Option::take) else {
            return;
        };
        let Some((x, y)) = self.point(&event) else {
            return;
        };
        let target = self.with(|painter| {
            let name = |index: usize| painter.columns.all.get(index).map(|c| c.name.clone());
            let at = painter.columns.at(x, painter.left())?;
            Some((name(column)?, name(at)?, painter.columns.all[column].source))
        });
        let Some(Some((name, at, source))) = target else {
            return;
        };
        if name != at {
            let all = self.session.read(|core| {
                let columns = core.rows.shown().columns().iter();
                columns
                    .map(|column| column.name.clone())
                    .collect::<Vec<_>>()
            });
            self.session
                .arrangement
                .update(|arrangement| arrangement.columns.put(&all, &name, &at));
        } else if (x - from).abs() < 4.0 && y >= 0.0 {
            self.ask(
                source,
                None,
                (f64::from(event.client_x()), f64::from(event.client_y())),
            );
        }
    }

    /// The browser's own menu gives way where there is something of ours to be done. From the
    /// keyboard it is about the active cell.
    pub(super) fn context(self, event: MouseEvent) {
        if self.on_menu.is_none() {
            return;
        }
        let pointer = (f64::from(event.client_x()), f64::from(event.client_y()));
        let head = self.point(&event).and_then(|(x, y)| {
            self.with(|painter| {
                let index = painter.head_at(x, y)?;
                Some(painter.columns.all.get(index)?.source)
            })?
        });
        if let Some(source) = head {
            event.prevent_default();
            return self.ask(source, None, pointer);
        }
        let active = self.with(|painter| painter.selection).flatten();
        if let Some(at) = self
            .cell_at(&event)
            .or(active.map(|selection| selection.active))
        {
            event.prevent_default();
            self.ask_at(at, pointer);
        }
    }
}
