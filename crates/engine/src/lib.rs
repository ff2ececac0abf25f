//! The embedded backend's streaming SQL: a documented subset of Timeplus SQL, parsed by
//! `sqlparser`, typed here, executed by SQLite.
//!
//! [`parse`] → [`plan`] (types, the header) → [`Runner`] (rows). SQLite holds the rows of each
//! stream as described at [`codec`]; a streaming query reads what was committed since its last
//! step, an aggregating one keeps its state in [`functions::aggregate`] accumulators, which are the
//! same that SQLite calls for queries over history.

pub mod catalog;
pub mod codec;
mod error;
mod format;
pub mod functions;
mod parse;
mod plan;
mod run;
mod types;
pub mod udf;
mod value;

pub use catalog::{Catalog, ColumnInfo, Outside, StreamInfo};
pub use error::{Position, SqlError};
pub use format::format;
pub use parse::{Control, Ddl, Given, Insert, Select, Statement, bind, parameters, parse};
pub use plan::{Bring, Plan, Seek, analyze, expression_sql, plan, plan_tables};
pub use run::{Checkpoint, NodeStats, Runner, RunnerStats, Step};
