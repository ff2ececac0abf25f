//! What this console did, for servers that keep no audit log: kept in this browser, without bodies,
//! so that no secret can be in it.

use serde::{Deserialize, Serialize};
use weir_api::ApiError;

use super::event::Event;
use crate::{
    http::{Endpoint, SentChange},
    storage,
    ui::time,
};

/// Entries of one address; older ones go.
const MOST: usize = 500;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Entry {
    /// Milliseconds since 1970.
    at: f64,
    method: String,
    path: String,
    status: u16,
}

/// Told of every call that may change something.
pub fn keep(endpoint: &Endpoint, change: &SentChange, outcome: Result<(), &ApiError>) {
    let status = match outcome {
        Ok(()) => 200,
        Err(error) => error.status().unwrap_or_default(),
    };
    let mut all = stored(endpoint);
    all.push(Entry {
        at: js_sys::Date::now(),
        method: change.method.as_str().into(),
        path: change.path.clone(),
        status,
    });
    let over = all.len().saturating_sub(MOST);
    all.drain(..over);
    storage::write(&place(endpoint), &all);
}

/// The newest first.
pub fn events(endpoint: &Endpoint, who: &str) -> Vec<Event> {
    stored(endpoint)
        .iter()
        .rev()
        .map(|entry| event(entry, who))
        .collect()
}

fn event(entry: &Entry, who: &str) -> Event {
    let path = entry.path.split('?').next().unwrap_or_default();
    let mut parts = path.rsplit('/').filter(|part| !part.is_empty());
    let last = parts.next().unwrap_or_default();
    let action = match entry.method.as_str() {
        "POST" => "create",
        "DELETE" => "delete",
        _ => "update",
    };
    Event {
        at: time::iso(entry.at),
        who: who.into(),
        action: action.into(),
        name: weir_api::request::decode(last),
        status: entry.status,
        detail: format!("{} {}", entry.method, entry.path),
        ..Event::default()
    }
}

fn stored(endpoint: &Endpoint) -> Vec<Entry> {
    storage::read(&place(endpoint)).unwrap_or_default()
}

fn place(endpoint: &Endpoint) -> String {
    format!("weir.journal.{}", endpoint.base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_reads_as_an_event() {
        let entry = Entry {
            at: 0.0,
            method: "DELETE".into(),
            path: "/siem/shippers/a%20b?x=1".into(),
            status: 403,
        };
        let event = event(&entry, "ada");
        assert_eq!(
            (event.name.as_str(), event.action.as_str()),
            ("a b", "delete")
        );
        assert!(event.failed() && event.detail.contains("/siem/shippers"));
    }
}
