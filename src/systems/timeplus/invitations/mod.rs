//! Invitations: a link with which somebody becomes a user.

pub mod form;
pub mod list;

pub use form::page as create_page;
pub use list::page as list_page;

pub const SEGMENT: &str = "invitations";
pub const KIND: &str = "invitation";
