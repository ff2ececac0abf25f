//! The systems a person can administer: which there are, who is signed in to which.

pub mod model;
pub mod store;

pub use model::{Auth, Colour, Connection};
pub use store::{Connections, use_connection, use_endpoint};
