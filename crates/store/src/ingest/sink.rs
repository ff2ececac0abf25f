//! Rows on their way from a body into the buffer, and what is wrong with them.

use std::borrow::Cow;

use rusqlite::types::Value;
use serde_json::value::RawValue;
use weir_api::DataType;
use weir_engine::{catalog::StreamInfo, codec};

use super::{RowError, RowErrors, Rows, cells::Cells};

const REPORTED: usize = 20;
/// Small values grow when read: `{}` is a row of every column.
const MAX_CELL_BYTES: usize = 256 << 20;

pub(super) struct Sink<'i> {
    stream: &'i StreamInfo,
    rows: Rows,
    errors: RowErrors,
    /// Rows seen, good and bad.
    row: usize,
    row_start: usize,
}

impl<'i> Sink<'i> {
    pub(super) fn new(stream: &'i StreamInfo, columns: Vec<usize>) -> Self {
        Self {
            stream,
            rows: Rows {
                table: stream.table.clone(),
                width: stream.columns.len(),
                columns,
                cells: Cells::default(),
                sizes: Vec::new(),
            },
            errors: RowErrors::default(),
            row: 0,
            row_start: 0,
        }
    }

    pub(super) fn push(&mut self, value: &Value) {
        self.rows.cells.push(value);
    }

    /// Whether the cell is in order. NULL where it is not allowed means the default.
    fn cell(&mut self, column: usize, json: &str) -> bool {
        let column = &self.stream.columns[column];
        if json == "null"
            && !column.data_type.is_nullable()
            && *column.data_type.inner() != DataType::Json
        {
            self.rows.cells.push_missing();
            return true;
        }
        match codec::decode(json, &column.data_type) {
            Ok(value) => {
                self.push(&value);
                true
            }
            Err(message) => {
                self.report(Some(column.name.clone()), message);
                false
            }
        }
    }

    pub(super) fn array<'a>(
        &mut self,
        cells: impl ExactSizeIterator<Item = &'a str>,
        size: usize,
    ) -> Result<(), RowErrors> {
        let expected = self.rows.columns.len();
        if cells.len() != expected {
            let message = format!("{} values for {expected} columns", cells.len());
            return self.bad_row(&message);
        }
        for (index, json) in cells.enumerate() {
            if !self.cell(self.rows.columns[index], json) {
                return self.skip_row();
            }
        }
        self.end_row(size)
    }

    /// Keys that are not columns are ignored, missing ones take their default.
    pub(super) fn object(
        &mut self,
        entries: &[(Cow<'_, str>, &RawValue)],
        size: usize,
    ) -> Result<(), RowErrors> {
        for column in 0..self.stream.columns.len() {
            let name = &self.stream.columns[column].name;
            // Producers mostly write keys in the order of the columns.
            let entry = match entries.get(column) {
                Some(entry) if entry.0 == *name => Some(entry),
                _ => entries.iter().find(|entry| entry.0 == *name),
            };
            match entry {
                None => self.rows.cells.push_missing(),
                Some((_, json)) => {
                    if !self.cell(column, json.get()) {
                        return self.skip_row();
                    }
                }
            }
        }
        self.end_row(size)
    }

    pub(super) fn end_row(&mut self, size: usize) -> Result<(), RowErrors> {
        self.rows
            .sizes
            .push(u32::try_from(size).unwrap_or(u32::MAX));
        self.row += 1;
        self.row_start = self.rows.cells.len();
        if self.rows.weight() > MAX_CELL_BYTES {
            return Err(RowErrors::body(format!(
                "the rows take more than {} MiB when read; send them in smaller parts",
                MAX_CELL_BYTES >> 20
            )));
        }
        Ok(())
    }

    pub(super) fn bad_row(&mut self, message: &str) -> Result<(), RowErrors> {
        self.report(None, message.to_owned());
        self.skip_row()
    }

    fn skip_row(&mut self) -> Result<(), RowErrors> {
        self.rows.cells.truncate(self.row_start);
        self.row += 1;
        Ok(())
    }

    fn report(&mut self, column: Option<String>, message: String) {
        self.errors.total += 1;
        if self.errors.rows.len() < REPORTED {
            self.errors.rows.push(RowError {
                row: self.row,
                column,
                message,
            });
        }
    }

    pub(super) fn finish(self) -> Result<Rows, RowErrors> {
        if self.errors.total > 0 {
            Err(self.errors)
        } else {
            Ok(self.rows)
        }
    }
}
