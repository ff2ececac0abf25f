//! Queries: what runs and ran on the system, live results and pipeline of one.

pub mod cancel;
pub mod detail;
pub mod facts;
pub mod list;
pub mod pipeline;

pub use detail::QueryDetailPage;
pub use list::QueryListPage;
