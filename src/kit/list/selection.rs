//! Rows that are selected, and what can be done with each.

use std::collections::HashSet;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{List, rows::ListRows};
use crate::{
    kit::{created::Created, delete::Failures, use_named_deletion},
    ui::{
        IconName,
        table::{RowAction, RowActionKind},
    },
};

#[derive(Clone, Copy)]
pub(super) struct Selection {
    pub(super) keys: RwSignal<HashSet<String>>,
    /// What could not be deleted.
    pub(super) failures: Failures,
    pub(super) row_actions: Callback<String, Vec<RowAction>>,
    /// To be told of keys that something was done to.
    pub(super) changed: Callback<Vec<String>>,
}

pub(super) fn use_selection(connection: &str, list: &List, rows: ListRows) -> Selection {
    let keys = RwSignal::new(HashSet::new());
    let failures = RwSignal::new(Vec::new());
    let name = Callback::new(move |key: String| rows.name(key));
    let changed = Callback::new(move |gone: Vec<String>| {
        let gone: HashSet<String> = gone.into_iter().collect();
        keys.update(|all: &mut HashSet<String>| all.retain(|key| !gone.contains(key)));
        rows.load.reload();
    });
    let created = use_context::<Created>();
    let here = use_location().pathname.get_untracked();
    let owner = connection.to_string();
    let remove = list.deletion.map(|deletion| {
        let done = move |gone: Vec<String>| {
            if let Some(created) = created {
                created.forget(&here, &gone);
            }
            rows.forget(&owner, &gone.iter().cloned().collect());
            changed.run(gone);
        };
        use_named_deletion(deletion, failures, Callback::new(done), name)
    });
    let (connection, of_row) = (connection.to_string(), list.row_actions);
    let row_actions = Callback::new(move |key: String| {
        let named = name.run(key.clone());
        let mut all = of_row(&connection, &key);
        if named != key {
            for row_action in &mut all {
                row_action.label = row_action.label.replace(&key, &named);
            }
        }
        if let Some(remove) = remove {
            all.push(RowAction {
                label: format!("Delete {named}"),
                icon: IconName::Delete,
                kind: RowActionKind::Run(Callback::new(move |()| remove.run(vec![key.clone()]))),
            });
        }
        all
    });
    Selection {
        keys,
        failures,
        row_actions,
        changed,
    }
}
