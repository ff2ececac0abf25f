//! The embedded backend's streaming SQL: a documented subset of Timeplus SQL, parsed by
//! `sqlparser`, typed here, executed by SQLite.
//!
//! [`mod@parse`] → [`mod@plan`] (types, the header) → [`Runner`] (rows). SQLite holds the rows of each
//! stream as described at [`codec`]; a streaming query reads what was committed since its last
//! step, an aggregating one keeps its state in [`functions::aggregate`] accumulators, which are the
//! same that SQLite calls for queries over history.

pub mod catalog;
pub mod codec;
mod error;
mod format;
pub mod functions;
mod limits;
mod parse;
mod plan;
pub mod reference;
mod run;
mod typed;
mod types;
pub mod udf;
mod value;
mod working;
mod zone;

pub use catalog::{Catalog, ColumnInfo, DictionaryInfo, Outside, StreamInfo};
pub use error::{Position, SqlError};
pub use format::format;
pub use limits::Limits;
pub use parse::refused::BESIDE_A_MESSAGE;
pub use parse::{ColumnChange, Control, Ddl, Given, Insert, Select, Statement};
pub use plan::{
    Bring, Plan, Seek, analyze, expression_sql, insert_rows, plan, plan_tables, plan_view,
};
pub use run::{Checkpoint, Governed, Governor, NodeStats, Runner, RunnerStats, Step, Turn};
pub use working::{held_by, held_by_all, resting};
pub use zone::check as check_zones;

/// Reads one statement; a closing semicolon is allowed.
pub fn parse(sql: &str) -> Result<Statement, SqlError> {
    parse::parse(sql, functions::is_known)
}

/// The statement that makes a dictionary.
pub fn dictionary_statement(name: &str, info: &DictionaryInfo, description: &str) -> String {
    parse::dictionary_statement(name, info, description)
}

/// Names of the parameters `${name}`, in the order in which they first stand in `sql`.
pub fn parameters(sql: &str) -> Result<Vec<String>, SqlError> {
    parse::parameters(sql, functions::is_known)
}

/// Reads one SELECT whose parameters have these values; a closing semicolon is allowed.
pub fn bind(sql: &str, given: &[(String, Given)]) -> Result<Select, SqlError> {
    parse::bind(sql, given, functions::is_known)
}
