//! The embedded backend: Timeplus REST v1beta2 over SQLite, and the console's static host.
//!
//! [`start`] runs it inside a Tokio runtime; `main.rs` is the program around it.

mod access;
mod alerts;
mod app;
pub mod auth;
mod azion;
pub mod cli;
mod clock;
pub mod collectors;
pub mod config;
mod dataworks;
mod delivery;
mod documents;
mod error;
mod external;
mod extract;
mod follow;
mod materialized;
mod outbound;
mod queries;
mod random;
pub mod relay;
mod revision;
mod roster;
mod router;
mod running;
mod secmaster;
mod sinks;
mod static_host;
mod timeplus;
mod tls;

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use axum::serve::ListenerExt;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};
use weir_store::{Store, StoreError};

use crate::{
    alerts::Alerts,
    app::{App, Parts},
    auth::{Auth, AuthError},
    azion::Streamings,
    config::Config,
    dataworks::DataWorks,
    documents::Documents,
    materialized::Materialized,
    outbound::Outbound,
    queries::Queries,
    relay::Relay,
    secmaster::SecMaster,
    sinks::Sinks,
    static_host::StaticHost,
    timeplus::{
        invitations::Invitations, pipelines::Pipelines, sources::Sources, workspace::Workspaces,
    },
};

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
    #[error("weir.toml: {0}")]
    Relay(String),
    #[error("cors.allowed_origins: {0}")]
    Origin(String),
}

/// A backend that serves requests. Dropping it without [`Running::stop`] lets it run on.
pub struct Running {
    pub address: SocketAddr,
    app: App,
    shutdown: watch::Sender<bool>,
    server: JoinHandle<std::io::Result<()>>,
}

/// Opens the data, listens, and serves.
pub async fn start(config: Config) -> Result<Running, StartError> {
    config.limits.sql.set();
    let store = Store::open(&config.data)?;
    store.set_log_folders(config.log_folders());
    let auth = Auth::load(&store, &config).await?;
    if !config.listen.ip().is_loopback() && !auth.has_password() {
        return Err(StartError::NeedsPassword(config.listen));
    }
    let listener = listen(config.listen).await?;
    let address = listener.local_addr().map_err(|source| StartError::Listen {
        address: config.listen,
        source,
    })?;
    let (shutdown, stopping) = watch::channel(false);
    let outbound = Outbound::new();
    store.call_remote_with(timeplus::udfs::caller(outbound.clone()));
    let app = App::new(Parts {
        auth,
        queries: Queries::load(&store, config.limits).await?,
        materialized: Materialized::load(&store)?,
        collectors: collectors::start(&store, stopping.clone()).await?,
        workspaces: Workspaces::load(&store).await?,
        pipelines: Pipelines::load(&store).await?,
        started_ms: clock::now_ms(),
        dashboards: Documents::load(&store).await?,
        saved_queries: Documents::load(&store).await?,
        sources: Sources::load(&store, stopping.clone()).await?,
        invitations: Invitations::load(&store).await?,
        console: StaticHost::new(&config.console),
        cors_origins: config.cors_origins,
        revision: config.revision,
        relay: Relay::new(&config.relay).map_err(StartError::Relay)?,
        alerts: Alerts::load(&store, &outbound, stopping.clone()).await?,
        sinks: Sinks::load(&store, &outbound, stopping.clone()).await?,
        streamings: Streamings::load(
            &store,
            &outbound,
            config.limits.streaming_wait,
            stopping.clone(),
        )
        .await?,
        dataworks: DataWorks::load(&store, config.limits).await?,
        secmaster: SecMaster::load(&store, stopping.clone()).await?,
        outbound,
        store,
    });
    let router = router::router(&app).map_err(|error| StartError::Origin(error.to_string()))?;
    Ok(Running {
        address,
        app,
        shutdown,
        server: tokio::spawn(serve(listener, router, stopping)),
    })
}

async fn listen(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| match source.kind() {
            std::io::ErrorKind::AddrInUse => StartError::InUse(address),
            _ => StartError::Listen { address, source },
        })
}

async fn serve(
    listener: TcpListener,
    router: axum::Router,
    mut stopping: watch::Receiver<bool>,
) -> std::io::Result<()> {
    // Events are small and must not wait for more.
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!("TCP_NODELAY: {error}");
        }
    });
    axum::serve(
        listener,
        router.into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(async move {
        // A dropped sender stops the server, too.
        let _ = stopping.wait_for(|stop| *stop).await;
    })
    .await
}

impl Running {
    /// A new one-time sign-in link.
    pub fn sign_in_link(&self) -> String {
        let mut address = self.address;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        format!("http://{address}/signin?token={}", self.app.auth.link())
    }

    /// Ends queries and connections. Everything acknowledged is on disk in any case.
    pub async fn stop(self) {
        self.shutdown.send_replace(true);
        self.app.materialized.shut_down().await;
        self.app.queries.shut_down().await;
        let closed = self.app.store.closed();
        drop(self.app);
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
