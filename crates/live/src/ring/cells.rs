use std::ops::Range;

use super::Ring;
use crate::{cell::Cell, chunk::Chunk, column::Column};

/// One row held, found once for all its cells.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    chunk: &'a Chunk,
    index: u32,
}

impl<'a> Row<'a> {
    /// `row` lies in `chunk`.
    pub(super) fn new(chunk: &'a Chunk, row: u64) -> Self {
        Self {
            chunk,
            index: (row - chunk.first) as u32,
        }
    }

    pub fn cell(&self, column: usize) -> Cell<'a> {
        match self.chunk.columns.get(column) {
            Some(column) => column.cell(self.index),
            None => Cell::Missing,
        }
    }
}

/// See [`Ring::cells`].
#[derive(Debug, Clone)]
pub struct Cells<'a> {
    ring: &'a Ring,
    column: usize,
    row: u64,
    stop: u64,
    current: Option<&'a Column>,
    /// Rows of the chunk of `current`.
    chunk: Range<u64>,
}

impl<'a> Cells<'a> {
    pub(super) fn new(ring: &'a Ring, column: usize, rows: Range<u64>) -> Self {
        let row = rows.start.max(ring.first());
        Self {
            ring,
            column,
            row,
            stop: rows.end.min(ring.end()).max(row),
            current: None,
            chunk: 0..0,
        }
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = (u64, Cell<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        if self.row >= self.stop {
            return None;
        }
        let row = self.row;
        if row >= self.chunk.end {
            let chunk = self.ring.chunk(row)?;
            self.chunk = chunk.first..chunk.end();
            self.current = chunk.columns.get(self.column);
        }
        self.row += 1;
        let cell = match self.current {
            Some(column) => column.cell((row - self.chunk.start) as u32),
            None => Cell::Missing,
        };
        Some((row, cell))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = (self.stop - self.row) as usize;
        (left, Some(left))
    }
}
