//! Dashboards: panels over live queries on a grid.

pub mod board;
pub mod feed;
pub mod geo;
pub mod layout;
pub mod markdown;
pub mod number;
pub mod options;
pub mod pick;
pub mod plot;
pub mod range;
pub mod single;
pub mod variables;
