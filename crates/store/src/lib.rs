//! The embedded backend's storage: streams and their rows in one SQLite file in WAL mode.
//!
//! One thread writes ([`Store::append`] and every change of metadata go through it); readers have
//! connections of their own and never wait for it. What is acknowledged is on disk.

mod append;
mod define;
mod effects;
mod error;
mod function;
pub mod ingest;
mod materialized;
mod meta;
mod retention;
mod schema;
mod segments;
mod stats;
mod store;
mod streams;
mod table;
mod view;
mod writer;

pub use error::StoreError;
pub use function::{Caller, Existing, Function};
pub use materialized::Progress;
pub use store::Store;
pub use view::View;
