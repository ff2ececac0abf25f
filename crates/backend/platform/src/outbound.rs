//! Calls to other servers: the one HTTP client of the backend.
//!
//! Connections are kept and reused; redirects are answers like others, because what a delivery
//! says must not go to an address that nobody entered. Certificates are checked against those of
//! the operating system, and where it has none against Mozilla's.

use std::{error::Error, time::Duration};

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, Uri};
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use rustls::{ClientConfig, RootCertStore, crypto::ring};

use crate::hosts;

/// A kept connection is closed when it was not used for so long. Servers close theirs too (this
/// backend after 10 s, Node after 5): a row that is sent just then would be lost.
const IDLE: Duration = Duration::from_secs(4);

/// Cheap to clone.
#[derive(Clone)]
pub struct Outbound(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

/// What to send.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: Method,
    pub url: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// From the first attempt to connect to the last byte of the answer.
    pub timeout: Duration,
    /// Bytes read of the answer's body; what comes after them is not.
    pub limit: usize,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// The body went on after the limit.
    pub cut: bool,
}

/// No answer came. Its words do not repeat the address, which may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutboundError {
    #[error("no answer within {}", words(*.0))]
    Timeout(Duration),
    #[error("{0}")]
    Failed(String),
}

impl Default for Outbound {
    fn default() -> Self {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls())
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        Self(
            Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .pool_idle_timeout(IDLE)
                .build(connector),
        )
    }
}

impl Outbound {
    pub async fn send(&self, call: Call) -> Result<Answer, OutboundError> {
        let host = call.url.host().unwrap_or_default();
        hosts::check(host, port(&call.url)).map_err(OutboundError::Failed)?;
        self.send_to_own(call).await
    }

    /// To another process of ours, which the hosts that people may name say nothing about.
    pub(crate) async fn send_to_own(&self, call: Call) -> Result<Answer, OutboundError> {
        let timeout = call.timeout;
        tokio::time::timeout(timeout, self.exchange(call))
            .await
            .unwrap_or(Err(OutboundError::Timeout(timeout)))
    }

    async fn exchange(&self, call: Call) -> Result<Answer, OutboundError> {
        let failed = |error: &dyn Error| OutboundError::Failed(chain(error));
        let mut request = Request::new(Full::new(call.body));
        *request.method_mut() = call.method;
        *request.uri_mut() = call.url;
        *request.headers_mut() = call.headers;
        let answer = self.0.request(request).await.map_err(|e| failed(&e))?;
        let (head, mut stream) = answer.into_parts();
        let mut body = BytesMut::new();
        let mut cut = false;
        while let Some(frame) = stream.frame().await {
            let Ok(data) = frame.map_err(|e| failed(&e))?.into_data() else {
                continue;
            };
            let room = call.limit - body.len();
            body.extend_from_slice(&data[..data.len().min(room)]);
            if data.len() > room {
                cut = true;
                break;
            }
        }
        Ok(Answer {
            status: head.status,
            headers: head.headers,
            body: body.freeze(),
            cut,
        })
    }
}

pub fn tls() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    let provider = ring::default_provider();
    // The protocol versions are those of the provider, so this cannot fail.
    match ClientConfig::builder_with_provider(provider.into()).with_safe_default_protocol_versions()
    {
        Ok(builder) => builder,
        Err(_) => ClientConfig::builder(),
    }
    .with_root_certificates(roots)
    .with_no_client_auth()
}

/// An address that a person entered.
pub fn url(text: &str) -> Result<Uri, String> {
    let text = text.trim();
    let uri: Uri = text
        .parse()
        .map_err(|error| format!("this is not a URL: {error}"))?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http" | "https"), Some(host)) if !host.is_empty() => Ok(uri),
        _ => Err("a URL that begins with http:// or https:// is needed".into()),
    }
}

pub fn port(url: &Uri) -> u16 {
    let usual = match url.scheme_str() {
        Some("https") => 443,
        _ => 80,
    };
    url.port_u16().unwrap_or(usual)
}

