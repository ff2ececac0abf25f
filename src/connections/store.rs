//! Connections from `config.json` and from this browser; credentials in memory.

use std::collections::HashMap;

use leptos::prelude::*;
use weir_api::{ApiError, auth::Credential};

use super::{
    keep,
    model::{Config, Connection},
    status::{Status, Statuses},
    vault,
};
use crate::http::{self, Endpoint};

/// Provided once as a context by the application.
#[derive(Clone, Copy)]
pub struct Connections {
    /// `None` until `config.json` was read.
    pub all: RwSignal<Option<Vec<Connection>>>,
    pub statuses: Statuses,
    offered: StoredValue<Vec<Connection>>,
    credentials: RwSignal<HashMap<String, Credential>>,
}

impl Connections {
    pub fn new() -> Self {
        Self {
            all: RwSignal::new(None),
            statuses: Statuses::new(),
            offered: StoredValue::new(Vec::new()),
            credentials: RwSignal::new(HashMap::new()),
        }
    }

    /// Reads `config.json`, then adds what this browser keeps; a stored connection of the same id
    /// wins over an offered one.
    pub async fn load(self) {
        let offered = match http::asset("config.json").await {
            Ok(body) => {
                weir_api::json_response::<Config>(&body)
                    .unwrap_or_default()
                    .connections
            }
            Err(_) => Vec::new(),
        };
        self.offered.set_value(offered);
        self.merge();
    }

    fn merge(self) {
        let stored = keep::connections();
        let mut all = self.offered.get_value();
        all.retain(|offer| stored.iter().all(|kept| kept.id != offer.id));
        all.extend(stored);
        self.all.set(Some(all));
    }

    /// Keeps the connection in this browser, in place of one with the same id. What is known of
    /// the old one is forgotten where it leads elsewhere now.
    pub fn save(self, connection: Connection) {
        let moved = self
            .find_untracked(&connection.id)
            .is_some_and(|old| old.base() != connection.base() || old.auth != connection.auth);
        if moved {
            self.forget(&connection.id);
        }
        keep::save_connection(connection);
        self.merge();
    }

    /// An offered connection comes back as it was offered.
    pub fn remove(self, id: &str) {
        self.forget(id);
        let kept = id.to_string();
        leptos::task::spawn_local(async move { vault::forget(&kept).await });
        keep::remove_connection(id);
        self.merge();
    }

    fn forget(self, id: &str) {
        self.set_credential(id, Credential::None);
        self.statuses
            .change(id, |status| *status = Default::default());
    }

    /// In `config.json`, so that it cannot be removed here.
    pub fn is_offered(self, id: &str) -> bool {
        self.offered
            .with_value(|offered| offered.iter().any(|offer| offer.id == id))
    }

    pub fn find(self, id: &str) -> Option<Connection> {
        self.all
            .with(|all| all.as_ref()?.iter().find(|c| c.id == id).cloned())
    }

    pub fn find_untracked(self, id: &str) -> Option<Connection> {
        untrack(|| self.find(id))
    }

    pub fn credential(self, id: &str) -> Credential {
        self.credentials
            .with(|all| all.get(id).cloned().unwrap_or(Credential::None))
    }

    pub fn set_credential(self, id: &str, credential: Credential) {
        self.credentials.update(|all| {
            all.insert(id.to_string(), credential);
        });
    }

    /// True where a person must type a credential before any call makes sense.
    pub fn needs_credential(self, connection: &Connection) -> bool {
        connection.auth.asks() && self.credential(&connection.id) == Credential::None
    }

    pub fn endpoint(self, connection: &Connection) -> Endpoint {
        let mut endpoint = connection.endpoint(self.credential(&connection.id));
        let version_4 = self.statuses.with(&connection.id, |status| status.azion_v4);
        if let Some(behind) = version_4 {
            endpoint.azion_v4 = true;
            endpoint.base.push_str(behind);
        }
        endpoint
    }

    /// What a call's outcome says about the connections that go there with that credential.
    pub fn learn(self, endpoint: &Endpoint, outcome: Result<(), &ApiError>) {
        self.change(endpoint, |status| status.learn(outcome));
    }

    /// A call of the endpoint waits so many seconds, or waits no more.
    pub fn pause(self, endpoint: &Endpoint, seconds: Option<u32>) {
        self.change(endpoint, |status| status.pause(seconds));
    }

    /// The answer to a call of the endpoint is long in coming, or is waited for no more.
    pub fn late(self, endpoint: &Endpoint, late: bool) {
        self.change(endpoint, |status| {
            status.late = match late {
                true => status.late + 1,
                false => status.late.saturating_sub(1),
            };
        });
    }

    fn change(self, endpoint: &Endpoint, change: impl Fn(&mut Status)) {
        let here: Vec<String> = untrack(|| {
            self.all.with(|all| {
                let all = all.iter().flatten();
                all.filter(|connection| self.endpoint(connection) == *endpoint)
                    .map(|connection| connection.id.clone())
                    .collect()
            })
        });
        for id in here {
            self.statuses.change(&id, &change);
        }
    }
}

impl Default for Connections {
    fn default() -> Self {
        Self::new()
    }
}
