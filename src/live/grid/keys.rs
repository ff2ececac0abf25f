//! What keys do in the grid.

use leptos::ev::KeyboardEvent;

use super::select::{At, Selection};
use crate::live::{core::Core, gaps::Line};

/// Pixels a column grows by one key.
const WIDER: f64 = 16.0;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    Move(Way),
    Widen(f64),
    Open,
    /// What can be done with the cell.
    Menu,
    /// Nothing is selected any more.
    Leave,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Up,
    Down,
    Left,
    Right,
    PageUp,
    PageDown,
    FirstColumn,
    LastColumn,
    FirstRow,
    LastRow,
}

pub fn step(event: &KeyboardEvent) -> Option<Step> {
    let whole = event.ctrl_key() || event.meta_key();
    Some(Step::Move(match (event.key().as_str(), whole) {
        ("ArrowLeft", _) if event.alt_key() => return Some(Step::Widen(-WIDER)),
        ("ArrowRight", _) if event.alt_key() => return Some(Step::Widen(WIDER)),
        ("Enter", false) => return Some(Step::Open),
        ("ContextMenu", _) => return Some(Step::Menu),
        ("F10", false) if event.shift_key() => return Some(Step::Menu),
        ("Escape", _) => return Some(Step::Leave),
        ("ArrowUp", false) => Way::Up,
        ("ArrowDown", false) => Way::Down,
        ("ArrowLeft", false) => Way::Left,
        ("ArrowRight", false) => Way::Right,
        ("PageUp", _) => Way::PageUp,
        ("PageDown", _) => Way::PageDown,
        ("Home", false) | ("ArrowLeft", true) => Way::FirstColumn,
        ("End", false) | ("ArrowRight", true) => Way::LastColumn,
        ("Home", true) | ("ArrowUp", true) => Way::FirstRow,
        ("End", true) | ("ArrowDown", true) => Way::LastRow,
        _ => return None,
    }))
}

/// The cell a step leads to; the first step goes to the newest row, or the oldest where that is
/// asked for. `None` without rows.
pub fn target(
    core: &Core,
    current: Option<Selection>,
    way: Way,
    page: u64,
    columns: usize,
) -> Option<At> {
    let layout = core.layout();
    let last_line = layout.lines().checked_sub(1)?;
    let last_column = columns.checked_sub(1)?;
    let Some(At { row, column }) = current.map(|selection| selection.active) else {
        let row = match way {
            Way::FirstRow => nearest(core, 0, true)?,
            _ => nearest(core, last_line, false)?,
        };
        return Some(At { row, column: 0 });
    };
    let line = layout.index(row).min(last_line);
    let (line, column, down) = match way {
        Way::Up => (line.saturating_sub(1), column, false),
        Way::Down => ((line + 1).min(last_line), column, true),
        Way::PageUp => (line.saturating_sub(page), column, false),
        Way::PageDown => ((line + page).min(last_line), column, true),
        Way::FirstRow => (0, column, true),
        Way::LastRow => (last_line, column, false),
        Way::Left => (line, column.saturating_sub(1), true),
        Way::Right => (line, (column + 1).min(last_column), true),
        Way::FirstColumn => (line, 0, true),
        Way::LastColumn => (line, last_column, true),
    };
    let row = nearest(core, line, down).or_else(|| nearest(core, line, !down))?;
    Some(At { row, column })
}

/// The row at this line or, where a gap stands, the next one in the direction.
fn nearest(core: &Core, mut line: u64, down: bool) -> Option<u64> {
    let layout = core.layout();
    loop {
        if let Line::Row(row) = layout.line(line)? {
            return Some(row);
        }
        line = if down { line + 1 } else { line.checked_sub(1)? };
    }
}
