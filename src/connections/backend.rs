//! The backend behind a connection, where people sign in to it.

use weir_api::{System, auth::Credential, session};

use super::Connection;
use crate::http::Endpoint;

/// Of Timeplus: where its API is. Others, and what is relayed, are paths of the backend this console
/// came from.
pub fn backend(connection: &Connection) -> Endpoint {
    let root = match connection.system() {
        System::Timeplus if !connection.url.starts_with('/') => connection.url.as_str(),
        _ => "",
    };
    Endpoint {
        system: System::Timeplus,
        base: session::base(root),
        signed_base: None,
        common: Vec::new(),
        database: String::new(),
        credential: Credential::None,
        look_only: false,
        azion_v4: false,
    }
}
