//! The types of sources, sinks, external streams, external tables and alerts, with the properties
//! of each.

pub mod alert_actions;
mod common;
pub mod external_streams;
pub mod external_tables;
pub mod sinks;
pub mod sources;

#[cfg(test)]
mod tests;
