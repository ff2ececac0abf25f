//! Live query results in a bounded columnar ring, and what is computed from it. Does no input or
//! output and reads no clock: times come from the caller.
//!
//! Rows have absolute numbers from 0 in order of arrival; a row keeps its number while older rows
//! are dropped.

mod arena;
mod breaks;
mod bulk;
mod cell;
mod chart;
mod chunk;
mod column;
pub mod export;
mod filter;
pub mod format;
mod json;
mod moment;
mod natural;
mod number;
mod order;
mod profile;
mod rate;
mod ring;
mod scan;
#[cfg(test)]
mod testing;
mod time;
mod volume;

pub use breaks::{Break, Breaks, GridLine};
pub use cell::Cell;
pub use chart::{
    Aggregate, Bars, BarsSpec, Charter, Line, Lines, LinesSpec, Pen, PlaceLabel, Plane, Points,
    PointsSpec, Raster, Total, X, bars, left_out, points, time_labels, total,
};
pub use filter::{Comparison, Condition, Filter, Operand, Test};
pub use moment::{Moment, Reading};
pub use natural::natural;
pub use number::{Exact, Scaled};
pub use order::{Sorter, sorted, sorted_rows};
pub use profile::{Bin, Extreme, Frequent, Profile, Profiler, Quantiles};
pub use rate::Rate;
pub use ring::{Cells, Limits, Pushed, Ring, RingColumn, Row, RowsError};
pub use scan::{Fault, MAX_DEPTH};
pub use time::Time;
pub use volume::{Arrivals, Bucket, Volume, volume};
