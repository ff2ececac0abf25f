//! Connections from `config.json` and from this browser; credentials in memory.

use std::collections::HashMap;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use weir_api::auth::Credential;

use super::model::{Auth, Config, Connection};
use crate::http::{self, Endpoint};

const STORED: &str = "weir.connections";

/// Provided once as a context by the application.
#[derive(Clone, Copy)]
pub struct Connections {
    /// `None` until `config.json` was read.
    pub all: RwSignal<Option<Vec<Connection>>>,
    credentials: RwSignal<HashMap<String, Credential>>,
}

impl Connections {
    pub fn new() -> Self {
        Self {
            all: RwSignal::new(None),
            credentials: RwSignal::new(HashMap::new()),
        }
    }

    /// Reads `config.json`, then adds what this browser keeps; a stored connection of the same id
    /// wins over an offered one.
    pub async fn load(self) {
        let offered = match http::asset("/config.json").await {
            Ok(body) => {
                weir_api::json_response::<Config>(&body)
                    .unwrap_or_default()
                    .connections
            }
            Err(_) => Vec::new(),
        };
        let stored = read_stored();
        let mut all: Vec<Connection> = offered
            .into_iter()
            .filter(|offer| stored.iter().all(|kept| kept.id != offer.id))
            .collect();
        all.extend(stored);
        self.all.set(Some(all));
    }

    pub fn find(self, id: &str) -> Option<Connection> {
        self.all
            .with(|all| all.as_ref()?.iter().find(|c| c.id == id).cloned())
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
        matches!(connection.auth, Auth::ApiKey | Auth::Basic)
            && self.credential(&connection.id) == Credential::None
    }
}

impl Default for Connections {
    fn default() -> Self {
        Self::new()
    }
}

fn read_stored() -> Vec<Connection> {
    window()
        .local_storage()
        .ok()
        .flatten()
        .and_then(|storage| storage.get_item(STORED).ok().flatten())
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_default()
}

/// The connection named by the URL's `/c/{connection}`.
pub fn use_connection() -> Memo<Option<Connection>> {
    let connections = expect_context::<Connections>();
    let params = use_params_map();
    Memo::new(move |_| connections.find(&params.read().get("connection")?))
}

/// Where calls of the URL's connection go.
pub fn use_endpoint() -> Memo<Option<Endpoint>> {
    let connections = expect_context::<Connections>();
    let connection = use_connection();
    Memo::new(move |_| {
        connection.get().map(|connection| Endpoint {
            base: connection.base(),
            credential: connections.credential(&connection.id),
        })
    })
}