/// A header that a person entered.
pub fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let name = HeaderName::try_from(name.trim())
        .map_err(|_| format!("'{name}' is not the name of a header"))?;
    // The value may be a secret: it is not repeated.
    let value = HeaderValue::try_from(value)
        .map_err(|_| format!("the value of header '{name}' holds a character it must not"))?;
    Ok((name, value))
}

/// `10s`, `500ms`.
pub fn words(duration: Duration) -> String {
    match duration.as_millis() {
        ms if ms % 1000 == 0 => format!("{}s", ms / 1000),
        ms => format!("{ms}ms"),
    }
}

/// The error and its causes; libraries say what happened only in the last of them.
pub fn chain(error: &dyn Error) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !words.iter().any(|known| known.contains(&text)) {
            words.push(text);
        }
        next = error.source();
    }
    words.join(": ")
}

#[cfg(test)]
mod tests {
    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::TcpListener,
    };

    use super::*;

    /// A server that answers everything with these bytes and keeps what was sent to it.
    async fn server(answer: &'static [u8]) -> (Uri, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let address = listener.local_addr().expect("address");
        let task = tokio::spawn(async move {
            let (mut connection, _) = listener.accept().await.expect("connection");
            let mut got = vec![0; 4096];
            let size = connection.read(&mut got).await.expect("request");
            connection.write_all(answer).await.expect("answer");
            String::from_utf8_lossy(&got[..size]).to_lowercase()
        });
        (url(&format!("http://{address}/x?y=1")).expect("URL"), task)
    }

    fn call(url: Uri) -> Call {
        Call {
            method: Method::POST,
            url,
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"hello"),
            timeout: Duration::from_secs(30),
            limit: 4,
        }
    }

    #[tokio::test]
    async fn sends_and_reads_up_to_the_limit() {
        let (url, task) =
            server(b"HTTP/1.1 302 Found\r\nlocation: http://a/\r\ncontent-length: 6\r\n\r\nabcdef")
                .await;
        let answer = Outbound::default().send(call(url)).await.expect("answer");
        assert_eq!(answer.status, 302, "redirects are not followed");
        assert_eq!((&answer.body[..], answer.cut), (&b"abcd"[..], true));
        let sent = task.await.expect("server");
        assert!(sent.starts_with("post /x?y=1 http/1.1\r\n"), "{sent}");
        assert!(sent.ends_with("content-length: 5\r\n\r\nhello"), "{sent}");
    }

    #[tokio::test]
    async fn says_why_there_is_no_answer() {
        let closed = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let address = closed.local_addr().expect("address");
        drop(closed);
        let url = url(&format!("http://{address}/secret")).expect("URL");
        let error = Outbound::default()
            .send(call(url))
            .await
            .expect_err("refused");
        let words = error.to_string();
        assert!(
            words.contains("refused") && !words.contains("secret"),
            "{words}"
        );

        let silent = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let address = silent.local_addr().expect("address");
        let mut call = call(super::url(&format!("http://{address}")).expect("URL"));
        call.timeout = Duration::from_millis(50);
        let error = Outbound::default().send(call).await.expect_err("silence");
        assert_eq!(error.to_string(), "no answer within 50ms");
    }

    #[tokio::test]
    async fn https_is_spoken() {
        // What answers is no TLS server, and the words say so.
        let (plain, _task) = server(b"HTTP/1.1 200 OK\r\n\r\n").await;
        let secure = plain.to_string().replacen("http:", "https:", 1);
        let error = Outbound::default()
            .send(call(url(&secure).expect("URL")))
            .await;
        let words = error.expect_err("no TLS").to_string();
        assert!(
            words.to_lowercase().contains("corrupt") || words.contains("TLS"),
            "{words}"
        );
    }

    #[test]
    fn urls_are_checked() {
        for bad in ["", "example.com", "ftp://x/", "http://", "/path"] {
            assert!(url(bad).is_err(), "{bad}");
        }
        assert!(url(" https://example.com/a?b ").is_ok());
    }
}
