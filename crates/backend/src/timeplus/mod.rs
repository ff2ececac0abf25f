//! The resources of Timeplus REST v1beta2.

pub(crate) mod api_keys;
pub(crate) mod info;
pub(crate) mod ingest;
pub(crate) mod sql;
pub(crate) mod streams;
pub(crate) mod views;
pub(crate) mod workspace;
