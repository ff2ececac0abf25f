//! The embedded backend's storage: streams and their rows in one SQLite file in WAL mode.
//!
//! One thread writes ([`Store::append`] and every change of metadata go through it); readers have
//! connections of their own and never wait for it. What is acknowledged is on disk.

mod alter;
mod append;
mod define;
mod delete;
mod effects;
mod error;
mod external;
mod format_schemas;
mod function;
pub mod ingest;
mod materialized;
mod meta;
mod readers;
mod rename;
mod retention;
mod schema;
mod scratch;
mod sealed;
mod secret_key;
mod segments;
mod statement;
mod stats;
mod store;
mod streams;
mod table;
mod upgrade;
mod view;
mod wal;
mod writer;

pub use error::StoreError;
pub use external::{External, ExternalKind};
pub use format_schemas::Put;
pub use function::{Caller, Existing, Function};
pub use materialized::Progress;
pub use scratch::Scratch;
pub use secret_key::SecretKey;
pub use store::Store;
pub use upgrade::{DATABASE_VERSION, database_version};
pub use view::View;
