//! The way to NATS servers. The client gathers a line or a message until its end, however long that
//! takes, and some lines end it with a panic: what a server sends is looked at here first. TLS is
//! spoken here, too, because inside of it there would be nothing to see.

mod pass;
mod user;

use std::{
    io,
    net::Ipv4Addr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_nats::ServerAddr;
use rustls::ClientConfig;
use tokio::{net::TcpListener, sync::Notify, task::JoinSet};

use self::user::User;
use crate::{hosts, random};

/// Of messages that wait to be taken: the next one comes after it was told that they are.
const WAITING: usize = 64 << 20;
/// A smaller message does not count: how many of them wait is the client's to bound.
const SMALL: usize = 4 << 10;

/// Open until it is dropped, together with what goes through it.
pub struct Way {
    secret: String,
    shared: Arc<Shared>,
    /// Ends with it.
    _listening: JoinSet<()>,
}

#[derive(Default)]
struct Shared {
    failure: Mutex<Option<String>>,
    waiting: AtomicUsize,
    taken: Notify,
}

impl Way {
    /// The way, and where a client finds each of the servers on it. Who calls says the way, where the
    /// address of a server has a user: the client does not look there. `secure` asks for TLS of each, also where the server does not.
    pub async fn open(
        servers: &[ServerAddr],
        secure: bool,
        tls: ClientConfig,
    ) -> Result<(Self, Vec<ServerAddr>), String> {
        let (shared, tls) = (Arc::<Shared>::default(), Arc::new(tls));
        let secret = random::secret();
        let mut listening = JoinSet::new();
        let mut addresses = Vec::new();
        for server in servers {
            hosts::check(server.host(), server.port())?;
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
            let listener = listener.map_err(|error| error.to_string())?;
            let near = listener.local_addr().map_err(|error| error.to_string())?;
            let near = format!("nats://{near}").parse();
            addresses.push(near.map_err(|error: io::Error| error.to_string())?);
            if server.is_websocket() {
                return Err(format!("{} is spoken to without WebSockets", server.host()));
            }
            let way = pass::Way {
                host: server.host().to_string(),
                port: server.port(),
                secure: secure || server.tls_required(),
                tls: tls.clone(),
                user: User::of(server),
                secret: secret.clone(),
                shared: shared.clone(),
            };
            listening.spawn(way.serve(listener));
        }
        let way = Self {
            secret,
            shared,
            _listening: listening,
        };
        Ok((way, addresses))
    }

    /// What the client has to call itself, or it gets nowhere: others on this machine find the way, too.
    pub fn name(&self) -> &str {
        &self.secret
    }

    /// Why the last connection ended that was ended here; the client says less.
    pub fn failure(&self) -> Option<String> {
        let failure = self.shared.failure.lock();
        failure.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What came was taken: there is room for more.
    pub fn taken(&self) {
        self.shared.waiting.store(0, Ordering::Relaxed);
        self.shared.taken.notify_waiters();
    }
}

impl Shared {
    fn failed(&self, words: String) {
        let failure = self.failure.lock();
        *failure.unwrap_or_else(PoisonError::into_inner) = Some(words);
    }

    /// Waits until there is room for a message of so many bytes.
    async fn room(&self, bytes: usize) {
        if bytes < SMALL {
            return;
        }
        loop {
            let taken = self.taken.notified();
            if self.waiting.load(Ordering::Relaxed) < WAITING {
                break;
            }
            taken.await;
        }
        self.waiting.fetch_add(bytes, Ordering::Relaxed);
    }
}
