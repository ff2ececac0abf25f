//! The values of an `INSERT`.

use std::time::Instant;

use rusqlite::Connection;
use sqlparser::ast::Expr;

use super::{scope::Scope, statement::row_value};
use crate::{
    Insert, Limits, SqlError, codec, functions,
    parse::{Cell, Rows},
};

/// SQLite's operations between two looks at the clock.
const OPERATIONS: i32 = 1000;

/// The rows of `VALUES`, each value as JSON text to be decoded by the type of its column. Expressions are
/// computed here.
pub fn insert_rows(insert: &Insert) -> Result<Vec<Vec<String>>, SqlError> {
    let mut conn = None;
    let Rows::Values(values) = &insert.rows else {
        return Ok(Vec::new());
    };
    let mut rows = Vec::with_capacity(values.len());
    for cells in values {
        let mut row = Vec::with_capacity(cells.len());
        for cell in cells {
            row.push(match cell {
                Cell::Literal(json) => json.clone(),
                Cell::Computed(expr, span) => {
                    let conn = match &mut conn {
                        Some(conn) => conn,
                        none => none.insert(calculator()?),
                    };
                    constant(conn, expr).map_err(|error| error.or_at(*span))?
                }
            });
        }
        rows.push(row);
    }
    Ok(rows)
}

/// Within the limits of planning, for that is what this belongs to.
pub(super) fn calculator() -> Result<Connection, SqlError> {
    let conn = Connection::open_in_memory()?;
    functions::register(&conn)?;
    let limits = Limits::get();
    limits.apply(&conn)?;
    let (started, time) = (Instant::now(), limits.planning());
    conn.progress_handler(OPERATIONS, Some(move || started.elapsed() > time))?;
    Ok(conn)
}

/// An expression without columns as JSON in wire encoding.
fn constant(conn: &Connection, expr: &Expr) -> Result<String, SqlError> {
    let value = row_value(expr, &Scope::default())?;
    let mut out = Vec::new();
    conn.query_row(&format!("SELECT {}", value.sql), [], |row| {
        codec::encode_row(&mut out, &[value.data_type], &[row.get_ref(0)?]);
        Ok(())
    })?;
    Ok(String::from_utf8_lossy(&out[1..out.len() - 1]).into_owned())
}
