//! Sources that read messages: WebSocket and NATS.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use reqwest::Client;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_tungstenite::{accept_async, tungstenite::Message};
use weir_services::{Nats, PASSWORD, USER};

use super::{
    super::{common::Backend, crash::Program},
    PATIENCE,
};

#[tokio::test]
async fn a_websocket_is_read_again_after_it_ends_and_bad_messages_are_counted() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
    let address = listener.local_addr().expect("address");
    let server = tokio::spawn(async move {
        let mut opened = Vec::new();
        for round in 0..2 {
            let (connection, _) = listener.accept().await.expect("connection");
            let mut socket = accept_async(connection).await.expect("handshake");
            let first = socket.next().await.expect("message").expect("message");
            opened.push(first.into_text().expect("text").to_string());
            for n in 0..3 {
                let text = json!({"n": round * 3 + n, "extra": true}).to_string();
                socket.send(Message::text(text)).await.expect("sent");
            }
            socket.send(Message::text("no JSON")).await.expect("sent");
            let binary = json!({"n": 100 + round}).to_string();
            socket.send(Message::binary(binary)).await.expect("sent");
            socket.close(None).await.expect("closed");
            while socket.next().await.is_some() {}
        }
        // Keeps listening, so that the third attempt waits.
        (opened, listener)
    });
    let backend = Backend::start().await;
    backend.create_stream("numbers", &[("n", "int64")]).await;
    let id = backend
        .create_source(json!({
            "name": "ws", "type": "websocket", "stream": "numbers",
            "properties": {"url": format!("ws://{address}/feed"), "data_type": "json",
                "open_message": "{\"subscribe\":1}"}
        }))
        .await;
    backend.until_rows("numbers", 8).await;
    let (opened, _listener) = server.await.expect("server");
    assert_eq!(opened, ["{\"subscribe\":1}", "{\"subscribe\":1}"]);
    let mut rows: Vec<i64> = backend
        .column("numbers", "n")
        .await
        .iter()
        .filter_map(Value::as_i64)
        .collect();
    rows.sort_unstable();
    assert_eq!(rows, [0, 1, 2, 3, 4, 5, 100, 101]);
    let stats = backend.source_stats(&id).await;
    assert_eq!(stats["success_count"], 8.0);
    let errors = stats["errors"].to_string();
    assert!(errors.contains("message not stored"), "{errors}");
    assert!(
        errors.contains("the server ended the connection"),
        "{errors}"
    );
}

#[tokio::test]
async fn nats_messages_become_rows_and_a_queue_group_shares_them() {
    let nats = Nats::start().expect("NATS");
    let client = async_nats::connect(&nats.url).await.expect("client");
    let backend = Backend::start().await;
    backend.create_stream("lines", &[("raw", "string")]).await;
    let mut ids = Vec::new();
    for name in ["one", "two"] {
        let id = backend
            .create_source(json!({
                "name": name, "type": "nats", "stream": "lines",
                "properties": {"url": [nats.url], "subject": "lines.>", "data_type": "text",
                    "queue": "workers", "tls": {"disable": true}}
            }))
            .await;
        let logs = format!("/v1beta2/sources/{id}/logs?lines=10");
        backend
            .until(&logs, |logs| logs.to_string().contains("subscribed"))
            .await;
        ids.push(id);
    }
    for n in 0..100 {
        let text = format!("line {n} \"ä\"");
        client
            .publish(format!("lines.{n}"), text.into())
            .await
            .expect("published");
    }
    client.flush().await.expect("flushed");
    backend.until_rows("lines", 100).await;
    let rows = backend.column("lines", "raw").await;
    assert_eq!(rows.len(), 100);
    assert!(rows.contains(&json!("line 7 \"ä\"")));
    let mut counts = Vec::new();
    for id in &ids {
        counts.push(
            backend.source_stats(id).await["success_count"]
                .as_f64()
                .expect("count"),
        );
    }
    assert_eq!(counts.iter().sum::<f64>(), 100.0);
    drop(nats);
    let path = format!("/v1beta2/sources/{}", ids[0]);
    let source = backend
        .until(&path, |source| source["status"] == "interrupted")
        .await;
    assert!(
        source["message"]
            .as_str()
            .expect("text")
            .contains("connect"),
        "{source}"
    );
    backend.act(&ids[0], "stop").await.expect(204);
    assert_eq!(backend.source(&ids[0]).await["message"], "");
}

/// Of several servers one is enough, whichever is tried first; who calls stands in its address.
#[tokio::test]
async fn one_of_the_servers_of_nats_is_enough() {
    let nats = Nats::start_with_password().expect("NATS");
    // Which says that a message has come.
    nats.create_stream("lines").expect("stream");
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("port");
    let address = gone.local_addr().expect("address");
    drop(gone);
    let gone = format!("nats://u:p@{address}");
    let password: String = PASSWORD
        .bytes()
        .map(|byte| format!("%{byte:02x}"))
        .collect();
    let there = nats.url.replace("://", &format!("://{USER}:{password}@"));
    let backend = Backend::start().await;
    backend.create_stream("lines", &[("raw", "string")]).await;
    for (n, url) in [json!([gone, there]), json!([there, gone]), json!([there])]
        .into_iter()
        .enumerate()
    {
        let id = backend
            .create_source(json!({
                "name": format!("of {n}"), "type": "nats", "stream": "lines",
                "properties": {"url": url, "subject": "lines.>", "data_type": "text"}
            }))
            .await;
        let logs = format!("/v1beta2/sources/{id}/logs?lines=10");
        backend
            .until(&logs, |logs| logs.to_string().contains("subscribed"))
            .await;
    }
    nats.publish("lines.a", "all of them").expect("published");
    backend.until_rows("lines", 3).await;
}

