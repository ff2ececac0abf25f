//! The systems a person can administer: which there are, who is signed in to which.

pub mod again;
pub mod auth;
pub mod backend;
pub mod credential;
pub mod draft;
pub mod elsewhere;
pub mod expiry;
pub mod form;
pub mod form_page;
pub mod home;
pub mod hooks;
pub mod keep;
pub mod list;
pub mod model;
pub mod provider;
pub mod server;
pub mod session;
pub mod sign_in;
pub mod status;
pub mod store;
mod stored;
pub mod system;
pub mod test_result;
pub mod tester;
pub mod vault;
pub mod vendor_test_result;

pub use auth::Auth;
pub use hooks::{
    use_capabilities, use_connection, use_connection_id, use_endpoint, use_may_change, use_returns,
    use_server, use_user,
};
pub use model::{Colour, Connection};
pub use store::Connections;
