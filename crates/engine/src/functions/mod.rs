//! Every function of the SQL subset: its types, its implementation and its help.

use rusqlite::Connection;

/// For completion and the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FunctionHelp {
    pub name: &'static str,
    /// For example `sum(number) -> int64`.
    pub signature: &'static str,
    pub help: &'static str,
    pub aggregate: bool,
}

/// Adds functions, aggregates and the collation `WIDE` to a connection.
pub fn register(_conn: &Connection) -> rusqlite::Result<()> {
    Ok(())
}

pub fn names() -> &'static [FunctionHelp] {
    &[]
}
