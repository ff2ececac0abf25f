//! The embedded backend: builds the services of its systems, merges their routers, and serves
//! the console.
//!
//! [`start`] runs it inside a Tokio runtime; `main.rs` is the program around it.

mod admittance;
mod beside;
pub mod check;
pub mod cli;
pub mod config;
pub mod health;
mod held;
mod metrics;
mod operations;
mod pieces;
mod private;
mod reading;
mod router;
pub mod server;
mod site;
mod static_host;

#[cfg(test)]
mod permissions_tests;

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::Router;
use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
    task::JoinHandle,
};
use weir_platform::{
    Platform,
    auth::{self, Auth, AuthError, oidc, peers::Listener},
    collectors, hosts,
    outbound::Outbound,
};
use weir_queries::{
    materialized::Materialized,
    run::{self, Queries},
};
use weir_store::{Store, StoreError};

use crate::{
    config::Config,
    metrics::Health,
    server::{Served, TlsFiles},
};

/// Connections that wait to be accepted: where there is no room for one, its client believes to be
/// connected and waits.
const BACKLOG: u32 = 4096;

/// How long connections may take to end after everything was told to stop.
const LAST_WORDS: Duration = Duration::from_secs(5);

#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Auth(#[from] AuthError),
    #[error(
        "{0} can be reached from other machines, so user 'admin' needs a password first: start \
         once with WEIR_ADMIN_PASSWORD set, or listen on 127.0.0.1"
    )]
    NeedsPassword(SocketAddr),
    #[error("port {} of {} is in use; choose another with --listen", .0.port(), .0.ip())]
    InUse(SocketAddr),
    #[error("cannot listen on {address}: {source}")]
    Listen {
        address: SocketAddr,
        source: std::io::Error,
    },
    #[error("TLS: {0}")]
    Tls(String),
    #[error("weir.toml: {0}")]
    Setting(String),
    #[error("cors.allowed_origins: {0}")]
    Origin(String),
}

/// A backend that serves requests. Dropping it without [`Running::stop`] lets it run on.
pub struct Running {
    pub address: SocketAddr,
    platform: Platform,
    queries: Queries,
    materialized: Materialized,
    secure: bool,
    shutdown: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
}

/// Opens the data, listens, and serves.
pub async fn start(config: Config) -> Result<Running, StartError> {
    config.limits.sql.set();
    if let Some(hosts) = config.outbound.clone() {
        hosts::set(hosts);
    }
    admittance::first(&config)?;
    private::data_folder(&config.data).map_err(|(path, source)| StoreError::Io { path, source })?;
    let store = Store::open_with(&config.data, config.secret_key.clone())?;
    store.set_log_folders(config.log_folders());
    let outbound = Outbound::default();
    let oidc = config.oidc.clone().map(|settings| {
        settings.check().map_err(StartError::Setting)?;
        Ok::<_, StartError>(oidc::Setup {
            settings,
            outbound: outbound.clone(),
            base_path: config.base_path.clone(),
        })
    });
    check::replica(&config).map_err(StartError::Setting)?;
    let auth = Auth::load(
        &store,
        auth::Settings {
            data: &config.data,
            admin_password: config.admin_password.as_deref(),
            link_life: config.limits.link_life,
            oidc: oidc.transpose()?,
            replica_key: config.replica_key.clone(),
            connections_per_user: config.limits.connections_per_user,
        },
    )
    .await?;
    if !config.listen.ip().is_loopback() && !auth.has_password() {
        return Err(StartError::NeedsPassword(config.listen));
    }
    let auth = Arc::new(auth);
    // Before it listens itself: it may be among them.
    let peers = config.replica_peers.clone();
    let others = Listener::begin(auth.clone(), outbound.clone(), peers).await;
    let tls = config.tls.as_ref().map(TlsFiles::acceptor);
    let tls = tls.transpose().map_err(StartError::Tls)?;
    let listener = listen(config.listen).await?;
    let address = listener.local_addr().map_err(|source| StartError::Listen {
        address: config.listen,
        source,
    })?;
    let (shutdown, stopping) = watch::channel(false);
    let platform = Platform {
        collectors: collectors::start(&store, config.replica_key.is_some(), stopping.clone())
            .await?,
        outbound,
        revision: config.revision,
        auth,
        store,
    };
    tokio::spawn(others.listen(stopping.clone()));
    let queries = Queries::load(
        &platform.store,
        run::Limits {
            running_queries: config.limits.running_queries,
            queries_per_user: config.limits.queries_per_user,
            rows_per_hour: config.limits.rows_per_hour,
            reader_grace: config.limits.reader_grace,
            leaving_grace: config.limits.leaving_grace,
        },
    )
    .await?;
    let materialized = Materialized::load(&platform.store)?;
    let router = {
        let relay = weir_relay::Services::new(&platform, &config.relay, reading::operations());
        let relay = weir_relay::routes(&relay.map_err(StartError::Setting)?);
        let (systems, invite) = match &config.replica_key {
            Some(_) => (Vec::new(), Router::new()),
            None => systems(&config, &platform, &queries, &materialized, &stopping).await?,
        };
        let health = Health {
            platform: platform.clone(),
            queries: queries.clone(),
            started: Instant::now(),
        };
        router::router(&config, &health, systems, relay, invite)
            .map_err(|error| StartError::Origin(error.to_string()))?
    };
    let secure = tls.is_some();
    let served = Served {
        router,
        tls,
        proxies: Arc::new(config.proxies),
    };
    Ok(Running {
        address,
        platform,
        queries,
        materialized,
        shutdown,
        secure,
        server: tokio::spawn(server::serve(listener, served, stopping)),
    })
}

