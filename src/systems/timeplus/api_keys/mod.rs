//! API keys: for programs that call the API.

pub mod draft;
pub mod form;
pub mod list;

pub use form::page as create_page;
pub use list::page as list_page;

pub const SEGMENT: &str = "api-keys";
pub const KIND: &str = "api-key";
