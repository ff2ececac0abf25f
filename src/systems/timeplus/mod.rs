//! Timeplus REST v1beta2.

pub mod activity;
pub mod alerts;
pub mod cluster;
pub mod dashboards;
pub mod databases;
pub mod dictionaries;
pub mod external;
pub mod external_streams;
pub mod external_tables;
pub mod functions;
pub mod licenses;
pub mod materialized_views;
pub mod pipelines;
pub mod queries;
pub mod saved_queries;
pub mod schemas;
pub mod sinks;
pub mod sources;
pub mod streams;
pub mod views;
