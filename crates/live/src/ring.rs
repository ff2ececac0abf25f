mod cells;

use std::{
    collections::{HashMap, HashSet, VecDeque},
    fmt,
    ops::Range,
};

use weir_api::{Column as HeaderColumn, DataType};

use crate::{
    cell::Cell,
    chunk::Chunk,
    column::Kind,
    scan::{self, Fault, Stop},
};

pub use cells::{Cells, Row};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RingColumn {
    pub name: String,
    pub data_type: DataType,
}

impl RingColumn {
    /// A type that is not known is taken as `json`: its cells are kept as sent. Columns of one name
    /// become `a`, `a (2)`, `a (3)` in their order: everything else knows columns by their names.
    pub fn from_header(header: &[HeaderColumn]) -> Vec<Self> {
        let mut names: HashSet<String> = header.iter().map(|one| one.name.clone()).collect();
        let mut met: HashMap<&str, usize> = HashMap::new();
        let mut name = |wanted: &'_ str, count: &mut usize| {
            *count += 1;
            if *count == 1 {
                return wanted.to_string();
            }
            loop {
                let name = format!("{wanted} ({count})");
                if names.insert(name.clone()) {
                    return name;
                }
                *count += 1;
            }
        };
        header
            .iter()
            .map(|column| Self {
                name: name(&column.name, met.entry(&column.name).or_default()),
                data_type: DataType::parse(&column.data_type).unwrap_or(DataType::Json),
            })
            .collect()
    }
}

/// What a ring holds at most; older rows are dropped. The newest chunk of rows is always held,
/// also when a single row is larger than `bytes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub rows: u64,
    pub bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            rows: 100_000,
            bytes: 128 << 20,
        }
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pushed {
    pub rows: u64,
    /// Rows dropped to make room.
    pub dropped: u64,
    /// Cells beyond the last column of the header, which are not kept.
    pub extra_cells: u64,
}

/// A batch that is not a JSON array of arrays. The rows before the fault are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowsError {
    pub pushed: Pushed,
    /// Byte offset in the batch.
    pub at: usize,
    pub fault: Fault,
}

impl fmt::Display for RowsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pushed, at, fault } = self;
        write!(
            f,
            "row {} of the batch, byte {at}: {fault}",
            pushed.rows + 1
        )
    }
}

impl std::error::Error for RowsError {}

/// The newest rows of a result.
#[derive(Debug)]
pub struct Ring {
    columns: Vec<RingColumn>,
    kinds: Vec<Kind>,
    limits: Limits,
    sealed: VecDeque<Chunk>,
    sealed_bytes: usize,
    open: Chunk,
    /// Bytes of JSON and cells of the open chunk: decides when it is sealed.
    open_cost: usize,
    first: u64,
    dropped: u64,
    version: u64,
}

impl Ring {
    pub fn new(columns: Vec<RingColumn>, limits: Limits) -> Self {
        let kinds: Vec<Kind> = columns
            .iter()
            .map(|column| Kind::of(&column.data_type))
            .collect();
        let open = Chunk::new(&kinds, 0, 0);
        Self {
            columns,
            kinds,
            limits,
            sealed: VecDeque::new(),
            sealed_bytes: 0,
            open,
            open_cost: 0,
            first: 0,
            dropped: 0,
            version: 0,
        }
    }

    pub fn columns(&self) -> &[RingColumn] {
        &self.columns
    }

    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    pub fn limits(&self) -> Limits {
        self.limits
    }

    pub fn set_limits(&mut self, limits: Limits) {
        self.limits = limits;
        self.drop_oldest();
        self.version += 1;
    }

    /// Number of the oldest row held.
    pub fn first(&self) -> u64 {
        self.first
    }

    /// Number the next row will have.
    pub fn end(&self) -> u64 {
        self.open.end()
    }

