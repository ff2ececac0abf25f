//! Bodies of ingest requests, checked against their stream before anything is stored.

mod cells;
mod parse;
mod sink;

use std::fmt;

pub(crate) use cells::Cell;
use cells::Cells;
pub use parse::{encoded, parse, values};

/// Checked rows of one stream, ready to be appended.
#[derive(Debug, Clone)]
pub struct Rows {
    /// The SQLite table they were checked for.
    pub(crate) table: String,
    /// The stream's columns then.
    pub(crate) width: usize,
    /// Positions in the stream of the columns that `cells` holds, in order.
    pub(crate) columns: Vec<usize>,
    pub(crate) cells: Cells,
    /// Bytes of each row as it was sent.
    pub(crate) sizes: Vec<u32>,
}

impl Rows {
    pub fn len(&self) -> usize {
        self.sizes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.sizes.is_empty()
    }

    /// Bytes as sent.
    pub fn bytes(&self) -> u64 {
        self.sizes.iter().map(|size| u64::from(*size)).sum()
    }

    /// Calls with size and cells of each row.
    pub(crate) fn each<E>(
        &self,
        mut call: impl FnMut(i64, &[Cell<'_>]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut cells = self.cells.iter();
        let mut row = Vec::with_capacity(self.columns.len());
        for size in &self.sizes {
            row.clear();
            row.extend(cells.by_ref().take(self.columns.len()));
            call(i64::from(*size), &row)?;
        }
        Ok(())
    }

    /// Bytes held in memory.
    pub(crate) fn weight(&self) -> usize {
        self.cells.len() + self.sizes.len() * size_of::<u32>()
    }
}

/// `row` counts from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowError {
    pub row: usize,
    pub column: Option<String>,
    pub message: String,
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "row {}, column '{column}': {}", self.row, self.message),
            None => write!(f, "row {}: {}", self.row, self.message),
        }
    }
}

/// Why nothing of a body was stored: it cannot be read at all (`body`), or rows of it cannot
/// (the first 20 of `total`).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowErrors {
    pub body: Option<String>,
    pub rows: Vec<RowError>,
    pub total: usize,
}

impl RowErrors {
    fn body(message: impl Into<String>) -> Self {
        Self {
            body: Some(message.into()),
            ..Self::default()
        }
    }
}

impl fmt::Display for RowErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.body, self.rows.first()) {
            (Some(message), _) => f.write_str(message),
            (None, Some(first)) if self.total > 1 => {
                write!(f, "{first} (and {} more rows with errors)", self.total - 1)
            }
            (None, Some(first)) => write!(f, "{first}"),
            (None, None) => f.write_str("no rows"),
        }
    }
}

impl std::error::Error for RowErrors {}
