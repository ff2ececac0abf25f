//! The connection of the page: what components ask for.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use weir_api::{System, capability::Capabilities, role::Role};

use super::{Connection, Connections, status::Server};
use crate::{http::Endpoint, paths, ui::Permit};

/// The id in the URL's `/c/{connection}`, whether there is such a connection or not.
pub fn use_connection_id() -> Memo<Option<String>> {
    let path = use_location().pathname;
    Memo::new(move |_| path.with(|path| paths::connection_in(path).map(String::from)))
}

/// The connection named by the URL's `/c/{connection}`.
pub fn use_connection() -> Memo<Option<Connection>> {
    let connections = expect_context::<Connections>();
    let id = use_connection_id();
    Memo::new(move |_| connections.find(&id.get()?))
}

/// Where calls of the URL's connection go.
pub fn use_endpoint() -> Memo<Option<Endpoint>> {
    let connections = expect_context::<Connections>();
    let connection = use_connection();
    Memo::new(move |_| {
        let connection = connection.get()?;
        Some(connections.endpoint(&connection))
    })
}

/// Grows when the system can be used again after it could not: after a break of the network and
/// after signing in again. Lists and details read it so that they load again; forms do not, so
/// that nothing typed is lost.
pub fn use_returns() -> Memo<u32> {
    let connections = expect_context::<Connections>();
    let id = use_connection_id();
    Memo::new(move |_| {
        id.get()
            .map_or(0, |id| connections.statuses.get(&id).returns)
    })
}

/// The server of the URL's connection, once it was asked. Only those of Timeplus differ.
pub fn use_server() -> Memo<Option<Server>> {
    let connections = expect_context::<Connections>();
    let connection = use_connection();
    Memo::new(move |_| {
        let connection = connection.get()?;
        if connection.system() != System::Timeplus {
            let statuses = connections.statuses;
            let azion_v4 = statuses.with(&connection.id, |status| status.azion_v4.is_some());
            return Some(Server::of(connection.system(), azion_v4));
        }
        connections
            .statuses
            .with(&connection.id, |status| status.server.clone())
    })
}

/// Who is signed in to the URL's connection, as far as is known.
pub fn use_user() -> Memo<Option<String>> {
    let connections = expect_context::<Connections>();
    let id = use_connection_id();
    Memo::new(move |_| {
        let id = id.get()?;
        connections.statuses.with(&id, |status| status.user.clone())
    })
}

/// What the server of the URL's connection can do: everything until it was asked.
pub fn use_capabilities() -> Signal<Capabilities> {
    let server = use_server();
    Signal::derive(move || {
        server.with(|server| server.as_ref().map_or(Capabilities::all(), |it| it.can))
    })
}

/// Everything is allowed where the role is not known: the server has the last word anyway.
pub fn use_may_change() -> Permit {
    let connections = expect_context::<Connections>();
    let id = use_connection_id();
    let connection = use_connection();
    let look_only =
        Memo::new(move |_| connection.with(|it| it.as_ref().is_some_and(|it| it.look_only)));
    let denied = Memo::new(move |_| {
        let id = id.get().unwrap_or_default();
        look_only.get()
            || connections
                .statuses
                .with(&id, |status| status.role == Some(Role::ReadOnly))
    });
    let reason = Signal::derive(move || match denied.get() {
        true if look_only.get() => "This connection is read-only.".into(),
        true => format!("Your role {} cannot make changes.", Role::ReadOnly.as_str()),
        false => String::new(),
    });
    Permit {
        denied: denied.into(),
        reason,
    }
}
