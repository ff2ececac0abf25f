//! The engine over real rows in SQLite.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod aggregates;
mod attacks;
mod bombs;
mod checkpoints;
mod constructs;
mod corpus;
mod ddl;
mod dictionaries;
mod ends;
mod errors;
mod exact;
mod expressions;
mod fixture;
mod formatting;
mod functions;
mod history;
mod joins;
mod keyed_joins;
mod months;
mod parameters;
mod parts;
mod peers;
mod rewind;
mod streaming;
mod subtotals;
