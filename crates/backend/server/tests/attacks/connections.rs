//! Somebody who is not signed in holds connections and memory.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::common::{Backend, PASSWORD, answer};

/// Sends the beginning of a request; the answer and how long until the other side closed.
async fn begun(backend: &Backend, text: &str) -> (String, Duration) {
    let started = Instant::now();
    let address = backend.running.address;
    let mut connection = TcpStream::connect(address).await.expect("connection");
    connection.write_all(text.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    // A reset is a close, too.
    let _ = connection.read_to_end(&mut answer).await;
    (
        String::from_utf8_lossy(&answer).into_owned(),
        started.elapsed(),
    )
}

#[tokio::test]
async fn half_a_head_does_not_stay() {
    let backend = Backend::start().await;
    let halves = ["", "GET / HT", "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: "];
    let all = (0..300).map(|n| begun(&backend, halves[n % halves.len()]));
    let all = futures_util::future::join_all(all);
    let page = async {
        tokio::time::sleep(Duration::from_millis(200)).await;
        let started = Instant::now();
        answer(backend.bare(Method::GET, "/api/session"))
            .await
            .expect(401);
        started.elapsed()
    };
    let (all, page) = tokio::join!(all, page);
    assert!(page < Duration::from_secs(2), "{page:?}");
    for (answer, took) in all {
        assert!(took < Duration::from_secs(20), "{took:?}: {answer}");
    }
}

#[tokio::test]
async fn a_head_has_a_bound() {
    let backend = Backend::start().await;
    let asked = async |text: String| {
        let text = text + "Connection: close\r\n\r\n";
        let (answer, _) = begun(&backend, &text).await;
        answer.split(' ').nth(1).unwrap_or_default().to_string()
    };
    let head = "GET /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\n";
    let header = |length| format!("{head}X-A: {}\r\n", "x".repeat(length));
    assert_eq!(asked(header(60_000)).await, "401");
    for length in [66_000, 70_000, 100_000, 130_000, 1 << 20] {
        assert_eq!(asked(header(length)).await, "431", "{length}");
    }
    let many: String = (0..100)
        .map(|n| format!("X-{n}: {}\r\n", "x".repeat(700)))
        .collect();
    assert_eq!(asked(format!("{head}{many}")).await, "431");
    let target = format!(
        "GET /api/session?{} HTTP/1.1\r\nHost: 127.0.0.1\r\n",
        "x".repeat(70_000)
    );
    assert!(["414", "431"].contains(&&*asked(target).await));
}

#[tokio::test]
async fn no_body_is_read_of_somebody_unknown() {
    let backend = Backend::start().await;
    let long = 31 << 20;
    let tried = async |path: &str| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {long}\r\n\r\n{{"
        );
        let (answer, took) = begun(&backend, &head).await;
        let status = answer.split(' ').nth(1).unwrap_or_default().to_string();
        assert!(took < Duration::from_secs(25), "{path}: {took:?}");
        assert!(status.starts_with('4'), "{path}: {answer}");
    };
    let paths = [
        "/default/api/v1beta2/queries",
        "/default/api/v1beta2/streams/host_metrics/ingest",
        "/api/session",
        "/invite",
        "/dataworks/?Action=ListProjects",
        "/dataworks/api/x",
        "/secmaster/v3/auth/tokens",
        "/secmaster/v1/default/workspaces",
        "/azion/data_streaming/streamings",
        "/relay/x/a",
    ];
    futures_util::future::join_all(paths.map(tried)).await;
}

#[tokio::test]
async fn a_stream_of_events_ends_with_its_session() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "int32")]).await;
    let open = async |cookie: &str| {
        let request = backend.bare(Method::POST, "/default/api/v1beta2/queries");
        let request = request
            .header("Cookie", cookie)
            .header("Accept", "text/event-stream");
        request
            .body(r#"{"sql": "SELECT a FROM s"}"#)
            .send()
            .await
            .expect("answer")
    };
    let cookie = super::people::sign_in(&backend, "admin", PASSWORD).await;
    let mut events = open(&cookie).await;
    let out = backend
        .bare(Method::DELETE, "/api/session")
        .header("Cookie", &cookie);
    answer(out).await.expect(204);
    ends(&mut events).await;

    super::people::add_reader(&backend).await;
    let reader = super::people::READER;
    let cookie = super::people::sign_in(&backend, reader, super::people::READERS_PASSWORD).await;
    let mut events = open(&cookie).await;
    backend
        .delete(&format!("/v1beta2/users/{reader}"))
        .await
        .expect(204);
    ends(&mut events).await;
}

