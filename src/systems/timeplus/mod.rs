//! Timeplus REST v1beta2.

pub mod activity;
pub mod alerts;
pub mod api_keys;
pub mod cluster;
pub mod dashboards;
pub mod databases;
pub mod dictionaries;
pub mod functions;
pub mod invitations;
pub mod licenses;
pub mod materialized_views;
pub mod metrics;
pub mod once;
pub mod pipelines;
pub mod queries;
pub mod roles;
pub mod saved_queries;
pub mod sinks;
pub mod sources;
pub mod streams;
pub mod subscription;
pub mod topology;
pub mod users;
pub mod views;
pub mod workspace;
