//! Moving and resizing panels with the pointer: the panel follows it, the others make way as they
//! will stand when it is let go.

use leptos::{ev::PointerEvent, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;
use weir_api::timeplus::dashboard::Position;

use super::{
    board::{self, Board, Item},
    layout,
};

/// Height of a row and the room between panels in pixels, as in style/dashboards.css.
const ROW: f64 = 128.0;
const GAP: f64 = 8.0;
/// Pixels of the screen's edge that scroll the page.
const EDGE: f64 = 40.0;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Grip {
    Move,
    Size,
}

#[derive(Clone)]
struct Held {
    key: u32,
    index: usize,
    grip: Grip,
    /// Where all stood before.
    places: Vec<Position>,
    grid: Element,
    /// Pointer in the grid when it began, and how far it is from there.
    from: (f64, f64),
    by: (f64, f64),
}

#[derive(Clone, Copy)]
pub struct Drag(RwSignal<Option<Held>, LocalStorage>);

impl Drag {
    pub fn new() -> Self {
        Self(RwSignal::new_local(None))
    }

    pub fn begin(self, board: Board, item: Item, grip: Grip, event: &PointerEvent) {
        if event.button() != 0 {
            return;
        }
        let Some(handle) = event
            .current_target()
            .map(|t| t.unchecked_into::<Element>())
        else {
            return;
        };
        let grid = handle.closest(".dash-grid").ok().flatten();
        let (Some(grid), Some(index)) = (grid, board.index(item.key)) else {
            return;
        };
        // Stacked on a narrow screen there is nowhere to move to.
        if grid.client_width() < 700 {
            return;
        }
        event.prevent_default();
        let _ = handle.set_pointer_capture(event.pointer_id());
        let from = place(&grid, event);
        self.0.set(Some(Held {
            key: item.key,
            index,
            grip,
            places: board.places(),
            grid,
            from,
            by: (0.0, 0.0),
        }));
    }

    pub fn follow(self, board: Board, event: &PointerEvent) {
        let Some(mut held) = self.0.get_untracked() else {
            return;
        };
        scroll(event);
        let now = place(&held.grid, event);
        held.by = (now.0 - held.from.0, now.1 - held.from.1);
        let column = (f64::from(held.grid.client_width()) + GAP) / f64::from(layout::COLUMNS);
        let steps = |by: f64, size: f64| (by / size).round() as i32;
        let (right, down) = (steps(held.by.0, column), steps(held.by.1, ROW));
        let start = held.places[held.index];
        let add = |value: u32, by: i32| value.saturating_add_signed(by);
        let to = match held.grip {
            Grip::Move => Position {
                x: add(start.x, right).min(layout::COLUMNS - start.w),
                y: add(start.y, down),
                ..start
            },
            Grip::Size => Position {
                w: add(start.w, right).clamp(1, layout::COLUMNS - start.x),
                h: add(start.h, down).max(1),
                ..start
            },
        };
        let places = if to == start {
            held.places.clone()
        } else {
            layout::moved(&held.places, held.index, to)
        };
        board.set_places(&places);
        self.0.set(Some(held));
    }

    /// Lets go.
    pub fn end(self, board: Board) {
        let Some(held) = self.0.get_untracked() else {
            return;
        };
        self.0.set(None);
        let item = board
            .items
            .with_untracked(|items| items.get(held.index).copied());
        if let Some(item) = item.filter(|item| item.at.get_untracked() != held.places[held.index]) {
            let name = item.panel.with_untracked(board::title);
            board
                .spoken
                .set(format!("{name}: {}", board::words(item.at.get_untracked())));
        }
    }

    /// Puts everything back.
    pub fn stop(self, board: Board) {
        if let Some(held) = self.0.get_untracked() {
            self.0.set(None);
            board.set_places(&held.places);
        }
    }

    pub fn is(self, key: u32) -> bool {
        self.0
            .with(|held| held.as_ref().is_some_and(|held| held.key == key))
    }

    fn of<T>(self, key: u32, read: impl FnOnce(&Held) -> T) -> Option<T> {
        self.0
            .with(|held| held.as_ref().filter(|held| held.key == key).map(read))
    }

    /// The dragged panel is drawn from where it stood.
    pub fn place_of(self, key: u32) -> Option<Position> {
        self.of(key, |held| held.places[held.index])
    }

    pub fn shift(self, key: u32) -> Option<String> {
        self.of(key, |held| {
            let (x, y) = held.by;
            (held.grip == Grip::Move).then(|| format!("translate({x}px,{y}px)"))
        })
        .flatten()
    }

    fn size(self, key: u32, read: impl FnOnce(&Held) -> f64) -> Option<String> {
        let pixels = self.of(key, |held| (held.grip == Grip::Size).then(|| read(held)));
        pixels
            .flatten()
            .map(|pixels| format!("{:.0}px", pixels.max(60.0)))
    }

    pub fn width(self, key: u32) -> Option<String> {
        self.size(key, |held| {
            let column = (f64::from(held.grid.client_width()) + GAP) / f64::from(layout::COLUMNS);
            f64::from(held.places[held.index].w) * column - GAP + held.by.0
        })
    }

    pub fn height(self, key: u32) -> Option<String> {
        self.size(key, |held| {
            f64::from(held.places[held.index].h) * ROW - GAP + held.by.1
        })
    }

    /// Where the dragged panel will stand.
    pub fn target(self, board: Board) -> Option<Position> {
        let index = self.0.with(|held| held.as_ref().map(|held| held.index))?;
        board
            .items
            .with(|items| items.get(index).map(|item| item.at.get()))
    }
}

impl Default for Drag {
    fn default() -> Self {
        Self::new()
    }
}

/// The pointer in the grid, also after the page has been scrolled.
fn place(grid: &Element, event: &PointerEvent) -> (f64, f64) {
    let edge = grid.get_bounding_client_rect();
    (
        f64::from(event.client_x()) - edge.left(),
        f64::from(event.client_y()) - edge.top(),
    )
}

fn scroll(event: &PointerEvent) {
    let height = window()
        .inner_height()
        .ok()
        .and_then(|h| h.as_f64())
        .unwrap_or(0.0);
    let y = f64::from(event.client_y());
    let by = if y > height - EDGE {
        16.0
    } else if y < EDGE * 2.0 {
        -16.0
    } else {
        return;
    };
    if let Ok(Some(main)) = document().query_selector("main") {
        main.scroll_by_with_x_and_y(0.0, by);
    }
}