/// What is kept here: the routers of the systems, and the one for whoever is invited.
async fn systems(
    config: &Config,
    platform: &Platform,
    queries: &Queries,
    materialized: &Materialized,
    stopping: &watch::Receiver<bool>,
) -> Result<(Vec<Router>, Router), StartError> {
    let limits = &config.limits;
    let stopping = || stopping.clone();
    let timeplus =
        weir_timeplus::Services::load(platform, queries, materialized, stopping()).await?;
    let azion = weir_azion::Services::load(platform, limits.streaming_wait, stopping()).await?;
    let secmaster = weir_secmaster::Services::load(platform, stopping()).await?;
    let dataworks =
        weir_dataworks::Services::load(platform, queries, limits.dataworks_calls).await?;
    let systems = vec![
        weir_timeplus::routes(&timeplus),
        weir_azion::routes(&azion),
        weir_secmaster::routes(&secmaster),
        weir_dataworks::routes(&dataworks),
    ];
    Ok((systems, weir_timeplus::invite(&timeplus)))
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    let listening = || {
        let socket = match address.is_ipv4() {
            true => TcpSocket::new_v4()?,
            false => TcpSocket::new_v6()?,
        };
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listening().map_err(|source| match source.kind() {
        std::io::ErrorKind::AddrInUse => StartError::InUse(address),
        _ => StartError::Listen { address, source },
    })
}

impl Running {
    /// A new one-time sign-in link.
    pub fn sign_in_link(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        let scheme = if self.secure { "https" } else { "http" };
        format!(
            "{scheme}://{address}/signin?token={}",
            self.platform.auth.link()
        )
    }

    /// Ends queries and connections. Everything acknowledged is on disk in any case.
    pub async fn stop(self) {
        self.shutdown.send_replace(true);
        self.materialized.shut_down().await;
        self.queries.shut_down().await;
        let closed = self.platform.store.closed();
        drop((self.platform, self.queries, self.materialized));
        let mut server = self.server;
        match tokio::time::timeout(LAST_WORDS, &mut server).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(error))) => tracing::warn!("server: {error}"),
            Ok(Err(error)) => tracing::warn!("server: {error}"),
            Err(_) => {
                server.abort();
                tracing::info!("some connections were cut off");
            }
        }
        if tokio::time::timeout(LAST_WORDS, closed).await.is_err() {
            tracing::warn!("something still holds the data; going on without it");
        }
    }
}
