//! The console as a person meets it. Each test has a backend and a browser of its own.

mod accessibility;
mod alerts;
mod api_keys;
mod azion;
mod charts;
mod connections;
mod dashboards;
mod deep_links;
mod dist;
mod exact;
mod external_streams;
mod external_tables;
mod functions;
mod ingest_errors;
mod keyboard;
mod main_job;
mod materialized_views;
mod revisions;
mod saved_queries;
mod schemas;
mod signing_in;
mod sinks;
mod sources;
mod topology;
mod users;
mod views;
