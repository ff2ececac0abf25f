//! What failed on the page's connection, by section, for the navigation.

use std::{collections::BTreeMap, time::Duration};

use leptos::{prelude::*, task::spawn_local};

use super::changes::Changes;
use crate::{
    connections::{Connections, status::Access, use_connection, use_server},
    overview::failed_in,
    registry::groups,
};

const EVERY: Duration = Duration::from_secs(45);
/// The page itself comes first.
const LATER: Duration = Duration::from_secs(4);

/// How many failed by the segment of their section; nothing of those where none did.
#[derive(Clone, Copy)]
pub struct Troubles(pub RwSignal<BTreeMap<&'static str, usize>>);

impl Troubles {
    /// Once in the shell: asks while the page is visible, and when something was changed.
    pub fn watch(changes: Changes) -> Self {
        let troubles = Self(RwSignal::new(BTreeMap::new()));
        let connections = expect_context::<Connections>();
        let (connection, server) = (use_connection(), use_server());
        let asked = Memo::new(move |_| {
            let connection = connection.get()?;
            let open = connections
                .statuses
                .with(&connection.id, |status| status.access == Access::Open);
            let can = server.with(|it| it.as_ref().map(|it| it.can))?;
            open.then_some((connection, can))
        });
        let running = StoredValue::new(false);
        let ask = move || {
            let Some(Some((connection, can))) = asked.try_get_untracked() else {
                return;
            };
            if document().hidden() || running.try_get_value() != Some(false) {
                return;
            }
            running.set_value(true);
            spawn_local(async move {
                let endpoint = untrack(|| connections.endpoint(&connection));
                let mut found = BTreeMap::new();
                let sections = groups(connection.system())
                    .iter()
                    .flat_map(|it| it.sections);
                let runs = |it: &&crate::kit::Section| {
                    it.runs && it.needs.is_none_or(|needed| can.has(needed))
                };
                for section in sections.filter(runs) {
                    let failed = failed_in(&endpoint, &connection.id, section).await;
                    if let Some(failed @ 1..) = failed {
                        found.insert(section.segment, failed);
                    }
                }
                running.try_set_value(false);
                // Another connection may be open by now.
                let same = asked.try_get_untracked().flatten();
                if same.is_some_and(|(now, _)| now.id == connection.id)
                    && troubles.0.with_untracked(|known| *known != found)
                {
                    troubles.0.set(found);
                }
            });
        };
        Effect::new(move || {
            asked.track();
            troubles.0.set(BTreeMap::new());
            set_timeout(ask, LATER);
        });
        changes.then(ask);
        if let Ok(timer) = set_interval_with_handle(ask, EVERY) {
            on_cleanup(move || timer.clear());
        }
        troubles
    }
}
