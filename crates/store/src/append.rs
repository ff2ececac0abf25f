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
        if insert.is_late(&row)? {
            continue;
        }
        seq += 1;
        let kept = insert.kept(&row)?;
        insert.replace(&row, &mut delta.removed)?;
        let done = insert.merged(seq, i64::from(*size), &row, kept.as_deref());
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
    later: Option<CachedStatement<'a>>,
    before: Option<CachedStatement<'a>>,
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
        let later = table
            .later
            .as_ref()
            .map(|(sql, _)| conn.prepare_cached(sql));
        let before = table
            .families
            .as_ref()
            .map(|(_, sql)| conn.prepare_cached(sql));
        let (later, before) = (later.transpose()?, before.transpose()?);
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
            later,
            before,
            now,
        })
    }

    /// Whether there is a row of the same key that is of a later version.
    fn is_late(&mut self, row: &[Cell<'_>]) -> Result<bool, StoreError> {
        let (Some(later), Some((_, column))) = (&mut self.later, &self.table.later) else {
            return Ok(false);
        };
        let positions = self.table.key.iter().chain([column]);
        for (parameter, position) in positions.enumerate() {
            let value = given(self.table, self.columns, self.now, row, *position);
            later.raw_bind_parameter(parameter + 1, ToSqlOutput::Borrowed(value))?;
        }
        Ok(later.raw_query().next()?.is_some())
    }

    /// Of the row of the same key, where rows are not replaced as a whole: for each column the
    /// value that stays.
    fn kept(&mut self, row: &[Cell<'_>]) -> Result<Option<Vec<Option<Value>>>, StoreError> {
        let (Some(before), Some((families, _))) = (&mut self.before, &self.table.families) else {
            return Ok(None);
        };
        for (parameter, position) in self.table.key.iter().enumerate() {
            let value = given(self.table, self.columns, self.now, row, *position);
            before.raw_bind_parameter(parameter + 1, ToSqlOutput::Borrowed(value))?;
        }
        let mut found = before.raw_query();
        let Some(known) = found.next()? else {
            return Ok(None);
        };
        let is_given = |position: &usize| {
            let index = self.columns.iter().position(|column| column == position);
            matches!(index.and_then(|index| row.get(index)), Some(Cell::Value(_)))
        };
        let replaced = |position: &usize| {
            let mut families = families.iter();
            self.table.key.contains(position)
                || families.any(|family| family.contains(position) && family.iter().all(is_given))
        };
        let mut kept = Vec::with_capacity(self.table.fill.len());
        for position in 0..self.table.fill.len() {
            kept.push(match replaced(&position) {
                true => None,
                false => Some(known.get(position)?),
            });
        }
        Ok(Some(kept))
    }

    /// As [`Self::row`], with what stays of the row before.
    fn merged(
        &mut self,
        seq: i64,
        size: i64,
        row: &[Cell<'_>],
        kept: Option<&[Option<Value>]>,
    ) -> Result<(), StoreError> {
        let Some(kept) = kept else {
            return self.row(seq, size, row);
        };
        self.insert.raw_bind_parameter(1, seq)?;
        self.insert.raw_bind_parameter(2, size)?;
        for (position, kept) in kept.iter().enumerate() {
            let value = match kept {
                Some(value) => value.into(),
                None => given(self.table, self.columns, self.now, row, position),
            };
            self.insert
                .raw_bind_parameter(position + 3, ToSqlOutput::Borrowed(value))?;
        }
        self.insert.raw_execute().map_err(refused)?;
        // What no row gives is bound once for all rows.
        for position in 0..kept.len() {
            if !self.columns.contains(&position) {
                let value = fill(self.table, position, self.now);
                self.insert.raw_bind_parameter(position + 3, value)?;
            }
        }
        Ok(())
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
            let value = given(self.table, self.columns, self.now, row, *position);
            replace.raw_bind_parameter(parameter + 1, ToSqlOutput::Borrowed(value))?;
        }
        let mut rows = replace.raw_query();
        while let Some(row) = rows.next()? {
            removed.push((row.get(0)?, row.get(1)?));
        }
        Ok(())
    }
}

/// A row's value of a column, or what fills it.
fn given<'a>(
    table: &'a Table,
    columns: &[usize],
    now: &'a Value,
    row: &[Cell<'a>],
    position: usize,
) -> ValueRef<'a> {
    let index = columns.iter().position(|column| *column == position);
    match index.and_then(|index| row.get(index)) {
        Some(Cell::Value(value)) => *value,
        Some(Cell::Missing) | None => fill_value(table, position, now),
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
