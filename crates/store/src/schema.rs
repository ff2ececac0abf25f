//! The SQLite file: how it is opened and the tables that describe streams. Rows of a stream are in
//! a table of its own, see [`crate::table`].

use std::{
    os::unix::fs::DirBuilderExt,
    path::Path,
    sync::Once,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use rusqlite::{Connection, OpenFlags};
use weir_engine::codec;

use crate::{StoreError, upgrade::upgrade};

const STATEMENTS: usize = 512;
/// Statements that wait for a lock give up after this; within one process there is one writer.
const BUSY: Duration = Duration::from_secs(10);

/// `materialized_views`: where the query of each stands; `saved_at` in unix ms. `segments`: consecutive rows of a stream committed within about ten seconds; `written_at` is
/// the newest commit in unix ms. `stream_activity`: what was written and read in a minute (unix
/// time / 60 s).
pub(crate) const TABLES: &str = "
CREATE TABLE IF NOT EXISTS streams (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    audit TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS functions (
    name TEXT NOT NULL PRIMARY KEY,
    definition TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS views (
    name TEXT NOT NULL PRIMARY KEY,
    definition TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS materialized_views (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    paused INTEGER NOT NULL,
    checkpoint TEXT NOT NULL,
    saved_at INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS externals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS schemas (
    name TEXT NOT NULL PRIMARY KEY,
    definition TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS segments (
    stream_id INTEGER NOT NULL,
    seq_from INTEGER NOT NULL,
    seq_to INTEGER NOT NULL,
    rows INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    written_at INTEGER NOT NULL,
    PRIMARY KEY (stream_id, seq_from)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stream_activity (
    stream_id INTEGER NOT NULL,
    minute INTEGER NOT NULL,
    written_rows INTEGER NOT NULL,
    written_bytes INTEGER NOT NULL,
    read_rows INTEGER NOT NULL,
    read_bytes INTEGER NOT NULL,
    PRIMARY KEY (stream_id, minute)
) WITHOUT ROWID;
";

/// The checkpoint is larger than SQLite's own so that a burst of ingest is not interrupted by it
/// every 4 MiB.
pub(crate) fn open_writer(file: &Path) -> Result<Connection, StoreError> {
    let mut conn = Connection::open(file)?;
    conn.busy_timeout(BUSY)?;
    conn.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA wal_autocheckpoint = 4000;
         PRAGMA journal_size_limit = 67108864;
         PRAGMA cache_size = -65536;
         PRAGMA temp_store = MEMORY;",
    )?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    weir_engine::functions::register(&conn)?;
    upgrade(&mut conn, file)?;
    Ok(conn)
}

/// What all connections of the process use together: memory, and a folder for temporary files that
/// is beside the data and not in the system's, which can be small or in memory.
pub(crate) fn bound_process(conn: &Connection, folder: &Path) -> Result<(), StoreError> {
    static ONCE: Once = Once::new();
    let temporary = folder.join("tmp");
    let mut builder = std::fs::DirBuilder::new();
    let made = builder.recursive(true).mode(0o700).create(&temporary);
    made.map_err(|source| StoreError::Io {
        path: temporary.clone(),
        source,
    })?;
    let mut result = Ok(());
    // The folder is a setting of the process; a second store in it (tests) has the first one's.
    ONCE.call_once(|| {
        let soft = weir_engine::Limits::get().memory_bytes;
        let folder = temporary.to_string_lossy().replace('\'', "''");
        result = conn.execute_batch(&format!(
            "PRAGMA soft_heap_limit = {soft};
             PRAGMA hard_heap_limit = {};
             PRAGMA temp_store_directory = '{folder}';",
            soft.saturating_mul(2)
        ));
    });
    Ok(result?)
}

/// Temporary tables, sorting and grouping go to files where they grow.
pub(crate) fn open_reader(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file, flags)?;
    conn.busy_timeout(BUSY)?;
    conn.execute_batch("PRAGMA temp_store = FILE; PRAGMA cache_size = -8192;")?;
    weir_engine::functions::register(&conn)?;
    Ok(conn)
}

/// Unix milliseconds.
pub(crate) fn now_ms() -> i64 {
    let elapsed = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(elapsed.as_millis()).unwrap_or(i64::MAX)
}

/// `2023-02-01 23:22:59`, UTC.
pub(crate) fn timestamp(ms: i64) -> String {
    let mut text = codec::datetime64_text(ms.div_euclid(1000), 0).replace('T', " ");
    text.truncate(text.len() - 1);
    text
}

/// Unix milliseconds of what [`timestamp`] wrote.
pub(crate) fn timestamp_ms(text: &str) -> Option<i64> {
    codec::parse_instant(text).map(|(seconds, _)| seconds * 1000)
}

pub(crate) fn quote(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
