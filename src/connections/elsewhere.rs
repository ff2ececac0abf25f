//! Signing in and out in other tabs of the browser: they share its cookie, so that a page left as
//! it was would go on under another name.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use weir_api::auth::Credential;

use super::{
    Auth, Connection, Connections,
    backend::backend,
    status::{Access, Status},
};
use crate::storage;

const KEY: &str = "weir.session";

#[derive(Serialize, Deserialize)]
struct Change {
    /// The backend whose cookie changed, or the connection whose credential was forgotten.
    place: String,
    /// Who is signed in now.
    user: Option<String>,
    /// Milliseconds since 1970: two changes are never the same text, which would not be told.
    at: u64,
}

fn place(connection: &Connection) -> String {
    match connection.auth {
        Auth::Session => backend(connection).base,
        _ => connection.id.clone(),
    }
}

/// Tells the other tabs.
pub(super) fn tell(connection: &Connection, user: Option<&str>) {
    // A credential that is typed belongs to the tab it was typed in.
    if connection.auth != Auth::Session && user.is_some() {
        return;
    }
    let change = Change {
        place: place(connection),
        user: user.map(String::from),
        at: js_sys::Date::now() as u64,
    };
    storage::write(KEY, &change);
}

/// Once in the application.
pub fn listen(connections: Connections) {
    storage::on_change(KEY.into(), move |text| {
        let text = text.unwrap_or_default();
        let Ok(change) = serde_json::from_str::<Change>(&text) else {
            return;
        };
        let all = connections.all.get_untracked().unwrap_or_default();
        for connection in all.iter().filter(|one| place(one) == change.place) {
            if connection.auth != Auth::Session {
                connections.set_credential(&connection.id, Credential::None);
            }
            let user = change.user.clone();
            connections
                .statuses
                .change(&connection.id, |status| take(status, user));
        }
    });
}

/// Pages of another name are closed, and with them what they read; those of the same go on.
fn take(status: &mut Status, user: Option<String>) {
    if status.access == Access::Unknown {
        return;
    }
    match user {
        None => {
            status.close();
            status.elsewhere = true;
        }
        Some(user) if status.user.as_ref() == Some(&user) => status.open(Some(user)),
        Some(_) => {
            status.close();
            status.access = Access::Unknown;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_another_name_are_closed() {
        let ann = || Some("ann".to_string());
        let after = |access, user: Option<&str>| {
            let mut status = Status::default();
            status.open(ann());
            status.access = access;
            take(&mut status, user.map(String::from));
            (status.access, status.user)
        };
        assert_eq!(after(Access::Open, None), (Access::SignedOut, None));
        let mut told = Status::default();
        told.open(ann());
        take(&mut told, None);
        assert!(told.elsewhere);
        told.open(ann());
        assert!(!told.elsewhere);
        assert_eq!(after(Access::Open, Some("bob")), (Access::Unknown, None));
        assert_eq!(after(Access::Open, Some("ann")), (Access::Open, ann()));
        assert_eq!(after(Access::Expired, Some("ann")), (Access::Open, ann()));
        assert_eq!(after(Access::Unknown, Some("bob")).0, Access::Unknown);
    }
}
