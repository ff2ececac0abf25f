use crate::{
    column::{Column, Kind},
    scan::{self, Scan},
};

/// Consecutive rows of the ring, column by column.
#[derive(Debug)]
pub(crate) struct Chunk {
    /// Absolute number of the first row.
    pub(crate) first: u64,
    pub(crate) rows: u32,
    pub(crate) columns: Vec<Column>,
}

impl Chunk {
    pub(crate) fn new(kinds: &[Kind], first: u64, rows: usize) -> Self {
        let columns = kinds
            .iter()
            .map(|kind| Column::new(*kind, rows, 0))
            .collect();
        Self {
            first,
            rows: 0,
            columns,
        }
    }

    /// An empty chunk for the rows behind this one, with room for as much text.
    pub(crate) fn next(&self, kinds: &[Kind], rows: usize) -> Self {
        let columns = kinds.iter().zip(&self.columns);
        Self {
            first: self.end(),
            rows: 0,
            columns: columns
                .map(|(kind, column)| Column::new(*kind, rows, column.text_bytes().min(1 << 20)))
                .collect(),
        }
    }

    pub(crate) fn end(&self) -> u64 {
        self.first + u64::from(self.rows)
    }

    /// Reads the row `[…]` at `at` and returns where it ends; on a fault the chunk is as before.
    /// Cells beyond the last column are checked, counted in `extra` and not kept.
    pub(crate) fn push_row(&mut self, input: &[u8], at: usize, extra: &mut u64) -> Scan<usize> {
        let end = self.read_row(input, at, extra);
        match end {
            Ok(_) => self.rows += 1,
            Err(_) => {
                for column in &mut self.columns {
                    column.truncate(self.rows);
                }
            }
        }
        end
    }

    fn read_row(&mut self, input: &[u8], at: usize, extra: &mut u64) -> Scan<usize> {
        let row = self.rows;
        let mut at = scan::skip_space(input, scan::expect(input, at, b'[')?);
        let mut columns = self.columns.iter_mut();
        if input.get(at) == Some(&b']') {
            columns.for_each(|column| column.push_missing(row));
            return Ok(at + 1);
        }
        let mut beyond = 0;
        loop {
            at = match columns.next() {
                Some(column) => column.push(row, input, at)?,
                None => {
                    beyond += 1;
                    scan::value(input, at)?
                }
            };
            at = scan::skip_space(input, at);
            match input.get(at) {
                Some(b',') => at = scan::skip_space(input, at + 1),
                Some(b']') => {
                    columns.for_each(|column| column.push_missing(row));
                    *extra += beyond;
                    return Ok(at + 1);
                }
                _ => return Err(scan::unexpected(input, at)),
            }
        }
    }

    pub(crate) fn shrink(&mut self) {
        self.columns.iter_mut().for_each(Column::shrink);
    }

    pub(crate) fn bytes(&self) -> usize {
        self.columns.iter().map(Column::bytes).sum()
    }
}
