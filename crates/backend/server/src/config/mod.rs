//! Where the backend listens, where its data is, and what it allows.

mod file;

pub use self::file::{File, address, origin};

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

use axum::http::Uri;

pub use weir_platform::revision::Revision;
use weir_platform::{auth::oidc, hosts::Hosts, proxies::Proxies};
use weir_relay as relay;
use weir_store::SecretKey;

use crate::server::TlsFiles;

#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    /// Folder of the database; created when missing.
    pub data: PathBuf,
    /// Folder of a bundle of the console; none: the one inside the program, else `dist`.
    pub console: Option<PathBuf>,
    /// A file that is served as the console's `config.json`.
    pub connections: Option<PathBuf>,
    /// Where a proxy shows the console: `/`, or for example `/weir/`.
    pub base_path: String,
    /// Origins whose pages may call the API, for example `https://console.example`.
    pub cors_origins: Vec<String>,
    /// Names under which browsers reach it, beside `localhost`, this machine's name and addresses
    /// in numbers.
    pub hosts: Vec<String>,
    /// Proxies in front of it, which say who calls.
    pub proxies: Proxies,
    /// Without it the backend speaks HTTP.
    pub tls: Option<TlsFiles>,
    /// Sets the password of user `admin`.
    pub admin_password: Option<String>,
    /// A provider that signs people in, beside passwords.
    pub oidc: Option<oidc::Settings>,
    /// Encrypts the secrets in the database; without it that of the file `secrets.key` in the data
    /// folder does.
    pub secret_key: Option<SecretKey>,
    /// Several processes with one key host the console and the relay for the same people: nothing
    /// that one of them would keep for itself is offered.
    pub replica_key: Option<SecretKey>,
    /// Where the others of them are found, to hear which sessions were ended there.
    pub replica_peers: Vec<Uri>,
    /// Those that the backend may connect to; none: every host.
    pub outbound: Option<Hosts>,
    /// Folders whose files external streams may read; none: `logs` in the data folder.
    pub log_folders: Vec<PathBuf>,
    pub limits: Limits,
    pub revision: Revision,
    /// By name: where `/relay/{name}` leads.
    pub relay: BTreeMap<String, relay::Settings>,
}

#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Queries that run at once.
    pub running_queries: usize,
    /// Those of one user among them.
    pub queries_per_user: usize,
    /// Rows that one user's queries may send in an hour; 0: any.
    pub rows_per_hour: u64,
    /// Requests of one user that are answered at once.
    pub connections_per_user: usize,
    /// A query that nobody has read yet is canceled after this time; at most so long one stays for
    /// a reader that said it may come back.
    pub reader_grace: Duration,
    /// Any other query is canceled so soon after its last reader has gone.
    pub leaving_grace: Duration,
    /// What a statement may ask for.
    pub sql: weir_engine::Limits,
    /// How long a sign-in link is valid.
    pub link_life: Duration,
    /// How long a record of an Azion data streaming waits for others of its batch.
    pub streaming_wait: Duration,
    /// Calls of the DataWorks operations that each caller may make in a second.
    pub dataworks_calls: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            running_queries: 500,
            queries_per_user: 50,
            rows_per_hour: 0,
            connections_per_user: 2000,
            reader_grace: Duration::from_secs(30),
            leaving_grace: Duration::from_secs(1),
            sql: weir_engine::Limits::default(),
            link_life: Duration::from_secs(600),
            streaming_wait: Duration::from_secs(60),
            dataworks_calls: 100,
        }
    }
}

impl Default for Config {
    fn default() -> Self {
        let data = match std::env::var_os("XDG_DATA_HOME") {
            Some(home) if !home.is_empty() => PathBuf::from(home).join("weir"),
            _ => PathBuf::from("data"),
        };
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8000)),
            data,
            console: None,
            connections: None,
            base_path: "/".to_string(),
            cors_origins: Vec::new(),
            hosts: Vec::new(),
            proxies: Proxies::default(),
            tls: None,
            admin_password: None,
            oidc: None,
            secret_key: None,
            replica_key: None,
            replica_peers: Vec::new(),
            outbound: None,
            log_folders: Vec::new(),
            limits: Limits::default(),
            revision: Revision::default(),
            relay: BTreeMap::new(),
        }
    }
}

impl Config {
    pub(crate) fn log_folders(&self) -> Vec<PathBuf> {
        match self.log_folders.is_empty() {
            true => vec![self.data.join("logs")],
            false => self.log_folders.clone(),
        }
    }
}
