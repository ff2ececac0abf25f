//! Timeplus REST v1beta2. Paths are relative to the API base, for example
//! `http://127.0.0.1:8000/default/api`; the console builds it.

pub mod alert;
pub mod api_key;
pub mod by_sql;
pub mod cluster;
pub mod dashboard;
pub mod database;
pub mod dictionary;
mod error;
pub mod event;
pub mod exec;
pub mod external_stream;
pub mod external_table;
pub mod info;
pub mod ingest;
pub mod invitation;
pub mod license;
pub mod materialized_view;
pub mod metrics;
pub mod pipeline;
pub mod probe;
pub mod query;
pub mod quote;
pub mod read_only;
pub mod role;
pub mod saved_query;
pub mod schema;
pub mod sink;
pub mod source;
pub mod sql;
pub mod statement;
pub mod stream;
pub mod stream_ddl;
pub mod subscription;
pub mod topology;
pub mod types;
pub mod udf;
pub mod user;
pub mod view;
pub mod workspace;

pub use error::read as error;

/// `{root}/{workspace}/api`, without a trailing slash.
pub fn base(root: &str, workspace: &str) -> String {
    format!(
        "{}/{}/api",
        root.trim_end_matches('/'),
        crate::request::encode(workspace)
    )
}
