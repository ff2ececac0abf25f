//! The systems a person can administer: which there are, who is signed in to which.

mod hooks;
pub mod keep;
pub mod model;
pub mod session;
pub mod status;
pub mod store;

pub use hooks::{use_connection, use_connection_id, use_endpoint, use_returns};
pub use model::{Auth, Colour, Connection};
pub use store::Connections;
