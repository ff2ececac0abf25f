//! The grid of a live result: of any number of rows and columns only the cells in view exist.

pub mod columns;
pub mod face;
pub mod keys;
pub mod nodes;
pub mod paint;
pub mod scroll;
pub mod select;

use std::{cell::RefCell, rc::Rc};

use leptos::{
    ev::{ClipboardEvent, KeyboardEvent, MouseEvent, PointerEvent},
    html,
    prelude::*,
};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{HtmlElement, ResizeObserver};

pub use self::{
    columns::Columns,
    select::{At, Selection},
};
use self::{keys::Step, paint::Painter};
use super::session::Session;
use crate::ui::unique;

/// Keeps what it watches watched until it is dropped.
struct Observer {
    observer: ResizeObserver,
    _changed: Closure<dyn FnMut()>,
}

impl Observer {
    fn new(element: &HtmlElement, changed: impl FnMut() + 'static) -> Result<Self, JsValue> {
        let changed = Closure::<dyn FnMut()>::new(changed);
        let observer = ResizeObserver::new(changed.as_ref().unchecked_ref())?;
        observer.observe(element);
        Ok(Self {
            observer,
            _changed: changed,
        })
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

/// The painter and what belongs to it, from the moment the grid is in the document.
type Held = StoredValue<Option<(Rc<RefCell<Painter>>, Observer)>, LocalStorage>;

#[derive(Clone, Copy)]
struct Grid {
    session: Session,
    held: Held,
    /// The column whose width is being dragged, the pointer's place and the width then.
    drag: StoredValue<Option<(usize, f64, f64)>>,
    /// The column whose header is pressed, to be put elsewhere, and the pointer's place then.
    carried: StoredValue<Option<(usize, f64)>>,
    on_menu: Option<Callback<Asked>>,
}

/// Where a person asked what can be done.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// Pixels from the window's top left.
    pub at: (f64, f64),
    /// Position of the column in the result.
    pub column: usize,
    /// Numbers of the rows selected, less the ring's base; empty for a column's header.
    pub rows: Vec<u64>,
    /// The cell asked about, its column by position in the result.
    pub cell: Option<At>,
}

impl Grid {
    fn mount(self, root: HtmlElement, prefix: String) -> Result<(), JsValue> {
        let painter = Rc::new(RefCell::new(Painter::new(root.clone(), prefix)?));
        let (measured, element) = (painter.clone(), root.clone());
        let observer = Observer::new(&root, move || {
            let (width, height) = (element.client_width(), element.client_height());
            measured
                .borrow_mut()
                .resized(f64::from(width), f64::from(height));
            self.paint();
        })?;
        self.held.set_value(Some((painter, observer)));
        Ok(())
    }

    fn with<T>(self, f: impl FnOnce(&mut Painter) -> T) -> Option<T> {
        let painter = self
            .held
            .try_with_value(|held| held.as_ref().map(|(painter, _)| painter.clone()))??;
        Some(f(&mut painter.borrow_mut()))
    }

    fn paint(self) {
        if self.session.gone() {
            return;
        }
        let follow = self.session.following.get_untracked();
        self.with(|painter| {
            self.session.read(|core| {
                // Only nodes that a script took out of the page cannot be written to.
                let _ = painter.paint(core, follow);
            })
        });
    }

    /// Shows the newest of the rows shown, without following.
    fn to_end(self) {
        self.with(|painter| {
            self.session.read(|core| {
                // Only nodes that a script took out of the page cannot be written to.
                let _ = painter.paint(core, true);
            })
        });
    }

    fn scrolled(self, root: &HtmlElement, on_top: Option<Callback<()>>) {
        let Some((by, at_start, at_end)) = self.with(|painter| {
            // A grid that has just grown is scrolled by the browser before the observer tells.
            painter.resized(
                f64::from(root.client_width()),
                f64::from(root.client_height()),
            );
            let by = painter.scroll.moved(f64::from(root.scroll_top()));
            (by, painter.scroll.at_start(), painter.scroll.at_end())
        }) else {
            return;
        };
        if by < 0.0 && !at_end {
            self.session.hold();
            if let (Some(on_top), true) = (on_top, at_start) {
                on_top.run(());
            }
        } else if by > 0.0 && at_end && !self.session.paused.get_untracked() {
            self.session.catch_up();
        }
        self.paint();
    }

    /// Looking at one cell holds the view.
    fn select(self, selection: Selection) {
        self.session.hold();
        self.with(|painter| {
            self.session.read(|core| {
                let line = core.layout().index(selection.active.row);
                painter.scroll.reveal(line);
            });
            painter.selection = Some(selection);
            painter.reveal_column(selection.active.column);
        });
        self.paint();
    }

