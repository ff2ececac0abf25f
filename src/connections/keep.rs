//! Connections and what belongs to them, as this browser keeps them.

use serde::de::DeserializeOwned;
use weir_api::json_response;

use super::model::Connection;
use crate::storage;

const CONNECTIONS: &str = "weir.connections";
const LAST: &str = "weir.last-connection";
const SIGNING_IN: &str = "weir.signing-in";

/// Through the reader of answers: what an older release kept may lack fields.
fn read<T: DeserializeOwned + Default>(key: &str) -> T {
    storage::text(key)
        .and_then(|text| json_response(text.as_bytes()).ok())
        .unwrap_or_default()
}

pub(super) fn connections() -> Vec<Connection> {
    read(CONNECTIONS)
}

pub(super) fn save_connection(connection: Connection) {
    let mut all = connections();
    match all.iter_mut().find(|kept| kept.id == connection.id) {
        Some(kept) => *kept = connection,
        None => all.push(connection),
    }
    storage::write(CONNECTIONS, &all);
}

pub(super) fn remove_connection(id: &str) {
    let mut all = connections();
    all.retain(|kept| kept.id != id);
    storage::write(CONNECTIONS, &all);
    storage::remove(&format!("weir.favourites.{id}"));
}

/// Statements that were typed or run on a connection: they may hold passwords.
pub(super) fn forget_statements(id: &str) {
    for kind in ["tabs", "closed-tabs", "history", "parameters"] {
        storage::remove(&format!("weir.{kind}.{id}"));
    }
}

/// Somebody goes away to sign in, and comes back in this tab or another.
pub(super) fn set_signing_in(id: &str) {
    storage::write(SIGNING_IN, &Some(id));
}

/// Whether somebody went away to sign in to this connection; once.
pub(super) fn take_signing_in(id: &str) -> bool {
    let signing_in: Option<String> = read(SIGNING_IN);
    let same = signing_in.as_deref() == Some(id);
    if same {
        storage::remove(SIGNING_IN);
    }
    same
}

/// Id of the connection used last.
pub fn last_connection() -> Option<String> {
    read(LAST)
}

pub fn set_last_connection(id: &str) {
    storage::write(LAST, &Some(id));
}
