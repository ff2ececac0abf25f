//! Cells that come later, row by row: asked for while the row is on the screen, a few at a time,
//! and kept for a while.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet, VecDeque},
};

use leptos::prelude::*;

/// Calls under way at the same time.
pub const AT_ONCE: usize = 4;
/// Milliseconds after which a row on the screen is asked for again.
pub const FRESH: f64 = 15_000.0;

/// Whose turn it is; knows nothing of how figures are fetched.
#[derive(Debug, Default)]
pub struct Turns {
    waiting: VecDeque<String>,
    running: HashSet<String>,
    done: HashMap<String, f64>,
}

impl Turns {
    /// Replaces who waits: those of `keys` that are not fresh at `now`, in their order. Rows that
    /// left the screen before their turn are forgotten.
    pub fn want(&mut self, keys: impl IntoIterator<Item = String>, now: f64) {
        self.waiting = keys
            .into_iter()
            .filter(|key| !self.running.contains(key))
            .filter(|key| self.done.get(key).is_none_or(|at| now - at >= FRESH))
            .collect();
    }

    /// The next key to fetch, if a place is free.
    pub fn start(&mut self) -> Option<String> {
        if self.running.len() >= AT_ONCE {
            return None;
        }
        let key = self.waiting.pop_front()?;
        self.running.insert(key.clone());
        Some(key)
    }

    pub fn finish(&mut self, key: &str, now: f64) {
        self.running.remove(key);
        self.done.insert(key.to_string(), now);
    }

    /// Everything is to be asked for again.
    pub fn forget(&mut self) {
        self.done.clear();
    }
}

/// Late cells by row key; a row reads only its own.
#[derive(Clone, Copy)]
pub struct Figures {
    cells: StoredValue<HashMap<String, ArcRwSignal<Vec<super::Cell>>>>,
    /// Grows with every figure that arrives, for whoever sorts by one.
    pub version: RwSignal<u32>,
}

impl Figures {
    pub fn new() -> Self {
        Self {
            cells: StoredValue::new(HashMap::new()),
            version: RwSignal::new(0),
        }
    }

    /// Empty until they are there.
    pub fn of(self, key: &str) -> ArcRwSignal<Vec<super::Cell>> {
        if let Some(cells) = self.cells.with_value(|all| all.get(key).cloned()) {
            return cells;
        }
        let cells = ArcRwSignal::new(Vec::new());
        self.cells.update_value(|all| {
            all.insert(key.to_string(), cells.clone());
        });
        cells
    }

    /// One of a row's; empty until it is there.
    pub fn cell(self, key: &str, place: usize) -> Cow<'static, super::Cell> {
        let cell = |cells: &Vec<super::Cell>| cells.get(place).cloned();
        let of_row = |cells: &ArcRwSignal<Vec<super::Cell>>| cells.with_untracked(cell);
        let found = (self.cells).with_value(|all| all.get(key).and_then(of_row));
        Cow::Owned(found.unwrap_or_default())
    }

    pub fn set(self, key: &str, cells: Vec<super::Cell>) {
        self.of(key).set(cells);
        self.version
            .update(|version| *version = version.wrapping_add(1));
    }
}

impl Default for Figures {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).into()).collect()
    }

    #[test]
    fn only_a_few_run_and_scrolled_away_rows_lose_their_turn() {
        let mut turns = Turns::default();
        turns.want(keys(&["a", "b", "c", "d", "e", "f"]), 0.0);
        let started: Vec<_> = std::iter::from_fn(|| turns.start()).collect();
        assert_eq!(started, ["a", "b", "c", "d"]);
        turns.want(keys(&["d", "x"]), 1.0);
        turns.finish("a", 1.0);
        assert_eq!(turns.start().as_deref(), Some("x"));
        assert_eq!(turns.start(), None);
    }

    #[test]
    fn figures_are_asked_for_again_when_they_are_old() {
        let mut turns = Turns::default();
        turns.want(keys(&["a"]), 0.0);
        assert_eq!(turns.start().as_deref(), Some("a"));
        turns.finish("a", 100.0);
        turns.want(keys(&["a"]), FRESH);
        assert_eq!(turns.start(), None);
        turns.want(keys(&["a"]), FRESH + 100.0);
        assert_eq!(turns.start().as_deref(), Some("a"));
    }
}
