use std::path::PathBuf;

use rusqlite::ErrorCode;
use weir_engine::SqlError;

/// Display is what a person is told.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// What is missing, for example `stream 'x'`.
    #[error("{0} does not exist")]
    NotFound(String),
    /// What is in the way, for example `stream 'x'`.
    #[error("{0} exists")]
    Exists(String),
    /// `field` is a path in the request, for example `columns[2].type`.
    #[error("{field}: {message}")]
    Invalid { field: String, message: String },
    /// Views that would break without it.
    #[error("{name} is used by {}", .views.join(", "))]
    Dependents { name: String, views: Vec<String> },
    #[error(transparent)]
    Sql(#[from] SqlError),
    #[error("{}", plainly(.0))]
    Sqlite(#[from] rusqlite::Error),
    /// The transaction that held the change was not committed; nothing of it is stored.
    #[error("not stored: {0}")]
    Commit(String),
    #[error("{}: {source}", .path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} is in use by another running backend", .0.display())]
    Locked(PathBuf),
    /// What is stored about a stream or view cannot be read.
    #[error("'{name}' cannot be read: {reason}")]
    Damaged { name: String, reason: String },
    /// What SQLite would drop without a word.
    #[error(
        "weir.db-wal, the database's log of what was written last, cannot be used ({0}): keep a copy \
         of the data folder, and put a backup of both files in their place; without weir.db-wal the \
         backend starts with what was there before"
    )]
    Log(String),
    #[error("stream '{0}' is written by the backend only, and nobody changes or deletes it")]
    Protected(String),
    #[error(
        "the secrets in the database were encrypted with another key: put secrets.key back beside \
         the database, or set WEIR_SECRET_KEY to the right one"
    )]
    WrongKey,
    #[error(
        "the database has version {found}, this program knows up to version {known}: start a newer \
         program, or put back the copy weir.db.version-{known}"
    )]
    Newer { found: u32, known: u32 },
    #[error("the store is closed")]
    Closed,
}

impl StoreError {
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Invalid {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// What a person can do about it, where the library names only the state of the file.
fn plainly(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt) => format!(
            "the database weir.db is damaged ({error}): stop the backend, keep a copy of the data \
             folder, and put a backup in its place, or what the command '.recover' of sqlite3 saves"
        ),
        Some(ErrorCode::NotADatabase) => format!(
            "weir.db is no database, or damaged at its beginning ({error}): put a backup in its place"
        ),
        Some(ErrorCode::DiskFull) => {
            format!("the disk is full ({error}): make room and try again; what was stored is safe")
        }
        Some(ErrorCode::SystemIoFailure) => format!(
            "the disk cannot be read or written ({error}): it is full, or failing; what was stored \
             is safe"
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen) => format!(
            "weir.db cannot be written ({error}): the file, its folder or its disk is read-only"
        ),
        _ => error.to_string(),
    }
}
