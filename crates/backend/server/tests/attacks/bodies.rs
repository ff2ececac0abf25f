//! Somebody signed in sends as much as a body takes.

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use reqwest::Method;
use serde_json::json;
use tokio::{io::AsyncWriteExt, net::TcpStream};

use super::{
    common::{Backend, PATIENCE, answer},
    people::{READER, READERS_PASSWORD, add_reader, by_reader},
};

/// What asks for something is small, and reading it keeps nobody waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn large_bodies_keep_nobody_waiting() {
    let backend = Backend::start().await;
    add_reader(&backend).await;
    let tags = |count: usize| {
        format!(
            "{{\"tags\":[{}\"a\"],\"sql\":\"SELECT 1\"}}",
            "\"a\",".repeat(count)
        )
    };
    let much = by_reader(&backend, Method::POST, "/v1beta2/queries").body(tags(3_000_000));
    let refused = answer(much).await.expect(413);
    assert!(refused.message().contains("8 MiB"), "{}", refused.body);
    let most = tags(2_000_000);
    let sent = (0..2).map(|_| {
        let request = by_reader(&backend, Method::POST, "/v1beta2/queries").body(most.clone());
        tokio::spawn(answer(request))
    });
    let sent: Vec<_> = sent.collect();
    let mut slowest = Duration::ZERO;
    while !sent.iter().all(tokio::task::JoinHandle::is_finished) {
        let started = Instant::now();
        answer(backend.bare(Method::GET, "/healthz"))
            .await
            .expect(200);
        slowest = slowest.max(started.elapsed());
    }
    println!("slowest: {slowest:?}");
    assert!(slowest < Duration::from_secs(1), "{slowest:?}");
    for task in sent {
        let answer = task.await.expect("answer").expect(400);
        assert!(answer.message().contains("tags"), "{}", answer.body);
    }
}

/// Bodies that stand still are held in memory until they are whole.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn bodies_of_one_user_leave_room_for_those_of_others() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "string")]).await;
    add_reader(&backend).await;
    let credential = STANDARD.encode(format!("{READER}:{READERS_PASSWORD}"));
    let head = format!(
        "POST /default/api/v1beta2/queries HTTP/1.1\r\nHost: localhost\r\n\
         Authorization: Basic {credential}\r\nContent-Length: {}\r\n\r\n",
        8 << 20
    );
    // The password is known once one has come with it.
    answer(by_reader(&backend, Method::GET, "/v1beta2/streams"))
        .await
        .expect(200);
    // 128 MiB are the bound of one user.
    let mut held = Vec::new();
    for _ in 0..16 {
        let address = backend.running.address;
        let mut connection = TcpStream::connect(address).await.expect("connection");
        connection.write_all(head.as_bytes()).await.expect("sent");
        connection.write_all(&[b' '; 4096]).await.expect("sent");
        held.push(connection);
    }
    let full = "{\"sql\": \"".to_string() + &" ".repeat(1 << 20);
    let limit = Instant::now() + PATIENCE;
    let refused = loop {
        assert!(Instant::now() < limit, "nothing is refused");
        let request = by_reader(&backend, Method::POST, "/v1beta2/queries").body(full.clone());
        let answer = answer(request).await;
        // Not all of those before have come.
        if answer.status != 400 {
            break answer;
        }
    };
    assert_eq!(refused.status, 503, "{}", refused.body);
    assert_eq!(refused.header("retry-after"), "1");
    // Others, and what is small.
    let rows = json!({"columns": ["a"], "data": [["x".repeat(4 << 20)]]});
    let path = "/v1beta2/streams/s/ingest";
    backend.post(path, rows).await.expect(200);
    let small = json!({"sql": "SELECT 1"}).to_string();
    let small = by_reader(&backend, Method::POST, "/v1beta2/queries").body(small);
    answer(small).await.expect(200);
    drop(held);
}

/// Each takes many times its bytes once it is read.
#[tokio::test]
async fn a_form_has_only_so_many_parameters() {
    let backend = Backend::start().await;
    let cookie = super::people::sign_in(&backend, "admin", super::common::PASSWORD).await;
    let call = |parameters: usize| {
        let body =
            "Action=ListProjects&Version=2020-05-18".to_string() + &"&a=1".repeat(parameters);
        let request = backend
            .bare(Method::POST, "/dataworks/")
            .header("Cookie", &cookie)
            .header("Content-Type", "application/x-www-form-urlencoded");
        answer(request.body(body))
    };
    call(5_000).await.expect(200);
    let refused = call(20_000).await.expect(400);
    assert!(
        refused.body.contains("10000 parameters"),
        "{}",
        refused.body
    );
}

/// Lists tell the descriptions of all.
#[tokio::test]
async fn descriptions_have_a_bound() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "int32")]).await;
    let long = "x".repeat((64 << 10) + 1);
    let column = json!([{"name": "a", "type": "int32"}]);
    for (path, body) in [
        (
            "streams",
            json!({"name": "t", "description": long, "columns": column}),
        ),
        (
            "views",
            json!({"name": "t", "description": long, "query": "SELECT a FROM s"}),
        ),
        (
            "udfs",
            json!({"name": "t", "description": long, "type": "javascript", "return_type": "int32",
            "arguments": column, "source": "function t(a) {return a}"}),
        ),
        (
            "external_streams",
            json!({"name": "t", "description": long, "columns": column, "settings": [
                {"key": "type", "value": "kafka"}, {"key": "brokers", "value": "127.0.0.1:1"},
                {"key": "topic", "value": "t"}]}),
        ),
    ] {
        let refused = backend.post(&format!("/v1beta2/{path}"), &body).await;
        assert_eq!(refused.status, 400, "{path}: {}", refused.message());
        assert!(
            refused.message().contains("description"),
            "{path}: {}",
            refused.message()
        );
    }
    let change = json!({"description": long});
    backend
        .patch("/v1beta2/streams/s", change)
        .await
        .expect(400);
    let sql = format!("CREATE STREAM t(a int32) COMMENT '{long}'");
    backend
        .post("/v1beta2/queries", json!({"sql": sql}))
        .await
        .expect(400);
}

/// What is packed may be anything once it is unpacked.
#[tokio::test]
async fn packed_bodies_are_refused_by_their_name() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "int32")]).await;
    let rows = r#"{"columns":["a"],"data":[[1]]}"#;
    let send = async |path: &str, coding: &str| {
        let request = backend.request(Method::POST, path);
        answer(request.header("Content-Encoding", coding).body(rows)).await
    };
    let ingest = "/v1beta2/streams/s/ingest";
    for coding in [
        "gzip",
        "x-gzip",
        "deflate",
        "br",
        "zstd",
        "gzip, identity",
        "lz4",
        "GZIP",
    ] {
        for path in [ingest, "/v1beta2/queries", "/v1beta2/streams"] {
            let refused = send(path, coding).await.expect(415);
            assert_eq!(refused.header("accept-encoding"), "identity");
            assert!(refused.message().contains(coding), "{}", refused.body);
        }
    }
    for coding in ["identity", "Identity", "utf-8"] {
        send(ingest, coding).await.expect(200);
    }
    for path in [
        "/api/session",
        "/dataworks/",
        "/secmaster/v3/auth/tokens",
        "/azion/tokens",
    ] {
        let request = backend
            .bare(Method::POST, path)
            .header("Content-Encoding", "gzip");
        answer(request.body(rows)).await.expect(415);
    }
}
