//! Accepts connections, with or without TLS, and bounds what somebody unknown can hold.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode},
    response::IntoResponse,
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use rustls::{
    ServerConfig,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinSet,
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;
use weir_platform::{access::OverTls, auth::network, proxies::Proxies};

/// Connections at once, and those of one address.
const CONNECTIONS: usize = 4096;
const OF_ONE_ADDRESS: usize = 2048;
/// How long the head of a request may take, and a handshake of TLS.
const HEAD: Duration = Duration::from_secs(10);
/// How long what was sent may stay unacknowledged.
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);
const HEADERS: usize = 128;
const HEAD_BYTES: usize = 64 << 10;

/// Certificate and key of the backend itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlsFiles {
    /// PEM, the server's own certificate first.
    pub certificate: PathBuf,
    /// PEM.
    pub key: PathBuf,
}

impl TlsFiles {
    /// An error names the file.
    pub(crate) fn acceptor(&self) -> Result<TlsAcceptor, String> {
        let of =
            |path: &Path, error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
        let chain = CertificateDer::pem_file_iter(&self.certificate)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| of(&self.certificate, &error))?;
        if chain.is_empty() {
            return Err(of(&self.certificate, &"there is no certificate in it"));
        }
        let key = PrivateKeyDer::from_pem_file(&self.key).map_err(|error| of(&self.key, &error))?;
        let config = ServerConfig::builder_with_provider(ring::default_provider().into())
            .with_safe_default_protocol_versions()
            .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
            .map_err(|error| of(&self.certificate, &error))?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

/// What every connection is served with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Served {
    pub(crate) router: Router,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) proxies: Arc<Proxies>,
}

/// Until `stopping` turns true and every connection has ended. Dropped, it cuts them off.
pub(crate) async fn serve(
    listener: TcpListener,
    served: Served,
    mut stopping: watch::Receiver<bool>,
) -> io::Result<()> {
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let places = Places::new(served.proxies.clone());
    loop {
        let accepted = tokio::select! {
            // A dropped sender stops the server, too.
            _ = stopping.wait_for(|stop| *stop) => break,
            accepted = places.next(&listener) => accepted,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, remote, place)) => {
                let (served, watcher) = (served.clone(), graceful.watcher());
                connections.spawn(async move {
                    connection(stream, remote, served, watcher).await;
                    drop(place);
                });
            }
            // Out of files, mostly: others end meanwhile.
            Err(error) => {
                tracing::warn!("a connection was not accepted: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    graceful.shutdown().await;
    while connections.join_next().await.is_some() {}
    Ok(())
}

async fn connection(stream: TcpStream, remote: SocketAddr, served: Served, watcher: Watcher) {
    // Events are small and must not wait for more.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!("TCP_NODELAY: {error}");
    }
    // A client that vanished without a word does not acknowledge what is sent to it.
    if let Err(error) = SockRef::from(&stream).set_tcp_user_timeout(Some(UNACKNOWLEDGED)) {
        tracing::debug!("TCP_USER_TIMEOUT: {error}");
    }
    // The library's own limit begins with the first byte.
    match tokio::time::timeout(HEAD, stream.readable()).await {
        Ok(Ok(())) => {}
        Ok(Err(_)) | Err(_) => return,
    }
    match served.tls.clone() {
        None => http(stream, remote, served, watcher).await,
        Some(tls) => match tokio::time::timeout(HEAD, tls.accept(stream)).await {
            Ok(Ok(stream)) => http(stream, remote, served, watcher).await,
            Ok(Err(error)) => tracing::debug!("TLS with {remote}: {error}"),
            Err(_) => tracing::debug!("TLS with {remote}: it took too long"),
        },
    }
}

async fn http(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    remote: SocketAddr,
    served: Served,
    watcher: Watcher,
) {
    let asked = Arc::new(AtomicBool::new(false));
    let first = asked.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        first.store(true, Ordering::Relaxed);
        let mut request = request.map(Body::new);
        let caller = served.proxies.caller(remote, request.headers());
        if served.proxies.is_strange(remote.ip()) {
            request.headers_mut().remove("x-forwarded-proto");
        }
        request.extensions_mut().insert(ConnectInfo(caller));
        if served.tls.is_some() {
            request.extensions_mut().insert(OverTls);
        }
        let router = served.router.clone();
        async move {
            match head_bytes(&request) > HEAD_BYTES {
                true => Ok(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE.into_response()),
                false => router.oneshot(request).await,
            }
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_headers(HEADERS)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(watcher.watch(connection));
    // The library's limit does not hold in every state; a first request has to come in any case.
    let mut outcome = tokio::time::timeout(HEAD + HEAD / 2, &mut connection)
        .await
        .ok();
    if outcome.is_none() && asked.load(Ordering::Relaxed) {
        outcome = Some(connection.await);
    }
    if let Some(Err(error)) = outcome {
        tracing::debug!("connection of {remote}: {error}");
    }
}

/// What came with one read is taken by the library even where it is more than its bound.
fn head_bytes(request: &Request<Body>) -> usize {
    let headers = request.headers().iter();
    let headers = headers.map(|(name, value)| name.as_str().len() + value.len() + 4);
    let target = request.uri().path_and_query();
    target.map_or(0, |target| target.as_str().len()) + headers.sum::<usize>()
}

/// Who holds how many connections; of IPv6 a network is one.
struct Places {
    all: Arc<Semaphore>,
    /// Their connections are those of many callers.
    proxies: Arc<Proxies>,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

struct Slot {
    _one: OwnedSemaphorePermit,
    address: IpAddr,
    held: Arc<Mutex<HashMap<IpAddr, usize>>>,
}

impl Places {
    fn new(proxies: Arc<Proxies>) -> Self {
        Self {
            all: Arc::new(Semaphore::new(CONNECTIONS)),
            proxies,
            held: Arc::default(),
        }
    }

    /// The next connection that has a place; one of an address that holds too many is closed.
    async fn next(&self, listener: &TcpListener) -> io::Result<(TcpStream, SocketAddr, Slot)> {
        loop {
            let one = self.all.clone().acquire_owned().await;
            let one = one.map_err(io::Error::other)?;
            let (stream, remote) = listener.accept().await?;
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            let address = network(remote.ip());
            let own = held.entry(address).or_default();
            if *own < OF_ONE_ADDRESS || self.proxies.trusts(remote.ip()) {
                *own += 1;
                let place = Slot {
                    _one: one,
                    address,
                    held: self.held.clone(),
                };
                return Ok((stream, remote, place));
            }
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = held.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                held.remove(&self.address);
            }
        }
    }
}