    fn point(self, event: &MouseEvent) -> Option<(f64, f64)> {
        let root: HtmlElement = event.current_target()?.unchecked_into();
        let place = root.get_bounding_client_rect();
        Some((
            f64::from(event.client_x()) - place.left(),
            f64::from(event.client_y()) - place.top(),
        ))
    }

    fn cell_at(self, event: &MouseEvent) -> Option<At> {
        let (x, y) = self.point(event)?;
        self.with(|painter| self.session.read(|core| painter.line_at(core, x, y)))?
    }

    fn pressed(self, event: PointerEvent) {
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

    fn dragged(self, event: PointerEvent) {
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
    fn released(self, event: PointerEvent) {
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

    fn ask(self, column: usize, cell: Option<At>, at: (f64, f64)) {
        let Some(menu) = self.on_menu else {
            return;
        };
        let rows = self.with(|painter| {
            let selection = painter.selection.filter(|_| cell.is_some())?;
            Some(self.session.read(|core| selection.rows(core)))
        });
        menu.run(Asked {
            at,
            column,
            rows: rows.flatten().unwrap_or_default(),
            cell,
        });
    }

    /// The browser's own menu gives way where there is something of ours to be done. From the
    /// keyboard it is about the active cell.
    fn context(self, event: MouseEvent) {
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

    fn ask_at(self, at: At, pointer: (f64, f64)) {
        if let Some(cell) = self.in_result(at) {
            self.ask(cell.column, Some(cell), pointer);
        }
    }

    /// A place of the grid with its column's position in the result.
    fn in_result(self, at: At) -> Option<At> {
        let source = self.with(|painter| painter.columns.all.get(at.column).map(|c| c.source));
        Some(At {
            row: at.row,
            column: source.flatten()?,
        })
    }

    fn resize(self, column: usize, width: f64) {
        self.with(|painter| {
            painter.columns.resize(column, width);
            painter.replace();
        });
        self.paint();
    }

    fn key(self, event: KeyboardEvent, on_open: Option<Callback<At>>) {
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

    fn copied(self, event: ClipboardEvent) {
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

/// `on_open` is called for the cell a person wants to see whole (Enter or double click), `on_menu`
/// where one asks what can be done (a header, the right button, Shift+F10), `on_top` where somebody
/// scrolls up to the oldest row. Columns are given by
/// their position in the result.
#[component]
pub fn LiveGrid(
    session: Session,
    #[prop(default = "Results")] label: &'static str,
    #[prop(optional, into)] on_open: Option<Callback<At>>,
    #[prop(optional, into)] on_menu: Option<Callback<Asked>>,
    #[prop(optional, into)] on_top: Option<Callback<()>>,
) -> impl IntoView {
    let grid = Grid {
        session,
        held: StoredValue::new_local(None),
        drag: StoredValue::new(None),
        carried: StoredValue::new(None),
        on_menu,
    };
    let node = NodeRef::<html::Div>::new();
    node.on_load(move |root| {
        let root: HtmlElement = root.unchecked_into();
        // Fails only where the document is being torn down.
        let _ = grid.mount(root, unique("grid"));
    });
    Effect::new(move || {
        session.facts.track();
        session.following.track();
        session.header.track();
        grid.paint();
    });
    Effect::new(move |before: Option<u32>| {
        let steps = session.steps.get();
        if before.is_some_and(|before| before != steps) {
            grid.to_end();
        }
        steps
    });
    let scrolled = move |event: web_sys::Event| {
        let root: Option<HtmlElement> = event.current_target().map(JsCast::unchecked_into);
        if let Some(root) = root {
            grid.scrolled(&root, on_top);
        }
    };
    let help = unique("grid-help");
    view! {
        <p class="visually-hidden" id=help.clone()>
            "Arrow keys move, with Shift they select. Enter opens the cell, Shift+F10 opens the menu, Alt with the left or right arrow changes the column width."
        </p>
        <div
            node_ref=node
            class="grid"
            aria-describedby=help
            role="grid"
            tabindex="0"
            aria-label=label
            aria-multiselectable="true"
            on:scroll=scrolled
            on:pointerdown=move |event| grid.pressed(event)
            on:pointermove=move |event| grid.dragged(event)
            on:pointerup=move |event| grid.released(event)
            on:pointercancel=move |_| {
                grid.drag.set_value(None);
                grid.carried.set_value(None);
            }
            on:contextmenu=move |event| grid.context(event)
            on:dblclick=move |event| {
                let at = grid.cell_at(&event).and_then(|at| grid.in_result(at));
                if let (Some(open), Some(at)) = (on_open, at) {
                    open.run(at);
                }
            }
            on:keydown=move |event| grid.key(event, on_open)
            on:copy=move |event| grid.copied(event)
        ></div>
    }
    .into_any()
}
