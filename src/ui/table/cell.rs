//! What stands in a table: columns, rows and cells, without knowledge of any resource.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
    sync::Arc,
};

pub use weir_live::natural;

use crate::ui::{Tone, number::count};

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Kept in the URL when rows are sorted by it.
    pub id: &'static str,
    pub title: &'static str,
    /// Pixels; the first column takes what is left, at least this much.
    pub width: u16,
    /// Right-aligned.
    pub numeric: bool,
    pub sortable: bool,
    /// Its cells come later, row by row (see [`super::Figures`]).
    pub late: bool,
}

impl Column {
    pub const fn text(id: &'static str, title: &'static str, width: u16) -> Self {
        Self {
            id,
            title,
            width,
            numeric: false,
            sortable: true,
            late: false,
        }
    }

    pub const fn number(id: &'static str, title: &'static str, width: u16) -> Self {
        Self {
            id,
            title,
            width,
            numeric: true,
            sortable: true,
            late: false,
        }
    }

    #[must_use]
    pub const fn late(mut self) -> Self {
        self.late = true;
        self
    }

    #[must_use]
    pub const fn unsorted(mut self) -> Self {
        self.sortable = false;
        self
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub enum Cell {
    #[default]
    Empty,
    Text(String),
    Mono(String),
    /// A value to sort by and its words with unit.
    Number(f64, String),
    /// ISO 8601 or Timeplus' own way of writing times.
    Time(String),
    State(Tone, String),
    /// A small line with its words.
    Line(Vec<f64>, String),
    /// Tags and all of them in words; a press on one searches for `tag:…`.
    Tags(Vec<String>, String),
}

impl Cell {
    /// A number of things.
    pub fn count(number: u64) -> Self {
        Self::Number(number as f64, count(number))
    }

    /// Empty cells come last in either direction: see [`super::sorted`].
    pub fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a, _), Self::Number(b, _)) => a.total_cmp(b),
            (a, b) => natural(a.words(), b.words()),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.words().is_empty()
    }

    pub fn words(&self) -> &str {
        match self {
            Self::Empty => "",
            Self::Text(text)
            | Self::Mono(text)
            | Self::Time(text)
            | Self::Number(_, text)
            | Self::State(_, text)
            | Self::Line(_, text)
            | Self::Tags(_, text) => text,
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Row {
    /// Names the row in requests and selections.
    pub key: String,
    pub href: String,
    /// One for each column; the first is the row's name and becomes a link to `href` where there
    /// is one.
    pub cells: Vec<Cell>,
    /// What a search looks at, in lower case.
    pub haystack: String,
    /// Tells a changed row from the one it replaces.
    pub version: u32,
    /// It is no row but the head of those below it; its first cell is their title.
    pub head: Option<GroupHead>,
}

/// The head of rows that can be folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupHead {
    pub id: String,
    pub count: usize,
    pub open: bool,
}

pub type Rows = Arc<Vec<Arc<Row>>>;

/// Takes over rows that came again unchanged, so that they are not drawn again; a key that comes
/// twice counts once. They are in the order of their keys, which a sort by something else keeps.
pub fn renew(old: &[Arc<Row>], new: Vec<Row>, version: u32) -> Rows {
    let known: HashMap<&str, &Arc<Row>> = old.iter().map(|row| (row.key.as_str(), row)).collect();
    let mut seen = HashSet::new();
    let rows = new.into_iter().filter(|row| seen.insert(row.key.clone()));
    let rows = rows.map(|mut row| match known.get(row.key.as_str()) {
        Some(before) => {
            row.version = before.version;
            if row == ***before {
                return Arc::clone(before);
            }
            row.version = version;
            Arc::new(row)
        }
        None => {
            row.version = version;
            Arc::new(row)
        }
    });
    let mut rows: Vec<Arc<Row>> = rows.collect();
    rows.sort_by(|a, b| natural(&a.key, &b.key));
    Arc::new(rows)
}

/// Whether they are the very same rows in the same order: what they hold is not compared.
pub fn are_same(one: &Rows, other: &Rows) -> bool {
    let mut pairs = one.iter().zip(other.iter());
    one.len() == other.len() && pairs.all(|(a, b)| Arc::ptr_eq(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_did_not_change_are_kept() {
        let row = |key: &str, text: &str| Row {
            key: key.into(),
            cells: vec![Cell::Text(text.into())],
            ..Default::default()
        };
        let old = renew(&[], vec![row("a", "1"), row("b", "1")], 1);
        let new = renew(&old, vec![row("a", "1"), row("b", "2"), row("b", "3")], 2);
        assert_eq!(new.len(), 2);
        assert!(Arc::ptr_eq(&old[0], &new[0]));
        assert_eq!((new[1].version, new[1].cells[0].words()), (2, "2"));
    }

    #[test]
    fn numbers_sort_by_value_not_by_words() {
        let (small, large) = (
            Cell::Number(9e3, "9 kB".into()),
            Cell::Number(1e6, "1 MB".into()),
        );
        assert_eq!(small.compare(&large), Ordering::Less);
    }
}
