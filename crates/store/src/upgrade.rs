//! The version of the database. A newer program upgrades an older file step by step, and keeps a
//! copy of it from before; an older program refuses a newer file. Of a file without a version there
//! is no copy: the first step only adds, and the copy would hold secrets that are not yet encrypted.

use std::{
    fs,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rusqlite::Connection;

use crate::{StoreError, schema::TABLES};

/// Step `n` leads from version `n` to `n + 1`; each is SQL that a transaction runs. Files of 0.1.0
/// have no version and count as version 0. Steps are added at the end and never changed.
const STEPS: &[&str] = &[TABLES];

/// The version that this program writes.
pub const DATABASE_VERSION: u32 = STEPS.len() as u32;

/// The version of a database file, which is not changed; `None`: there is no file yet.
pub fn database_version(folder: &Path) -> Result<Option<u32>, StoreError> {
    let file = folder.join("weir.db");
    if !file.exists() {
        return Ok(None);
    }
    // SQLite would remove the log beside it, in which everything may be.
    if fs::metadata(&file).is_ok_and(|file| file.len() == 0) {
        return Ok(Some(0));
    }
    let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
    version(&Connection::open_with_flags(&file, flags)?).map(Some)
}

/// Brings an open file to [`DATABASE_VERSION`].
pub(crate) fn upgrade(conn: &mut Connection, file: &Path) -> Result<(), StoreError> {
    run(conn, file, STEPS)
}

fn run(conn: &mut Connection, file: &Path, steps: &[&str]) -> Result<(), StoreError> {
    let found = version(conn)?;
    let known = steps.len() as u32;
    let Some(missing) = steps.get(found as usize..) else {
        return Err(StoreError::Newer { found, known });
    };
    if missing.is_empty() {
        return Ok(());
    }
    if found > 0 {
        copy(conn, &copy_of(file, found))?;
    }
    let transaction = conn.transaction()?;
    for step in missing {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known)?;
    transaction.commit()?;
    Ok(())
}

fn version(conn: &Connection) -> Result<u32, StoreError> {
    Ok(conn.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// `weir.db.version-3` beside `weir.db`.
fn copy_of(file: &Path, version: u32) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(format!(".version-{version}"));
    PathBuf::from(name)
}

/// Whole or not at all: an upgrade that broke off may have left half of one.
fn copy(conn: &Connection, to: &Path) -> Result<(), StoreError> {
    let io = |source| StoreError::Io {
        path: to.to_owned(),
        source,
    };
    let part = to.with_extension("part");
    if part.exists() {
        fs::remove_file(&part).map_err(io)?;
    }
    // Nobody else reads it; an empty file is written to.
    let mut options = fs::OpenOptions::new();
    let made = options.write(true).create_new(true).mode(0o600).open(&part);
    drop(made.map_err(io)?);
    conn.execute("VACUUM INTO ?1", [part.to_string_lossy()])?;
    fs::rename(&part, to).map_err(io)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    const FIRST: &str = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)";
    const SECOND: &str = "ALTER TABLE notes ADD COLUMN author TEXT NOT NULL DEFAULT 'unknown'";

    fn text(file: &Path, sql: &str) -> String {
        let conn = Connection::open(file).expect("file");
        conn.query_row(sql, [], |row| row.get(0)).expect("row")
    }

    #[test]
    fn an_older_file_is_upgraded_and_kept() {
        let dir = tempfile::tempdir().expect("folder");
        let file = dir.path().join("weir.db");
        let mut conn = Connection::open(&file).expect("file");
        run(&mut conn, &file, &[FIRST]).expect("new");
        assert!(
            !copy_of(&file, 0).exists(),
            "nothing to keep of an empty file"
        );
        conn.execute("INSERT INTO notes (text) VALUES ('old')", [])
            .expect("row");

        run(&mut conn, &file, &[FIRST, SECOND]).expect("upgrade");
        assert_eq!(
            text(&file, "SELECT text || author FROM notes"),
            "oldunknown"
        );
        let kept = copy_of(&file, 1);
        assert_eq!(text(&kept, "SELECT text FROM notes"), "old");
        assert_eq!(
            version(&Connection::open(&kept).expect("copy")).expect("version"),
            1
        );
        let mode = fs::metadata(&kept).expect("copy").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{mode:o}");
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        let dir = tempfile::tempdir().expect("folder");
        let file = dir.path().join("weir.db");
        let mut conn = Connection::open(&file).expect("file");
        run(&mut conn, &file, &[FIRST]).expect("new");
        let broken = "DROP TABLE notes; SELECT * FROM nowhere";
        run(&mut conn, &file, &[FIRST, broken]).expect_err("broken");
        assert_eq!(version(&conn).expect("version"), 1);
        assert_eq!(text(&file, "SELECT count(*) || '' FROM notes"), "0");
    }

    #[test]
    fn a_newer_file_is_refused_untouched() {
        let dir = tempfile::tempdir().expect("folder");
        let file = dir.path().join("weir.db");
        let mut conn = Connection::open(&file).expect("file");
        run(&mut conn, &file, &[FIRST, SECOND]).expect("new");
        let error = run(&mut conn, &file, &[FIRST]).expect_err("newer");
        assert!(error.to_string().contains("version 2"), "{error}");
    }

    #[test]
    fn a_database_without_a_version_is_one_of_the_first_release() {
        let dir = tempfile::tempdir().expect("folder");
        let file = dir.path().join("weir.db");
        let conn = Connection::open(&file).expect("file");
        conn.execute_batch(TABLES).expect("tables");
        conn.execute("INSERT INTO views VALUES ('v', '{}')", [])
            .expect("view");
        drop(conn);
        assert_eq!(database_version(dir.path()).expect("version"), Some(0));
        crate::Store::open(dir.path()).expect("store");
        assert_eq!(
            database_version(dir.path()).expect("version"),
            Some(DATABASE_VERSION)
        );
        assert_eq!(text(&file, "SELECT name FROM views"), "v");
        assert!(
            !copy_of(&file, 0).exists(),
            "secrets in it would be in clear"
        );
    }
}
