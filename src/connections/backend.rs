//! The backend behind a connection, where people sign in to it.

use weir_api::{System, auth::Credential, session};

use super::{Auth, Connection};
use crate::http::Endpoint;

/// Of Timeplus: where its API is. Others, and whatever is used with the session of the backend this
/// console came from, are paths of that one.
pub fn backend(connection: &Connection) -> Endpoint {
    let root = match connection.system() {
        System::Timeplus if connection.auth != Auth::Session => connection.url.as_str(),
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
