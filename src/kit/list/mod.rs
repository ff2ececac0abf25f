//! The page with all resources of a kind: found, sorted, grouped, selected, with figures that come
//! later.

pub mod bar;
mod export;
pub mod files;
pub mod filters;
pub mod groups;
pub mod menu;
pub mod rows;
mod selection;
mod spec;
pub mod states;
pub mod view;

pub use spec::{ColumnNames, List, Narrow};
pub use view::ListView;