    /// Rows held.
    pub fn len(&self) -> u64 {
        self.end() - self.first
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Rows ever pushed.
    pub fn received(&self) -> u64 {
        self.end()
    }

    /// Rows ever dropped for the limits; those of [`Ring::clear`] do not count.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Bytes of the cells held.
    pub fn bytes(&self) -> usize {
        self.sealed_bytes + self.open.bytes()
    }

    /// Differs after every change.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Forgets the rows held; numbers and [`Ring::received`] go on.
    pub fn clear(&mut self) {
        self.first = self.end();
        self.sealed.clear();
        self.sealed_bytes = 0;
        self.open = self.open.next(&self.kinds, 0);
        self.open_cost = 0;
        self.version += 1;
    }

    /// Takes a JSON array of rows, each an array of cells.
    pub fn push(&mut self, json: &[u8]) -> Result<Pushed, RowsError> {
        let (end, dropped) = (self.end(), self.dropped);
        let mut extra_cells = 0;
        let result = self.push_rows(json, &mut extra_cells);
        self.drop_oldest();
        self.version += 1;
        let pushed = Pushed {
            rows: self.end() - end,
            dropped: self.dropped - dropped,
            extra_cells,
        };
        match result {
            Ok(()) => Ok(pushed),
            Err(Stop { at, fault }) => Err(RowsError { pushed, at, fault }),
        }
    }

    fn push_rows(&mut self, json: &[u8], extra_cells: &mut u64) -> Result<(), Stop> {
        if json.len() >= 1 << 30 {
            let fault = Fault::TooLarge;
            return Err(Stop { at: 0, fault });
        }
        let start = scan::expect(json, scan::skip_space(json, 0), b'[')?;
        let mut at = scan::skip_space(json, start);
        if json.get(at) == Some(&b']') {
            at += 1;
        } else {
            loop {
                let row = at;
                at = self.open.push_row(json, row, extra_cells)?;
                self.open_cost += at - row + self.kinds.len() * 9;
                if self.open.rows as usize >= self.chunk_rows()
                    || self.open_cost >= self.chunk_bytes()
                {
                    self.seal();
                }
                at = scan::skip_space(json, at);
                match json.get(at) {
                    Some(b',') => at = scan::skip_space(json, at + 1),
                    Some(b']') => break,
                    _ => return Err(scan::unexpected(json, at)),
                }
            }
            at += 1;
        }
        let end = scan::skip_space(json, at);
        if end < json.len() {
            return Err(scan::unexpected(json, end));
        }
        Ok(())
    }

    fn chunk_rows(&self) -> usize {
        (self.limits.rows / 8).clamp(16, 2048) as usize
    }

    fn chunk_bytes(&self) -> usize {
        (self.limits.bytes / 8).clamp(1 << 10, 4 << 20)
    }

    /// Chunks are sealed by the rows in them alone, so that what is held does not depend on how
    /// rows were grouped into pushes.
    fn seal(&mut self) {
        // Of a very wide result fewer rows fit into a chunk.
        let fitting = self.chunk_bytes() / (self.kinds.len() * 9 + 1);
        let next = self.open.next(&self.kinds, self.chunk_rows().min(fitting));
        let mut full = std::mem::replace(&mut self.open, next);
        full.shrink();
        self.sealed_bytes += full.bytes();
        self.sealed.push_back(full);
        self.open_cost = 0;
        self.drop_oldest();
    }

    fn drop_oldest(&mut self) {
        let mut first = self
            .first
            .max(self.end().saturating_sub(self.limits.rows.max(1)));
        let room = self.limits.bytes.saturating_sub(self.chunk_bytes());
        while let Some(oldest) = self.sealed.front() {
            let over = self.sealed_bytes > room && self.sealed.len() > 1;
            if oldest.end() > first && !over {
                break;
            }
            first = first.max(oldest.end());
            self.sealed_bytes -= oldest.bytes();
            self.sealed.pop_front();
        }
        self.dropped += first - self.first;
        self.first = first;
    }

    /// [`Cell::Missing`] when the row is not held or there is no such column.
    pub fn cell(&self, row: u64, column: usize) -> Cell<'_> {
        self.row(row).map_or(Cell::Missing, |row| row.cell(column))
    }

    /// `None` when the row is not held.
    pub fn row(&self, row: u64) -> Option<Row<'_>> {
        let chunk = self.chunk(row).filter(|_| row >= self.first)?;
        Some(Row::new(chunk, row))
    }

    /// The cells of one column in those of `rows` that are held, with their row numbers.
    pub fn cells(&self, column: usize, rows: Range<u64>) -> Cells<'_> {
        Cells::new(self, column, rows)
    }

    fn chunk(&self, row: u64) -> Option<&Chunk> {
        let chunk = if row >= self.open.first {
            &self.open
        } else {
            self.sealed
                .get(self.sealed.partition_point(|chunk| chunk.end() <= row))?
        };
        (chunk.first..chunk.end()).contains(&row).then_some(chunk)
    }
}

#[cfg(test)]
mod tests;
