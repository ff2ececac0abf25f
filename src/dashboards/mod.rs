//! Dashboards: panels over live queries on a grid.

pub mod add;
pub mod address;
pub mod board;
pub mod drag;
pub mod editor;
pub mod feed;
pub mod frame;
pub mod geo;
pub mod grid;
pub mod layout;
pub mod markdown;
pub mod number;
pub mod options;
pub mod page;
pub mod panel;
pub mod pick;
pub mod plot;
pub mod png;
pub mod range;
pub mod rows;
pub mod save;
pub mod settings;
pub mod single;
pub mod transfer;
pub mod variables;
