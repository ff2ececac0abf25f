//! Timeplus REST v1beta2.

pub mod queries;
pub mod streams;
