//! What surrounds a form whatever it edits: what depends on it, and what follows when the server has
//! taken it.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::NavigateOptions;

use super::super::{Names, created::Created, dependents::dependents};
use crate::{
    connections::{use_capabilities, use_endpoint, use_user},
    paths,
    text::capital,
    ui::{Confirm, Toasts, use_toasts},
};

/// Asked before somebody changes the user that they are signed in as.
pub(super) fn own_account(key: &str) -> Option<Confirm> {
    let own = use_user().with_untracked(|user| user.as_deref() == Some(key));
    own.then(|| Confirm {
        title: "Change your own account?".into(),
        consequences: vec![
            "If you remove your own permissions, you cannot restore them yourself.".into(),
            "A new password ends your other sessions.".into(),
        ],
        action: "Change my account".into(),
        danger: true,
        type_name: None,
    })
}

/// A sentence for each thing that depends on the `one` of this key; they come later.
pub(super) fn use_dependents(one: &'static str, key: String) -> Signal<Vec<String>> {
    let depends = RwSignal::new(Vec::new());
    let can = use_capabilities();
    if let Some(endpoint) = use_endpoint().get_untracked() {
        spawn_local(async move {
            let found = dependents(&endpoint, can.get_untracked(), one, &[key]).await;
            // The form may be left meanwhile.
            depends.try_set(found);
        });
    }
    depends.into()
}

/// What was saved.
pub(super) struct Outcome {
    /// Empty where the server did not tell what it made.
    pub(super) key: String,
    pub(super) name: String,
    pub(super) is_new: bool,
    /// The server is still applying it.
    pub(super) pending: bool,
}

/// Says what was saved and leads to its page, or to the list where it is not known.
pub(super) fn use_saved(connection: String, names: Names) -> Callback<Outcome> {
    let (toasts, created) = (use_toasts(), Created::of_shell());
    let navigate = StoredValue::new_local(paths::use_navigate());
    Callback::new(move |outcome: Outcome| {
        say(toasts, names.one, &outcome);
        let list = paths::section(&connection, names.segment);
        if let (Some(created), true) = (created, outcome.is_new) {
            created.put(&list, &outcome.key, &outcome.name);
        }
        let to = match outcome.key.is_empty() {
            true => list,
            false => paths::item(&connection, names.segment, &outcome.key),
        };
        navigate.with_value(|go| go(&to, NavigateOptions::default()));
    })
}

fn say(toasts: Toasts, one: &str, outcome: &Outcome) {
    let verb = if outcome.is_new { "created" } else { "changed" };
    let still = match outcome.pending {
        true => "; the server is still applying it",
        false => "",
    };
    toasts.success(format!("{} {} {verb}{still}", capital(one), outcome.name));
}
