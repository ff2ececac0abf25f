//! Replicas hear from each other what was ended: each asks the others every second. What they say
//! is sealed with the key that all of them have.

use std::{collections::HashMap, net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use tokio::{net::lookup_host, sync::watch};

use super::{
    Auth,
    carried::{Carried, Heard, News},
    seal::Seal,
};
use crate::{
    error::HttpError,
    outbound::{Call, Outbound, port},
};

/// Below `/api`.
pub const PATH: &str = "/replicas/ended";
/// How far the asking replica has heard this one, sealed.
const HEARD: HeaderName = HeaderName::from_static("x-weir-replica");

const EVERY: Duration = Duration::from_secs(1);
/// For what is asked before a process serves anybody.
const FIRST: Duration = Duration::from_secs(2);
/// A name may lead to other addresses than before.
const NAMES_EVERY: u32 = 10;
const PATIENCE: Duration = Duration::from_secs(5);
/// Of an answer: some hundred thousand bytes of news.
const LONGEST: usize = 4 << 20;

/// What was ended here, for another replica.
pub async fn ended(State(auth): State<Arc<Auth>>, headers: HeaderMap) -> Response {
    let carried = auth.sessions.carried.as_ref();
    let asked = headers.get(HEARD).and_then(|value| value.to_str().ok());
    let heard = carried.zip(asked).and_then(|(carried, asked)| {
        let heard: Heard = carried.among.open(asked)?;
        Some((carried, heard))
    });
    match heard {
        Some((carried, heard)) => carried.among.close(&carried.news(&heard)).into_response(),
        None => HttpError::new(StatusCode::UNAUTHORIZED, "this is for replicas").into_response(),
    }
}

/// Each of `peers` is an address at which one of the others, or by its name several, are found.
pub struct Listener {
    auth: Arc<Auth>,
    outbound: Outbound,
    peers: Vec<Uri>,
    known: HashMap<Uri, Peer>,
    /// All may begin at once: that one does not answer yet is no news.
    begins: bool,
}

impl Listener {
    /// Has asked each of them once, as far as they answer soon: a process that begins knows what
    /// ended before.
    pub async fn begin(auth: Arc<Auth>, outbound: Outbound, peers: Vec<Uri>) -> Self {
        let mut listener = Self {
            auth,
            outbound,
            peers,
            known: HashMap::new(),
            begins: true,
        };
        let first = async {
            let addresses = found(&listener.peers).await;
            listener.round(&addresses).await;
        };
        // Who is away does not keep this one from its work.
        let _ = tokio::time::timeout(FIRST, first).await;
        listener.begins = false;
        listener
    }

    /// Asks until everything stops.
    pub async fn listen(mut self, mut stopping: watch::Receiver<bool>) {
        let mut addresses = Vec::new();
        for round in 0_u32.. {
            if self.peers.is_empty() {
                return;
            }
            if round % NAMES_EVERY == 0 {
                addresses = found(&self.peers).await;
                self.known.retain(|address, _| addresses.contains(address));
            }
            self.round(&addresses).await;
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stopping.wait_for(|stop| *stop) => return,
            }
        }
    }

    async fn round(&mut self, addresses: &[Uri]) {
        let Some(carried) = &self.auth.sessions.carried else {
            return;
        };
        let asked = addresses.iter().map(|address| {
            let heard = self.known.get(address).map(|peer| peer.heard.clone());
            ask(&self.outbound, carried, address, heard.unwrap_or_default())
        });
        let answers = futures_util::future::join_all(asked).await;
        for (address, answer) in addresses.iter().zip(answers) {
            let peer = self.known.entry(address.clone()).or_default();
            let reached = match answer {
                Ok(news) => {
                    peer.heard = news.heard();
                    self.auth.sessions.learn(news);
                    Ok(())
                }
                Err(words) => Err(words),
            };
            if !self.begins {
                peer.tell(address, reached);
            }
        }
    }
}

#[derive(Default)]
struct Peer {
    heard: Heard,
    /// None before it was asked.
    reached: Option<bool>,
}

