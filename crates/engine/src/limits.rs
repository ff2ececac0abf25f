//! What a statement may ask for. Set once for the process: every place that reads or runs SQL
//! (requests, definitions, views within views) has to keep the same bounds.

use std::{sync::OnceLock, time::Duration};

use rusqlite::{Connection, limits::Limit};
use serde::Deserialize;

/// Bounds with their defaults. A statement that goes beyond one ends with an error that says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Bytes of a statement.
    pub statement_bytes: usize,
    /// Brackets inside each other.
    pub depth: usize,
    /// Items between two brackets: of an `IN` list, of an array.
    pub list_items: usize,
    /// Operators in one expression, and queries of one `UNION`.
    pub operators: usize,
    /// Calls, elements taken out of something, and, ten times, queries in one statement.
    pub constructs: usize,
    /// Bytes of a statement once aliases, views and `WITH` expressions are replaced by what they
    /// stand for.
    pub expanded_bytes: usize,
    /// Milliseconds that planning a statement may take.
    pub planning_ms: u64,
    /// Bytes of one value, and of one row that is sorted or kept: at least what can be ingested.
    pub value_bytes: usize,
    /// Bytes that the aggregates and the large values of one query hold.
    pub query_memory_bytes: usize,
    /// Those of all queries of one user.
    pub user_memory_bytes: usize,
    /// Those of all queries together.
    pub memory_bytes: usize,
    /// Bytes of one query's temporary files: what it sorts, joins and makes distinct.
    pub query_disk_bytes: u64,
    /// Seconds that a query over history may run. A query that follows a stream has no such end.
    pub query_seconds: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            statement_bytes: 1 << 20,
            depth: 48,
            list_items: 100_000,
            operators: 300,
            constructs: 20_000,
            expanded_bytes: 4 << 20,
            planning_ms: 2_000,
            value_bytes: 32 << 20,
            query_memory_bytes: 256 << 20,
            user_memory_bytes: 512 << 20,
            memory_bytes: 1 << 30,
            query_disk_bytes: 4 << 30,
            query_seconds: 600,
        }
    }
}

static LIMITS: OnceLock<Limits> = OnceLock::new();

impl Limits {
    /// To be called before the first statement is read; later calls change nothing.
    pub fn set(self) {
        let _ = LIMITS.set(self);
    }

    /// Those of this process.
    pub fn get() -> Self {
        *LIMITS.get_or_init(Self::default)
    }

    /// Bounds statements and values of a connection that runs what people write.
    pub(crate) fn apply(self, conn: &Connection) -> rusqlite::Result<()> {
        let int = |bytes: usize| i32::try_from(bytes).unwrap_or(i32::MAX);
        let text = self.expanded_bytes.saturating_mul(2);
        conn.set_limit(Limit::SQLITE_LIMIT_LENGTH, int(self.value_bytes))?;
        conn.set_limit(
            Limit::SQLITE_LIMIT_SQL_LENGTH,
            int(text.min(self.value_bytes)),
        )?;
        Ok(())
    }

    pub(crate) fn planning(self) -> Duration {
        Duration::from_millis(self.planning_ms)
    }
}
