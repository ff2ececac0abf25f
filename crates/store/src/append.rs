//! Rows into a stream's table.

use rusqlite::{
    CachedStatement, Connection, ErrorCode,
    types::{ToSqlOutput, Value, ValueRef},
};

use crate::{
    StoreError,
    ingest::{Cell, Rows},
    table::{Fill, Table},
    writer::Scope,
};

pub(crate) fn insert(scope: &mut Scope<'_>, name: &str, rows: &Rows) -> Result<u64, StoreError> {
    let state = scope.shared.written(name)?;
    if state.info.table != rows.table {
        return Err(StoreError::NotFound(format!(
            "the stream '{name}' that these rows were checked for"
        )));
    }
    if state.info.columns.len() != rows.width {
        let words = "the stream's columns have changed meanwhile: send the rows again";
        return Err(StoreError::invalid("columns", words));
    }
    let head = scope.before.head(state.id);
    let mut seq = head.unwrap_or_else(|| *state.live.head.borrow());
    let now = Value::Integer(scope.now_ms);
    let mut insert = Insert::new(scope.tx, &state.table, rows, &now)?;
    let delta = scope.effects.of(&state);
    let mut cells = rows.cells.iter();
    let mut row = Vec::with_capacity(rows.columns.len());
    for (index, size) in rows.sizes.iter().enumerate() {
        row.clear();
        row.extend(cells.by_ref().take(rows.columns.len()));
        seq += 1;
        insert.replace(&row, &mut delta.removed)?;
        let done = insert.row(seq, i64::from(*size), &row);
        done.map_err(|error| at_row(error, index))?;
        delta.add(seq, i64::from(*size));
    }
    Ok(rows.len() as u64)
}

/// Rows into a table of a stream, whichever connection holds it.
pub(crate) struct Insert<'a> {
    table: &'a Table,
    columns: &'a [usize],
    insert: CachedStatement<'a>,
    replace: Option<CachedStatement<'a>>,
    now: &'a Value,
}

impl<'a> Insert<'a> {
    /// Columns that no row gives are bound here, once for all rows.
    pub(crate) fn new(
        conn: &'a Connection,
        table: &'a Table,
        rows: &'a Rows,
        now: &'a Value,
    ) -> Result<Self, StoreError> {
        let replace = table
            .replace
            .as_deref()
            .map(|sql| conn.prepare_cached(sql))
            .transpose()?;
        let mut insert = conn.prepare_cached(&table.insert)?;
        for position in 0..table.fill.len() {
            if !rows.columns.contains(&position) {
                insert.raw_bind_parameter(position + 3, fill(table, position, now))?;
            }
        }
        if table.binds_now {
            insert.raw_bind_parameter(table.fill.len() + 3, now)?;
        }
        Ok(Self {
            table,
            columns: &rows.columns,
            insert,
            replace,
            now,
        })
    }

    pub(crate) fn row(&mut self, seq: i64, size: i64, row: &[Cell<'_>]) -> Result<(), StoreError> {
        self.insert.raw_bind_parameter(1, seq)?;
        self.insert.raw_bind_parameter(2, size)?;
        for (cell, position) in row.iter().zip(self.columns) {
            match cell {
                Cell::Value(value) => self
                    .insert
                    .raw_bind_parameter(position + 3, ToSqlOutput::Borrowed(*value))?,
                Cell::Missing => self
                    .insert
                    .raw_bind_parameter(position + 3, fill(self.table, *position, self.now))?,
            }
        }
        self.insert.raw_execute().map_err(refused)?;
        Ok(())
    }

    /// Deletes the row with the same key, if there is one.
    fn replace(
        &mut self,
        row: &[Cell<'_>],
        removed: &mut Vec<(i64, i64)>,
    ) -> Result<(), StoreError> {
        let Some(replace) = &mut self.replace else {
            return Ok(());
        };
        for (parameter, position) in self.table.key.iter().enumerate() {
            let given = self.columns.iter().position(|column| column == position);
            let value = match given.and_then(|index| row.get(index)) {
                Some(Cell::Value(value)) => *value,
                Some(Cell::Missing) | None => fill_value(self.table, *position, self.now),
            };
            replace.raw_bind_parameter(parameter + 1, ToSqlOutput::Borrowed(value))?;
        }
        let mut rows = replace.raw_query();
        while let Some(row) = rows.next()? {
            removed.push((row.get(0)?, row.get(1)?));
        }
        Ok(())
    }
}

fn fill<'a>(table: &'a Table, position: usize, now: &'a Value) -> ToSqlOutput<'a> {
    ToSqlOutput::Borrowed(fill_value(table, position, now))
}

fn fill_value<'a>(table: &'a Table, position: usize, now: &'a Value) -> ValueRef<'a> {
    match table.fill.get(position) {
        Some(Fill::Value(value)) => value.into(),
        Some(Fill::Now) | None => now.into(),
    }
}

fn refused(error: rusqlite::Error) -> StoreError {
    match error {
        rusqlite::Error::SqliteFailure(code, Some(message))
            if code.code == ErrorCode::ConstraintViolation =>
        {
            // `UNIQUE constraint failed: stream_1.a, stream_1.b`
            let columns: Vec<&str> = message
                .split([' ', ','])
                .filter_map(|word| word.strip_prefix("stream_")?.split_once('.'))
                .map(|(_, column)| column)
                .collect();
            let columns = columns.join(", ");
            StoreError::invalid(
                "data",
                format!("another row has the same value of {columns}, which is unique"),
            )
        }
        // A function that a column's expression calls.
        rusqlite::Error::SqliteFailure(code, Some(message)) if code.code == ErrorCode::Unknown => {
            let words = format!("the expression of a column fails: {message}");
            StoreError::invalid("data", words)
        }
        other => StoreError::Sqlite(other),
    }
}

/// Names the row, counted from 0.
fn at_row(error: StoreError, index: usize) -> StoreError {
    match error {
        StoreError::Invalid { field, message } if field == "data" => {
            StoreError::invalid(format!("data[{index}]"), message)
        }
        other => other,
    }
}
