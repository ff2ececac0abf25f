//! Live query results in a bounded columnar ring, and what is computed from it. Does no input or
//! output and reads no clock: times come from the caller.
//!
//! Rows have absolute numbers from 0 in order of arrival; a row keeps its number while older rows
//! are dropped.

mod arena;
mod cell;
mod chunk;
mod column;
mod json;
mod number;
mod ring;
mod scan;
mod time;

pub use cell::Cell;
pub use number::{Exact, Scaled};
pub use ring::{Cells, Limits, Pushed, Ring, RingColumn, RowsError};
pub use scan::{Fault, MAX_DEPTH};
pub use time::Time;
