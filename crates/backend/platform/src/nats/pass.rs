//! One connection of the client's, and the server's at the other end of it.

use std::{io, sync::Arc, time::Duration};

use rustls::{ClientConfig, pki_types::ServerName};
use serde_json::{Map, Value};
use tokio::{
    io::{
        AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt,
        BufReader, BufWriter, copy, copy_buf, split,
    },
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::TlsConnector;

use super::{
    Shared,
    user::{User, introduced},
};
use crate::hosts;

/// Of a line that says what comes. Servers send less than 4 KiB, but of themselves they tell more.
const LINE: usize = 64 << 10;
/// Of a message: servers allow no more.
const MESSAGE: usize = 64 << 20;
/// Until the server has said who it is, and TLS is spoken.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(super) struct Way {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) secure: bool,
    pub(super) tls: Arc<ClientConfig>,
    /// Where the server's address names one.
    pub(super) user: Option<User>,
    /// What our client calls itself.
    pub(super) secret: String,
    pub(super) shared: Arc<Shared>,
}

impl Way {
    pub(super) async fn serve(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            match listener.accept().await {
                Ok((mut client, _)) => {
                    let way = self.clone();
                    connections.spawn(async move {
                        // Known before the client sees the end.
                        if let Err(words) = way.pass(&mut client).await {
                            way.shared.failed(words);
                        }
                    });
                }
                Err(error) => {
                    tracing::warn!("a way to NATS: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            while connections.try_join_next().is_some() {}
        }
    }

    async fn pass(&self, client: &mut TcpStream) -> Result<(), String> {
        hosts::check(&self.host, self.port)?;
        let connected = timeout(PATIENCE, TcpStream::connect((&*self.host, self.port))).await;
        let connected = connected.map_err(|_| late())?;
        let server = connected.map_err(|error| error.to_string())?;
        let ready = server
            .set_nodelay(true)
            .and_then(|()| client.set_nodelay(true));
        ready.map_err(|error| error.to_string())?;
        let mut server = BufReader::new(server);
        let info = timeout(PATIENCE, info(&mut server)).await;
        let mut info = info.map_err(|_| late())??;
        let wanted = info.get("tls_required").and_then(Value::as_bool);
        // What the client reads is that of a server without TLS, which there is no other way to.
        for field in ["tls_required", "tls_verify", "tls_available"] {
            info.insert(field.into(), false.into());
        }
        info.remove("connect_urls");
        let info = format!("INFO {}\r\n", Value::Object(info));
        let ended = match self.secure || wanted == Some(true) {
            true => {
                // Whatever was read with the line is no part of what TLS protects.
                let tls = timeout(PATIENCE, self.secured(server.into_inner())).await;
                self.exchange(tls.map_err(|_| late())??, client, &info)
                    .await
            }
            false => self.exchange(server, client, &info).await,
        };
        ended.map_err(|error| error.to_string())
    }

    async fn secured(
        &self,
        server: TcpStream,
    ) -> Result<tokio_rustls::client::TlsStream<TcpStream>, String> {
        let name = ServerName::try_from(self.host.clone());
        let name = name.map_err(|error| format!("TLS: {error}"))?;
        let spoken = TlsConnector::from(self.tls.clone()).connect(name, server);
        spoken.await.map_err(|error| format!("TLS: {error}"))
    }

    async fn exchange(
        &self,
        server: impl AsyncRead + AsyncWrite,
        client: &mut TcpStream,
        info: &str,
    ) -> io::Result<()> {
        let (from_server, mut to_server) = split(server);
        let (from_client, to_client) = client.split();
        let mut from_client = BufReader::new(from_client);
        let mut to_client = BufWriter::new(to_client);
        to_client.write_all(info.as_bytes()).await?;
        let up = async {
            let first = line(&mut from_client).await?.unwrap_or_default();
            let first = introduced(&first, &self.secret, self.user.as_ref());
            let first = first.ok_or(io::ErrorKind::PermissionDenied)?;
            to_server.write_all(&first).await?;
            copy(&mut from_client, &mut to_server).await?;
            to_server.shutdown().await
        };
        let from_server = BufReader::with_capacity(LINE, from_server);
        let down = down(from_server, &mut to_client, &self.shared);
        tokio::select! {
            ended = up => ended,
            ended = down => ended,
        }
    }
}

fn late() -> String {
    format!("no answer within {} s", PATIENCE.as_secs())
}

/// What the server says of itself first.
async fn info(server: &mut BufReader<TcpStream>) -> Result<Map<String, Value>, String> {
    let line = line(server).await.map_err(|error| error.to_string())?;
    let line = line.ok_or("the server closed the connection")?;
    let text = line.strip_prefix(b"INFO ");
    let text = text.ok_or("the server speaks something else than NATS")?;
    serde_json::from_slice(text).map_err(|error| format!("INFO of the server: {error}"))
}

/// Everything that the server sends, as long as it is what a server sends.
async fn down(
    mut server: impl AsyncBufRead + Unpin,
    client: &mut (impl AsyncWrite + Unpin),
    shared: &Shared,
) -> io::Result<()> {
    loop {
        client.flush().await?;
        let Some(line) = line(&mut server).await? else {
            return Ok(());
        };
        let message = message(&line)?;
        client.write_all(&line).await?;
        if let Some(bytes) = message {
            client.flush().await?;
            shared.room(bytes).await;
            // With the end of its line.
            let bytes = bytes as u64 + 2;
            let mut message = (&mut server).take(bytes);
            if copy_buf(&mut message, client).await? < bytes {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// One with its end. None: there are no more.
async fn line(server: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut bounded = server.take(LINE as u64);
    if bounded.read_until(b'\n', &mut line).await? == 0 {
        return Ok(None);
    }
    match line.ends_with(b"\r\n") {
        true => Ok(Some(line)),
        false if line.len() == LINE => {
            let words = format!("the server sent a line of more than {} KiB", LINE >> 10);
            Err(io::Error::other(words))
        }
        false => Err(io::Error::other("the server sent a line without its end")),
    }
}

/// Bytes of the message that follows the line, where one does.
fn message(line: &[u8]) -> io::Result<Option<usize>> {
    let odd = || io::Error::other("the server sent what is no operation of NATS");
    let text = str::from_utf8(line).map_err(|_| odd())?.trim_end();
    let name = text.split(' ').next().unwrap_or_default();
    match name {
        "+OK" | "PING" | "PONG" => Ok(None),
        "-ERR" | "INFO" if text.len() > name.len() + 1 => Ok(None),
        "MSG" | "HMSG" => {
            let bytes = text.rsplit(' ').next().and_then(|last| last.parse().ok());
            match bytes {
                Some(bytes) if bytes <= MESSAGE => Ok(Some(bytes)),
                _ => {
                    let words = format!(
                        "the server announced a message of more than {} MiB",
                        MESSAGE >> 20
                    );
                    Err(io::Error::other(words))
                }
            }
        }
        _ => Err(odd()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes out of what a server sends, and how it ended.
    async fn passed(sent: &[u8]) -> (Vec<u8>, io::Result<()>) {
        let mut out = Vec::new();
        let ended = down(sent, &mut out, &Shared::default()).await;
        (out, ended)
    }

    #[tokio::test]
    async fn what_a_server_sends_comes_as_it_is() {
        let sent = b"+OK\r\nPING\r\nMSG a 1 2\r\nhi\r\nMSG a 1 r 0\r\n\r\n\
                     HMSG a 1 12 16\r\nNATS/1.0\r\n\r\n\r\n\r\n\r\n-ERR 'no'\r\nINFO {}\r\nPONG\r\n";
        let (out, ended) = passed(sent).await;
        assert_eq!(out, sent);
        ended.expect("its end");
    }

    #[tokio::test]
    async fn what_no_server_sends_ends_the_connection() {
        let endless = "x".repeat(2 * LINE);
        for (sent, words) in [
            ("-ERR\r\n", "no operation"),
            ("-ERR \r\n", "no operation"),
            ("INFO \r\n", "no operation"),
            ("HTTP/1.1 200 OK\r\n", "no operation"),
            ("MSG a 1 18446744073709551615\r\n", "more than 64 MiB"),
            ("MSG a 1 67108865\r\n", "more than 64 MiB"),
            ("HMSG a 1 9 -5\r\n", "more than 64 MiB"),
            ("MSG\r\n", "more than 64 MiB"),
            ("PING\n", "without its end"),
            (&endless, "more than 64 KiB"),
        ] {
            let (out, ended) = passed(format!("PONG\r\n{sent}").as_bytes()).await;
            assert_eq!(out, b"PONG\r\n", "{sent:.40}");
            let ended = ended.expect_err("an end").to_string();
            assert!(ended.contains(words), "{sent:.40}: {ended}");
        }
    }

    #[tokio::test]
    async fn messages_wait_until_those_before_were_taken() {
        let shared = Arc::new(Shared::default());
        let large = MESSAGE;
        let head = format!("MSG a 1 {large}\r\n");
        let sent = [head.as_bytes(), &vec![b'x'; large], b"\r\n"]
            .concat()
            .repeat(2);
        let (mut read, mut write) = tokio::io::duplex(1 << 20);
        let passing = tokio::spawn({
            let shared = shared.clone();
            async move { down(&*sent, &mut write, &shared).await }
        });
        let whole = head.len() + large + 2;
        let mut first = vec![0; whole + head.len()];
        read.read_exact(&mut first).await.expect("the first");
        let more = timeout(Duration::from_millis(100), read.read_u8()).await;
        assert!(more.is_err(), "the second came");
        shared
            .waiting
            .store(0, std::sync::atomic::Ordering::Relaxed);
        shared.taken.notify_waiters();
        let mut second = vec![0; large + 2];
        read.read_exact(&mut second).await.expect("the second");
        passing.await.expect("task").expect("its end");
    }
}
