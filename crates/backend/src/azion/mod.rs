//! Azion Data Streaming, version 3, at the vendor's own paths: logs of this backend, sent
//! elsewhere in batches.

mod body;
mod domains;
mod error;
mod guard;
mod record;
mod routes;
mod run;
mod send;
mod source;
mod storage;
mod streamings;
mod templates;

pub(crate) use routes::routes;
pub(crate) use streamings::Streamings;

/// Of every answer.
const SCHEMA_VERSION: u32 = 3;

/// What permissions of API keys and the audit log call it.
const KIND: &str = "streaming";
