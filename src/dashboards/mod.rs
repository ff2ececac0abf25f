//! Dashboards: panels over live queries on a grid.

pub mod layout;
pub mod markdown;
pub mod number;
pub mod options;
pub mod pick;
pub mod plot;
pub mod variables;