/// Also what sends nothing while it works.
#[tokio::test(flavor = "multi_thread")]
async fn a_query_is_not_finished_for_somebody_who_was_put_out() {
    let backend = Backend::start().await;
    super::people::add_reader(&backend).await;
    let sql = "SELECT count() FROM numbers(1000000) AS a CROSS JOIN numbers(1000000) AS b";
    let long = json!({"sql": sql, "type": "historical", "timeout_ms": 600_000});
    let exec = super::people::by_reader(&backend, Method::POST, "/v1beta2/exec");
    let exec = tokio::spawn(answer(exec.body(long.to_string())));
    let query = super::people::by_reader(&backend, Method::POST, "/v1beta2/queries");
    let query = query.header("Prefer", "respond-async");
    let query = answer(query.body(json!({"sql": sql}).to_string()));
    let id = query.await.expect(202).json()["id"].clone();
    let id = id.as_str().expect("id").to_string();
    let reader = super::people::READER;
    let user = format!("/v1beta2/users/{reader}");
    backend.delete(&user).await.expect(204);
    let ended = tokio::time::timeout(Duration::from_secs(10), exec).await;
    let ended = ended.expect("it goes on").expect("an answer");
    assert!(ended.status.is_client_error(), "{}", ended.body);
    let path = format!("/v1beta2/queries/{id}");
    let ended = async {
        while backend.get(&path).await.expect(200).json()["status"] == "running" {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let ended = tokio::time::timeout(Duration::from_secs(10), ended).await;
    assert!(ended.is_ok(), "it goes on");
}

async fn ends(events: &mut reqwest::Response) {
    let all = async { while events.chunk().await.is_ok_and(|piece| piece.is_some()) {} };
    let ended = tokio::time::timeout(Duration::from_secs(10), all).await;
    assert!(ended.is_ok(), "it goes on");
}

#[tokio::test]
async fn a_reader_makes_the_server_connect_nowhere() {
    let backend = Backend::start().await;
    super::people::add_reader(&backend).await;
    let inside = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("port");
    let address = inside.local_addr().expect("address");
    let sources = [
        serde_json::json!({"type": "websocket", "properties": {"url": format!("ws://{address}/")}, "size": 1}),
        serde_json::json!({"type": "nats", "properties": {"url": format!("nats://{address}"), "subject": "a"}}),
        serde_json::json!({"type": "kafka", "properties": {"brokers": address.to_string(), "topic": "a"}}),
    ];
    for body in sources {
        let request = super::people::by_reader(&backend, Method::POST, "/v1beta2/source/preview");
        super::people::refused(request.body(body.to_string()), "source").await;
    }
    for kind in ["kafka", "nats", "log"] {
        let body = serde_json::json!({"settings": [
            {"key": "type", "value": kind}, {"key": "brokers", "value": address.to_string()},
            {"key": "url", "value": format!("nats://{address}")}, {"key": "log_files", "value": ".*"},
        ]});
        let path = "/v1beta2/external_streams/preview";
        let request = super::people::by_reader(&backend, Method::POST, path);
        super::people::refused(request.body(body.to_string()), kind).await;
    }
    let accepted = tokio::time::timeout(Duration::from_millis(300), inside.accept()).await;
    assert!(accepted.is_err(), "somebody connected");
}

/// Whatever they are asked of: one user has so many, and others have theirs.
#[tokio::test]
async fn one_users_requests_leave_room_for_those_of_others_in_every_system() {
    let relayed = super::receiver::Receiver::start().await;
    let backend = Backend::start_with(|config| {
        config.limits.connections_per_user = 1;
        let settings = format!("upstream = '{}'\nsystem = 'azion'", relayed.url("/"));
        let settings = toml::from_str(&settings).expect("settings");
        config.relay.insert("up".into(), settings);
    })
    .await;
    super::people::add_reader(&backend).await;
    let (user, password) = (super::people::READER, super::people::READERS_PASSWORD);
    let cookie = super::people::sign_in(&backend, user, password).await;
    let held = backend
        .bare(Method::POST, "/default/api/v1beta2/queries")
        .basic_auth(user, Some(password))
        .body(r#"{"sql": "SELECT * FROM host_metrics"}"#)
        .send()
        .await
        .expect("events");
    assert_eq!(held.status(), 200);
    for path in [
        "/default/api/v1beta2/streams",
        "/azion/data_streaming/streamings",
        "/azion/v4/workspace/stream/streams",
        "/secmaster/v1/default/workspaces",
        "/dataworks/?Action=ListProjects",
        "/relay/up/data_streaming/streamings",
    ] {
        let by = |cookie: &str| {
            let request = backend.bare(Method::GET, path).header("Cookie", cookie);
            answer(request.header("Accept", "application/json; version=3"))
        };
        let refused = by(&cookie).await;
        assert_eq!(refused.status, 429, "{path}: {}", refused.body);
        let admin = super::people::sign_in(&backend, "admin", PASSWORD).await;
        let others = by(&admin).await;
        assert_ne!(others.status, 429, "{path}: {}", others.body);
    }
}
