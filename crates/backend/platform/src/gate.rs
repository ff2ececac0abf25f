//! The way out for clients that find further servers by themselves, as those of Kafka do: each of
//! their connections asks [`hosts`] first. It speaks SOCKS 5 (RFC 1928) on the loopback interface,
//! which is what such a client can be told.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::{AbortHandle, JoinSet},
    time::timeout,
};

use crate::hosts;

/// How long a client may take to say where it wants to go.
const SAID: Duration = Duration::from_secs(10);

/// Open until it is dropped, together with what goes through it.
#[derive(Debug)]
pub struct Gate {
    address: String,
    refused: Arc<Mutex<Option<String>>>,
    task: AbortHandle,
}

type Check = Arc<dyn Fn(&str, u16) -> Result<(), String> + Send + Sync>;

impl Gate {
    /// None where every host is allowed.
    pub async fn open() -> io::Result<Option<Self>> {
        match hosts::are_all_allowed() {
            true => Ok(None),
            false => Self::asking(Arc::new(hosts::check)).await.map(Some),
        }
    }

    async fn asking(check: Check) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?.to_string();
        let refused = Arc::default();
        let serving = serve(listener, check, Arc::clone(&refused));
        Ok(Self {
            address,
            refused,
            task: tokio::spawn(serving).abort_handle(),
        })
    }

    /// `host:port` of the proxy.
    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// Why the last connection was refused that was; clients say less.
    pub fn refusal(&self) -> Option<String> {
        let refused = self.refused.lock();
        refused.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, check: Check, refused: Arc<Mutex<Option<String>>>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((client, _)) => {
                let (check, refused) = (check.clone(), refused.clone());
                connections.spawn(async move {
                    if let Err(error) = pass(client, &check, &refused).await {
                        tracing::debug!("a connection through the gate: {error}");
                    }
                });
            }
            Err(error) => {
                tracing::warn!("the gate: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Replies of the protocol.
const DONE: u8 = 0;
const NOT_ALLOWED: u8 = 2;
const NOT_REACHED: u8 = 5;

async fn pass(
    mut client: TcpStream,
    check: &Check,
    refused: &Mutex<Option<String>>,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    let (host, port) = timeout(SAID, wanted(&mut client)).await??;
    if let Err(words) = check(&host, port) {
        *refused.lock().unwrap_or_else(PoisonError::into_inner) = Some(words);
        return reply(&mut client, NOT_ALLOWED).await;
    }
    match TcpStream::connect((host.as_str(), port)).await {
        Ok(mut server) => {
            server.set_nodelay(true)?;
            reply(&mut client, DONE).await?;
            copy_bidirectional(&mut client, &mut server).await?;
            Ok(())
        }
        Err(_) => reply(&mut client, NOT_REACHED).await,
    }
}

/// Version, reply, reserved, and an address of version 4 that nobody needs.
async fn reply(client: &mut TcpStream, code: u8) -> io::Result<()> {
    client.write_all(&[5, code, 0, 1, 0, 0, 0, 0, 0, 0]).await
}

/// Where the client wants to go.
async fn wanted(client: &mut TcpStream) -> io::Result<(String, u16)> {
    let odd = || io::Error::from(io::ErrorKind::InvalidData);
    let version = client.read_u8().await?;
    let methods = client.read_u8().await?;
    let mut skipped = vec![0; usize::from(methods)];
    client.read_exact(&mut skipped).await?;
    if version != 5 {
        return Err(odd());
    }
    // Nobody has to prove who it is.
    client.write_all(&[5, 0]).await?;
    let mut head = [0; 4];
    client.read_exact(&mut head).await?;
    let [5, 1, _, kind] = head else {
        return Err(odd());
    };
    let host = match kind {
        1 => Ipv4Addr::from_bits(client.read_u32().await?).to_string(),
        4 => Ipv6Addr::from_bits(client.read_u128().await?).to_string(),
        3 => {
            let length = client.read_u8().await?;
            let mut name = vec![0; usize::from(length)];
            client.read_exact(&mut name).await?;
            String::from_utf8(name).map_err(|_| odd())?
        }
        _ => return Err(odd()),
    };
    Ok((host, client.read_u16().await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reply to who wants to go there, and the connection.
    async fn asked(gate: &Gate, host: &str, port: u16) -> (u8, TcpStream) {
        let mut client = TcpStream::connect(gate.address()).await.expect("gate");
        client.write_all(&[5, 1, 0]).await.expect("sent");
        let mut chosen = [0; 2];
        client.read_exact(&mut chosen).await.expect("method");
        assert_eq!(chosen, [5, 0]);
        let length = u8::try_from(host.len()).expect("short");
        let mut wanted = vec![5, 1, 0, 3, length];
        wanted.extend(host.bytes());
        wanted.extend(port.to_be_bytes());
        client.write_all(&wanted).await.expect("sent");
        let mut reply = [0; 10];
        client.read_exact(&mut reply).await.expect("reply");
        (reply[1], client)
    }

    #[tokio::test]
    async fn only_what_is_allowed_is_connected_to() {
        let server = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let inside = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let port = server.local_addr().expect("address").port();
        let other = inside.local_addr().expect("address").port();
        let check = move |host: &str, wanted: u16| match wanted == port {
            true => Ok(()),
            false => Err(format!("{host}:{wanted} is not among them")),
        };
        let gate = Gate::asking(Arc::new(check)).await.expect("gate");

        let (reply, mut client) = asked(&gate, "127.0.0.1", port).await;
        assert_eq!(reply, DONE);
        let (mut accepted, _) = server.accept().await.expect("connection");
        client.write_all(b"ping").await.expect("sent");
        let mut got = [0; 4];
        accepted.read_exact(&mut got).await.expect("bytes");
        assert_eq!(&got, b"ping");
        assert_eq!(gate.refusal(), None);

        let (reply, _) = asked(&gate, "127.0.0.1", other).await;
        assert_eq!(reply, NOT_ALLOWED);
        let words = format!("127.0.0.1:{other} is not among them");
        assert_eq!(gate.refusal(), Some(words));
        let reached = timeout(Duration::from_millis(100), inside.accept()).await;
        assert!(reached.is_err(), "somebody connected");

        drop(gate);
        let ended = client.read(&mut got).await.unwrap_or_default();
        assert_eq!(ended, 0, "what went through it has ended");
    }
}
