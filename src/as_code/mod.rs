//! A whole connection as a folder of files, and back: what differs, and making it so.

pub mod apply;
pub mod export;
pub mod gather;
pub mod import;
pub mod plan;
pub mod plan_table;
#[cfg(test)]
mod round_trip;
