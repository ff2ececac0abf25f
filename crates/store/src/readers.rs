//! Connections that read. Each of them reads the definitions of all tables when it is opened, which
//! takes time and memory: they are kept for whoever reads next.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rusqlite::Connection;

use crate::{StoreError, schema::open_reader};

/// Connections kept while nobody reads.
const KEPT: usize = 16;
/// Temporary tables that a connection may be given back with: rows that a query hands from one
/// stage to the next pass through them, and they are empty.
const TABLES: i64 = 64;

#[derive(Default)]
pub(crate) struct Readers(Mutex<Vec<Connection>>);

impl Readers {
    pub(crate) fn read<T>(
        &self,
        file: &Path,
        read: impl FnOnce(&Connection) -> T,
    ) -> Result<T, StoreError> {
        let kept = self.kept().pop();
        let conn = match kept {
            Some(conn) => conn,
            None => open_reader(file)?,
        };
        // Where it panics, the connection is not kept.
        let outcome = read(&conn);
        if is_as_new(&conn) {
            let mut kept = self.kept();
            if kept.len() < KEPT {
                kept.push(conn);
            }
        }
        Ok(outcome)
    }

    /// Closes those that nobody reads with.
    pub(crate) fn close(&self) {
        self.kept().clear();
    }

    fn kept(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether another one can read with it: no transaction is left open, and nothing grows.
fn is_as_new(conn: &Connection) -> bool {
    let tables = || -> rusqlite::Result<i64> {
        conn.prepare_cached("SELECT count(*) FROM temp.sqlite_schema")?
            .query_row([], |row| row.get(0))
    };
    conn.is_autocommit() && tables().is_ok_and(|tables| tables <= TABLES)
}
