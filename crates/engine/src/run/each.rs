//! Running SQLite text row by row, in rounds where it calls functions of people.

use std::{ops::ControlFlow, sync::Arc};

use rusqlite::{Connection, ErrorCode, Statement, StatementStatus, types::ValueRef};

use super::rows::bind;
use crate::{SqlError, udf::library::Library};

/// Bytes of a statement that a connection keeps for the next one that is the same.
const KEPT: usize = 16 << 10;

type Taker<'a> = &'a mut dyn FnMut(&[ValueRef<'_>]) -> Result<ControlFlow<()>, SqlError>;

/// Hands each row of `sql` to `take`, once and in order, until it breaks. Gives the steps of full
/// scans. A statement with unknown results of `library` is run again until all are known; see
/// [`crate::udf::library`].
pub(super) fn each(
    conn: &Connection,
    sql: &str,
    bounds: &[i64],
    library: Option<&Arc<Library>>,
    take: Taker<'_>,
) -> Result<i64, SqlError> {
    let (mut kept, mut once);
    let statement: &mut Statement<'_> = match sql.len() <= KEPT {
        true => {
            kept = conn.prepare_cached(sql)?;
            &mut kept
        }
        false => {
            once = conn.prepare(sql)?;
            &mut once
        }
    };
    statement.reset_status(StatementStatus::FullscanStep);
    match library {
        None => walk(statement, bounds, take)?,
        Some(library) => {
            // Every round has to see the same rows.
            conn.execute_batch("SAVEPOINT _weir_rounds")?;
            let result = rounds(statement, bounds, library, take);
            conn.execute_batch("RELEASE _weir_rounds")?;
            result?;
        }
    }
    Ok(statement.get_status(StatementStatus::FullscanStep).into())
}

fn rounds(
    statement: &mut Statement<'_>,
    bounds: &[i64],
    library: &Library,
    take: Taker<'_>,
) -> Result<(), SqlError> {
    library.begin();
    let mut taken = 0_u64;
    let mut failure = None;
    loop {
        library.begin_round();
        let mut row = 0_u64;
        let result = walk(statement, bounds, &mut |values| {
            row += 1;
            if library.is_waiting() {
                return Ok(match library.is_full() {
                    true => ControlFlow::Break(()),
                    false => ControlFlow::Continue(()),
                });
            }
            if row <= taken {
                return Ok(ControlFlow::Continue(()));
            }
            taken = row;
            take(values).inspect_err(|error| failure = Some(error.clone()))
        });
        if let Some(failure) = failure {
            return Err(failure);
        }
        match result {
            Err(Failed { interrupted, error }) if interrupted || !library.is_waiting() => {
                return Err(error);
            }
            // Something failed over a stand-in; with the result at hand it may not.
            Ok(()) | Err(_) if library.is_waiting() => {
                library.evaluate().map_err(SqlError::new)?;
            }
            _ => return Ok(()),
        }
    }
}

struct Failed {
    interrupted: bool,
    error: SqlError,
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        Self {
            interrupted: error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted),
            error: error.into(),
        }
    }
}

impl From<Failed> for SqlError {
    fn from(failed: Failed) -> Self {
        failed.error
    }
}

fn walk(statement: &mut Statement<'_>, bounds: &[i64], take: Taker<'_>) -> Result<(), Failed> {
    let width = statement.column_count();
    let mut rows = bind(statement, bounds).map_err(|error| Failed {
        interrupted: false,
        error,
    })?;
    while let Some(row) = rows.next()? {
        let mut values = Vec::with_capacity(width);
        for index in 0..width {
            values.push(row.get_ref(index)?);
        }
        let flow = take(&values).map_err(|error| Failed {
            interrupted: false,
            error,
        })?;
        if flow.is_break() {
            break;
        }
    }
    Ok(())
}
