//! Alerts of the connection that fire now, for the title and the navigation.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use weir_api::{
    System,
    capability::Capability,
    timeplus::alert::{self, Triggered},
};

use super::{changes::Changes, notify};
use crate::{
    connections::{Connections, status::Access, use_connection, use_server},
    http::{Abort, Endpoint},
    kit::fetch,
    paths,
};

const EVERY: Duration = Duration::from_secs(30);

/// How many fire on the connection of the page; 0 where that is not known.
#[derive(Clone, Copy)]
pub struct Firing(pub RwSignal<usize>);

impl Firing {
    /// Once in the shell: asks while the page is visible, and when something was changed.
    pub fn watch(changes: Changes) -> Self {
        let firing = Self(RwSignal::new(0));
        let connections = expect_context::<Connections>();
        let (connection, server) = (use_connection(), use_server());
        let asked = Memo::new(move |_| {
            let connection = connection.get()?;
            let open = connections
                .statuses
                .with(&connection.id, |status| status.access == Access::Open);
            let can =
                server.with(|it| it.as_ref().is_some_and(|it| it.can.has(Capability::Alerts)));
            let timeplus = connection.system() == System::Timeplus;
            (open && can && timeplus).then(|| connections.endpoint(&connection))
        });
        // Ids that fired when it was asked last; nobody is notified of what fired before.
        let known = StoredValue::new(None::<Vec<String>>);
        let tell = move |alerts: &[Triggered]| {
            let before = known.try_update_value(|known| {
                known.replace(alerts.iter().map(|alert| alert.id.clone()).collect())
            });
            let (Some(Some(before)), Some(here)) = (before, connection.get_untracked()) else {
                return;
            };
            for alert in alerts.iter().filter(|alert| !before.contains(&alert.id)) {
                let href = paths::item(&here.id, "alerts", &alert.id);
                notify::alert_fires(&alert.name, &here.name, href);
            }
        };
        let ask = move || match asked.get_untracked() {
            Some(endpoint) if !document().hidden() || notify::wanted() => {
                spawn_local(async move {
                    let alerts = alerts(&endpoint).await;
                    // Another connection may be open by now.
                    if asked.try_get_untracked().flatten() == Some(endpoint)
                        && let Some(alerts) = alerts
                    {
                        firing.0.set(alerts.len());
                        tell(&alerts);
                    }
                });
            }
            Some(_) => {}
            None => firing.0.set(0),
        };
        Effect::new(move || {
            asked.track();
            firing.0.set(0);
            known.set_value(None);
            ask();
        });
        changes.then(ask);
        if let Ok(timer) = set_interval_with_handle(ask, EVERY) {
            on_cleanup(move || timer.clear());
        }
        firing
    }
}

/// Those that fire.
async fn alerts(endpoint: &Endpoint) -> Option<Vec<Triggered>> {
    let abort = Abort::new().ok()?;
    let body = fetch(endpoint, alert::CRUD.list(), &abort).await.ok()?;
    alert::triggered(&body).ok()
}
