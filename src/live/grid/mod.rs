//! The grid of a live result: of any number of rows and columns only the cells in view exist.

mod above;
pub mod columns;
pub mod face;
mod keyboard;
pub mod keys;
pub mod nodes;
pub mod paint;
mod pointer;
pub mod scroll;
pub mod select;

use std::{cell::RefCell, rc::Rc};

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{HtmlElement, ResizeObserver};

use self::paint::Painter;
pub use self::{
    columns::Columns,
    select::{At, Selection},
};
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
    on_top: Option<Callback<()>>,
    /// When the wheel was turned last.
    turned: StoredValue<Option<f64>>,
    /// Where the finger began that draws the rows down.
    finger: StoredValue<Option<f64>>,
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

    fn scrolled(self, root: &HtmlElement) {
        let Some((by, at_end)) = self.with(|painter| {
            // A grid that has just grown is scrolled by the browser before the observer tells.
            painter.resized(
                f64::from(root.client_width()),
                f64::from(root.client_height()),
            );
            let by = painter.scroll.moved(f64::from(root.scroll_top()));
            (by, painter.scroll.at_end())
        }) else {
            return;
        };
        if by < 0.0 && !at_end {
            self.session.hold();
            self.above();
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
}

/// `on_open` is called for the cell a person wants to see whole (Enter or double click), `on_menu`
/// where one asks what can be done (a header, the right button, Shift+F10), `on_top` where somebody
/// goes up from the oldest row. Columns are given by
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
        on_top,
        turned: StoredValue::new(None),
        finger: StoredValue::new(None),
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
            grid.scrolled(&root);
        }
    };
    let help = unique("grid-help");
    view! {
        <p class="visually-hidden" id=help.clone()>
            "Arrow keys move; with Shift they select. Enter opens the cell, Shift+F10 opens the menu, Alt with the left or right arrow changes the column width."
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
            on:wheel=move |event| grid.turned(&event)
            on:touchstart=move |event| grid.touched(&event)
            on:touchmove=move |event| grid.drawn(&event)
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
