//! Every operation of both revisions of the API, checked against tables written from their
//! specifications: statuses, required fields, types and words of each answer.
//!
//! Runs against this backend, once for each revision, and against any server:
//! `WEIR_COMPLIANCE_URL` (for example `http://127.0.0.1:8000/default/api`),
//! `WEIR_COMPLIANCE_REVISION` (2025 or 2026) and either `WEIR_COMPLIANCE_KEY` or
//! `WEIR_COMPLIANCE_USER` and `WEIR_COMPLIANCE_PASSWORD`. Everything it makes there begins with
//! `wc_` and is deleted again.

/// Clippy lets helpers of tests `expect` only inside `cfg(test)`.
#[cfg(test)]
mod compliance {
    mod administration;
    mod alerts;
    mod dashboards;
    mod definitions;
    mod everything;
    mod external;
    mod flows;
    mod newer;
    mod operations;
    mod queries;
    mod server;
    mod shapes;
    mod streams;
    mod walk;
}
