//! Who did what on a connection, with what a thing was before and after.

pub mod event;
pub mod filter;
pub mod journal;
pub mod page;
mod row;
