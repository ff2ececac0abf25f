//! The backend over HTTP: one file for each part of its addresses.

/// Clippy lets helpers of tests `expect` only inside `cfg(test)`.
#[cfg(test)]
mod api {
    mod alerts;
    mod api_keys;
    mod audit;
    mod azion;
    mod common;
    mod console;
    mod crash;
    mod dashboards;
    mod dataworks;
    mod definitions;
    mod deletes;
    mod external;
    mod functions;
    mod ingest;
    mod invitations;
    mod live;
    mod materialized_views;
    mod metrics;
    mod oidc;
    mod operation;
    mod origins;
    mod queries;
    mod receiver;
    mod relay;
    mod revisions;
    mod secmaster;
    mod signin;
    mod sinks;
    mod sources;
    mod statements;
    mod streams;
    mod topology;
    mod users;
    mod views;
}
