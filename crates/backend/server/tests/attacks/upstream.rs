//! An upstream of the relay, or somebody in its place, that never ends its answer.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use reqwest::Method;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{
    common::{Backend, PASSWORD},
    people::sign_in,
};

/// Sends `begin`, then `more` for ever.
async fn endless(begin: &'static str, more: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address");
    let more = more.repeat((64 << 10) / more.len().max(1));
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let more = more.clone();
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                if connection.read(&mut asked).await.is_ok()
                    && connection.write_all(begin.as_bytes()).await.is_ok()
                {
                    while connection.write_all(more.as_bytes()).await.is_ok() {}
                }
            });
        }
    });
    address
}

/// Status, bytes that came, and whether they came to a proper end.
async fn relayed(upstream: SocketAddr) -> (u16, usize, bool) {
    let settings = format!("upstream = 'http://{upstream}'");
    let settings = toml::from_str(&settings).expect("settings");
    let backend = Backend::start_with(|config| {
        config.relay.insert("x".into(), settings);
    })
    .await;
    let cookie = sign_in(&backend, "admin", PASSWORD).await;
    let request = backend.bare(Method::GET, "/relay/x/a");
    let mut answer = request
        .header("Cookie", cookie)
        .send()
        .await
        .expect("answer");
    let (status, mut bytes) = (answer.status().as_u16(), 0);
    loop {
        match answer.chunk().await {
            Ok(Some(piece)) => bytes += piece.len(),
            Ok(None) => return (status, bytes, true),
            Err(_) => return (status, bytes, false),
        }
    }
}

#[tokio::test]
async fn a_head_without_end_is_none() {
    let lines = "X-Padding: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\r\n";
    for (begin, more) in [
        ("HTTP/1.1 200 OK\r\n", lines),
        ("HTTP/1.1 200 OK\r\nX-Padding: ", "xxxxxxxxxxxxxxxx"),
        ("HTTP/1.1 200 ", "xxxxxxxxxxxxxxxx"),
        ("", "xxxxxxxxxxxxxxxx"),
    ] {
        let started = Instant::now();
        let (status, _, _) = relayed(endless(begin, more).await).await;
        assert_eq!(status, 502, "{begin}");
        assert!(started.elapsed() < Duration::from_secs(30), "{begin}");
    }
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    const LARGEST: usize = 256 << 20;
    for begin in [
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n",
        "HTTP/1.1 404 Not Found\r\nContent-Length: 99999999999999\r\n\r\n",
    ] {
        let (_, bytes, whole) = relayed(endless(begin, "xxxxxxxxxxxxxxxx").await).await;
        assert!(!whole, "{begin}");
        assert!(bytes <= LARGEST, "{bytes}: {begin}");
    }
}