async fn jetstream(nats: &Nats) -> async_nats::jetstream::Context {
    let client = async_nats::connect(&nats.url).await.expect("client");
    let context = async_nats::jetstream::new(client);
    let config = async_nats::jetstream::stream::Config {
        name: "ORDERS".into(),
        subjects: vec!["orders.*".into()],
        ..Default::default()
    };
    context.create_stream(config).await.expect("stream");
    context
}

async fn publish(context: &async_nats::jetstream::Context, numbers: std::ops::Range<i64>) {
    let mut done = Vec::new();
    for n in numbers {
        let body = json!({"n": n}).to_string();
        done.push(
            context
                .publish("orders.new", body.into())
                .await
                .expect("published"),
        );
    }
    for one in done {
        one.await.expect("kept");
    }
}

fn orders(nats: &Nats, durable: Option<&str>) -> Value {
    let mut properties = json!({"url": [nats.url], "subject": "orders.new", "data_type": "json",
        "ack_wait": "2s", "max_ack_pending": 200});
    if let Some(durable) = durable {
        properties["durable"] = json!(durable);
    }
    json!({"name": "orders", "type": "nats_jetstream", "stream": "orders", "properties": properties})
}

#[tokio::test]
async fn jetstream_goes_on_where_it_ended_and_a_preview_moves_nothing() {
    let nats = Nats::start().expect("NATS");
    let context = jetstream(&nats).await;
    publish(&context, 0..500).await;
    let backend = Backend::start().await;
    backend.create_stream("orders", &[("n", "int64")]).await;
    let body = orders(&nats, Some("weir"));
    let preview = json!({"type": body["type"], "properties": body["properties"], "size": 5, "timeout": "30s"});
    let events = backend
        .post("/v1beta2/source/preview", &preview)
        .await
        .expect(200)
        .json();
    assert_eq!(events[0], json!({"n": 0}));
    assert_eq!(events.as_array().map(Vec::len), Some(5));
    let id = backend.create_source(body).await;
    backend.until_rows("orders", 500).await;
    backend.act(&id, "stop").await.expect(204);
    publish(&context, 500..800).await;
    backend.act(&id, "start").await.expect(204);
    backend.until_rows("orders", 800).await;
    let stream = context.get_stream("ORDERS").await.expect("stream");
    let limit = Instant::now() + PATIENCE;
    loop {
        let info = stream.consumer_info("weir").await.expect("consumer");
        if info.num_ack_pending == 0 && info.num_pending == 0 {
            break;
        }
        assert!(Instant::now() < limit, "{info:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let mut rows: Vec<i64> = backend
        .column("orders", "n")
        .await
        .iter()
        .filter_map(Value::as_i64)
        .collect();
    rows.sort_unstable();
    assert_eq!(rows, (0..800).collect::<Vec<_>>(), "each once");
}

#[tokio::test]
async fn no_jetstream_message_is_lost_when_the_backend_is_killed() {
    let nats = Nats::start().expect("NATS");
    let context = jetstream(&nats).await;
    let dir = tempfile::tempdir().expect("folder");
    let client = Client::new();
    let mut program = Program::start(dir.path());
    let stream = r#"{"name":"orders","columns":[{"name":"n","type":"int64"}]}"#;
    assert_eq!(program.post(&client, "/v1beta2/streams", stream).await, 201);
    let body = orders(&nats, Some("weir")).to_string();
    assert_eq!(program.post(&client, "/v1beta2/sources", &body).await, 201);
    for round in 0..3 {
        publish(&context, round * 2000..(round + 1) * 2000).await;
        // In the middle of it, at a moment that differs from run to run.
        program.kill();
        program = Program::start(dir.path());
    }
    let limit = Instant::now() + PATIENCE;
    let stats = "/v1beta2/streams/orders/stats";
    let jetstream = context.get_stream("ORDERS").await.expect("stream");
    loop {
        let info = jetstream.consumer_info("weir").await.expect("consumer");
        let rows = program.get(&client, stats).await["row_count"].as_i64();
        if info.num_ack_pending == 0 && info.num_pending == 0 && rows >= Some(6000) {
            break;
        }
        assert!(Instant::now() < limit, "{rows:?} rows, {info:?}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    drop(program);
    let backend = Backend::start_in(dir, |_| {}).await;
    let rows: std::collections::BTreeSet<i64> = backend
        .column("orders", "n")
        .await
        .iter()
        .filter_map(Value::as_i64)
        .collect();
    assert_eq!(rows.len(), 6000, "every message is there");
}
