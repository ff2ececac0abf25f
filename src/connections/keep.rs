//! What this browser keeps between visits. Never a credential in the clear.

use serde::{Serialize, de::DeserializeOwned};
use weir_api::json_response;

use super::model::Connection;

const CONNECTIONS: &str = "weir.connections";
const LAST: &str = "weir.last-connection";
const SIGNING_IN: &str = "weir.signing-in";

fn storage() -> Option<web_sys::Storage> {
    leptos::prelude::window().local_storage().ok().flatten()
}

fn read<T: DeserializeOwned + Default>(key: &str) -> T {
    storage()
        .and_then(|storage| storage.get_item(key).ok().flatten())
        .and_then(|text| json_response(text.as_bytes()).ok())
        .unwrap_or_default()
}

/// A browser that keeps nothing (private mode, full disk) still works until the page is closed.
fn write(key: &str, value: &impl Serialize) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(value)) {
        let _ = storage.set_item(key, &text);
    }
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
    write(CONNECTIONS, &all);
}

pub(super) fn remove_connection(id: &str) {
    let mut all = connections();
    all.retain(|kept| kept.id != id);
    write(CONNECTIONS, &all);
    if let Some(storage) = storage() {
        let _ = storage.remove_item(&format!("weir.favourites.{id}"));
    }
}

/// Statements that were typed or run on a connection: they may hold passwords.
pub(super) fn forget_statements(id: &str) {
    if let Some(storage) = storage() {
        for kind in ["tabs", "closed-tabs", "history", "parameters"] {
            let _ = storage.remove_item(&format!("weir.{kind}.{id}"));
        }
    }
}

/// Somebody goes away to sign in, and comes back in this tab or another.
pub(super) fn set_signing_in(id: &str) {
    write(SIGNING_IN, &Some(id));
}

/// Whether somebody went away to sign in to this connection; once.
pub(super) fn take_signing_in(id: &str) -> bool {
    let signing_in: Option<String> = read(SIGNING_IN);
    let same = signing_in.as_deref() == Some(id);
    if same && let Some(storage) = storage() {
        let _ = storage.remove_item(SIGNING_IN);
    }
    same
}

/// Id of the connection used last.
pub fn last_connection() -> Option<String> {
    read(LAST)
}

pub fn set_last_connection(id: &str) {
    write(LAST, &Some(id));
}