impl Peer {
    /// Once for each time that it goes or comes back.
    fn tell(&mut self, address: &Uri, reached: Result<(), String>) {
        let before = self.reached.replace(reached.is_ok());
        match reached {
            Err(words) if before != Some(false) => tracing::warn!(
                "replica {address}: {words}; sessions that are ended there go on here meanwhile"
            ),
            Ok(()) if before == Some(false) => tracing::info!("replica {address} answers again"),
            _ => {}
        }
    }
}

/// Each address that a name leads to; with TLS the name is needed, and whoever answers to it.
async fn found(peers: &[Uri]) -> Vec<Uri> {
    let mut all = Vec::new();
    for peer in peers {
        let host = peer.host().unwrap_or_default().trim_matches(['[', ']']);
        let plain = peer.scheme_str() == Some("http");
        let addresses: Vec<SocketAddr> = match plain {
            true => match lookup_host((host, port(peer))).await {
                Ok(addresses) => addresses.collect(),
                Err(error) => {
                    tracing::warn!("replica {peer}: {error}");
                    continue;
                }
            },
            false => Vec::new(),
        };
        let numbers = addresses.iter().map(|address| format!("http://{address}/"));
        let urls: Vec<Uri> = numbers.filter_map(|url| url.parse().ok()).collect();
        all.extend(if plain { urls } else { vec![peer.clone()] });
    }
    all
}

async fn ask(
    outbound: &Outbound,
    carried: &Carried,
    address: &Uri,
    heard: Heard,
) -> Result<News, String> {
    let base = address.to_string();
    let url = format!("{}/api{PATH}", base.trim_end_matches('/'));
    let sealed = HeaderValue::from_str(&carried.among.close(&heard));
    let call = Call {
        method: Method::GET,
        url: url.parse().map_err(|_| "no address".to_string())?,
        headers: HeaderMap::from_iter([
            (HEARD, sealed.map_err(|_| "no header".to_string())?),
            (header::ACCEPT, HeaderValue::from_static("text/plain")),
        ]),
        body: Bytes::new(),
        timeout: PATIENCE,
        limit: LONGEST,
    };
    let answer = outbound.send_to_own(call).await;
    let answer = answer.map_err(|error| error.to_string())?;
    read(&carried.among, answer.status, &answer.body)
}

fn read(among: &Seal, status: StatusCode, body: &[u8]) -> Result<News, String> {
    let text = std::str::from_utf8(body).unwrap_or_default();
    match (status, among.open_any(text)) {
        (StatusCode::OK, Some(news)) => Ok(news),
        (StatusCode::OK, None) => Err("its answer is not of a replica with this key".into()),
        (StatusCode::UNAUTHORIZED, _) => Err("it has another WEIR_REPLICA_KEY, or none".into()),
        (status, _) => Err(format!("it answered {status}")),
    }
}

/// Addresses as they stand in the environment.
pub fn parse(text: &str) -> Result<Vec<Uri>, String> {
    let one = |text: &str| {
        let url = crate::outbound::url(text).map_err(|words| format!("'{text}': {words}"))?;
        match url.path() {
            "" | "/" => Ok(url),
            _ => Err(format!(
                "'{text}': only scheme, host and port, as in http://10.0.0.5:8000"
            )),
        }
    };
    let parts = text.split([',', ' ', '\n']).map(str::trim);
    parts.filter(|part| !part.is_empty()).map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_has_the_key_is_heard() {
        let carried = |key| Carried::new([key; 64], "id", None);
        let (one, other) = (carried(1), carried(2));
        let said = one.among.close(&one.news(&Heard::default()));
        let heard = |from: &Carried| read(&from.among, StatusCode::OK, said.as_bytes());
        assert!(heard(&one).is_ok());
        assert!(heard(&other).is_err_and(|words| words.contains("this key")));
        assert!(read(&one.among, StatusCode::OK, b"<html>").is_err());
        assert!(read(&one.among, StatusCode::UNAUTHORIZED, b"").is_err());
    }

    #[test]
    fn addresses_are_read_and_mistakes_named() {
        let read = parse("http://a:8000, https://b\nhttp://[::1]:1/").expect("addresses");
        assert_eq!(read.len(), 3);
        for wrong in ["a:8000", "http://a/weir", "ftp://a"] {
            assert!(
                parse(wrong).is_err_and(|words| words.contains(wrong)),
                "{wrong}"
            );
        }
    }
}
