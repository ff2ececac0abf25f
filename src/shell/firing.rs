//! Alerts of the connection that fire now, for the title and the navigation.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use weir_api::{System, capability::Capability, timeplus::alert};

use crate::{
    connections::{Connections, status::Access, use_connection, use_server},
    http::{Abort, Endpoint},
    kit::fetch,
};

const EVERY: Duration = Duration::from_secs(30);

/// How many fire on the connection of the page; 0 where that is not known.
#[derive(Clone, Copy)]
pub struct Firing(pub RwSignal<usize>);

impl Firing {
    /// Once in the shell: asks while the page is visible.
    pub fn watch() -> Self {
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
        let ask = move || match asked.get_untracked() {
            Some(endpoint) if !document().hidden() => {
                spawn_local(async move {
                    let count = count(&endpoint).await;
                    // Another connection may be open by now.
                    if asked.get_untracked() == Some(endpoint)
                        && let Some(count) = count
                    {
                        firing.0.set(count);
                    }
                });
            }
            Some(_) => {}
            None => firing.0.set(0),
        };
        Effect::new(move || {
            asked.track();
            firing.0.set(0);
            ask();
        });
        if let Ok(timer) = set_interval_with_handle(ask, EVERY) {
            on_cleanup(move || timer.clear());
        }
        firing
    }
}

async fn count(endpoint: &Endpoint) -> Option<usize> {
    let abort = Abort::new().ok()?;
    let body = fetch(endpoint, alert::CRUD.list(), &abort).await.ok()?;
    alert::triggered(&body).ok()
}
