//! Sources that really read: made-up rows, a WebSocket server, NATS with JetStream.

use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_tungstenite::{accept_async, tungstenite::Message};
use weir_services::Nats;

use super::{
    common::{Answer, Backend, answer},
    crash::Program,
};

const PATIENCE: Duration = Duration::from_secs(60);

impl Backend {
    async fn create_source(&self, body: Value) -> String {
        let made = self.post("/v1beta2/sources", body).await.expect(201).json();
        made["id"].as_str().expect("id").to_string()
    }

    async fn source(&self, id: &str) -> Value {
        let path = format!("/v1beta2/sources/{id}");
        self.get(&path).await.expect(200).json()
    }

    async fn act(&self, id: &str, action: &str) -> Answer {
        let path = format!("/v1beta2/sources/{id}/{action}");
        self.post(&path, "").await
    }

    async fn put(&self, path: &str, body: Value) -> Answer {
        answer(self.request(Method::PUT, path).body(body.to_string())).await
    }

    async fn source_stats(&self, id: &str) -> Value {
        let path =
            format!("/v1beta2/sources/{id}/stats?error_log_time_range=1d&metrics_time_range=10m");
        self.get(&path).await.expect(200).json()
    }

    /// Asks until `done`.
    async fn until(&self, path: &str, done: impl Fn(&Value) -> bool) -> Value {
        let limit = Instant::now() + PATIENCE;
        loop {
            let answer = self.get(path).await.expect(200).json();
            if done(&answer) {
                return answer;
            }
            assert!(Instant::now() < limit, "{path}: {answer}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn until_rows(&self, stream: &str, rows: i64) {
        let path = format!("/v1beta2/streams/{stream}/stats");
        self.until(&path, |stats| stats["row_count"].as_i64() >= Some(rows))
            .await;
    }

    /// All rows of one column, as they are stored.
    async fn column(&self, stream: &str, column: &str) -> Vec<Value> {
        let sql = format!("SELECT {column} FROM table({stream})");
        let mut events = self.query(&sql).await;
        let mut rows = Vec::new();
        while let Some(event) = events.next().await {
            if event.is_rows() {
                rows.extend(event.json().as_array().expect("rows").iter().cloned());
            }
        }
        rows.iter().map(|row| row[0].clone()).collect()
    }
}

fn generator(name: &str, stream: &str) -> Value {
    json!({
        "name": name, "type": "stream_generator", "stream": stream,
        "properties": {"template": "iot", "interval": "10ms"}
    })
}

const READINGS: [(&str, &str); 3] = [
    ("time", "datetime64(3)"),
    ("device", "string"),
    ("temperature", "float64"),
];

#[tokio::test]
async fn a_generator_is_created_stopped_changed_started_and_deleted() {
    let backend = Backend::start().await;
    backend.create_stream("readings", &READINGS).await;
    let id = backend.create_source(generator("iot", "readings")).await;
    backend.until_rows("readings", 20).await;
    let source = backend.source(&id).await;
    assert_eq!(source["status"], "running");
    assert_eq!(source["created_by"]["name"], "admin");
    assert!(
        source["start_time"].as_i64() > Some(1_700_000_000),
        "{source}"
    );
    assert_eq!(
        source["properties"],
        json!({"template": "iot", "interval": "10ms"})
    );
    let stats = backend.source_stats(&id).await;
    assert!(stats["success_count"].as_f64() >= Some(20.0), "{stats}");
    assert_eq!(stats["failure_count"], 0.0);
    let points = stats["throughput"].as_array().expect("points");
    assert!(points.len() >= 10, "{stats}");
    assert!(
        points
            .iter()
            .any(|point| point["value"].as_f64() > Some(0.0))
    );
    let device = &backend.column("readings", "device").await[0];
    assert!(device.as_str().expect("text").starts_with("device_"));

    let path = format!("/v1beta2/sources/{id}");
    let refused = backend
        .patch(&path, json!({"description": "x"}))
        .await
        .expect(400);
    assert!(
        refused.message().contains("stop it first"),
        "{}",
        refused.body
    );
    backend.act(&id, "stop").await.expect(204);
    assert_eq!(backend.source(&id).await["status"], "stopped");
    let before = backend.column("readings", "device").await.len();
    let changed = backend
        .patch(
            &path,
            json!({"description": "faster", "properties": {"template": "iot", "interval": "5ms"}}),
        )
        .await
        .expect(200)
        .json();
    assert_eq!(changed["description"], "faster");
    assert_eq!(changed["properties"]["interval"], "5ms");
    assert_eq!(changed["name"], "iot", "absent fields stay");
    let renamed = json!({"name": "iot2", "stream": "readings"});
    let renamed = backend.put(&path, renamed).await.expect(200).json();
    assert_eq!(renamed["name"], "iot2");
    assert_eq!(
        backend.column("readings", "device").await.len(),
        before,
        "nothing is written while it is stopped"
    );
    backend.act(&id, "start").await.expect(204);
    backend.until_rows("readings", before as i64 + 5).await;
    let logs = backend
        .get(&format!("{path}/logs?lines=50"))
        .await
        .expect(200)
        .json();
    assert!(logs.to_string().contains("generating iot rows"), "{logs}");
    let one = backend.get(&format!("{path}/logs?lines=1")).await.json();
    assert_eq!(one.as_array().map(Vec::len), Some(1));

    let list = backend.get("/v1beta2/sources").await.expect(200).json();
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    backend.delete(&path).await.expect(204);
    backend.get(&path).await.expect(404);
    backend.act(&id, "start").await.expect(404);
    backend.delete(&path).await.expect(404);
}

#[tokio::test]
async fn what_runs_runs_again_after_a_restart() {
    let backend = Backend::start().await;
    backend.create_stream("readings", &READINGS).await;
    let running = backend.create_source(generator("a", "readings")).await;
    let stopped = backend.create_source(generator("b", "readings")).await;
    backend.act(&stopped, "stop").await.expect(204);
    backend.until_rows("readings", 5).await;
    let backend = backend.restart().await;
    let before = backend.column("readings", "device").await.len();
    backend.until_rows("readings", before as i64 + 5).await;
    assert_eq!(backend.source(&running).await["status"], "running");
    assert_eq!(backend.source(&stopped).await["status"], "stopped");
    let stats = backend.source_stats(&running).await;
    assert!(
        stats["success_count"].as_f64() > Some(5.0),
        "counts go on: {stats}"
    );
}

#[tokio::test]
async fn mistakes_are_named_at_their_fields() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("raw", "string")]).await;
    let id = backend.create_source(generator("taken", "s")).await;
    let cases = [
        ("name", json!({"name": "1x", "type": "nats", "stream": "s"})),
        ("name", generator("taken", "s")),
        (
            "type",
            json!({"name": "x", "type": "carrier_pigeon", "stream": "s"}),
        ),
        ("stream", generator("x", "missing")),
        (
            "properties.template",
            json!({"name": "x", "type": "stream_generator", "stream": "s"}),
        ),
        (
            "properties.template",
            json!({"name": "x", "type": "stream_generator", "stream": "s",
                "properties": {"template": "weather"}}),
        ),
        (
            "properties.interval",
            json!({"name": "x", "type": "stream_generator", "stream": "s",
                "properties": {"template": "iot", "interval": "0s"}}),
        ),
        (
            "properties.url",
            json!({"name": "x", "type": "websocket", "stream": "s",
                "properties": {"url": "http://x", "data_type": "json"}}),
        ),
        (
            "properties.subject",
            json!({"name": "x", "type": "nats_jetstream", "stream": "s",
                "properties": {"url": ["nats://127.0.0.1:4222"], "data_type": "json"}}),
        ),
    ];
    for (field, body) in cases {
        let refused = backend.post("/v1beta2/sources", &body).await.expect(400);
        let fields = refused.json()["fields"].clone();
        assert_eq!(fields[0]["field"], field, "{body}: {}", refused.body);
    }
    let stats = format!("/v1beta2/sources/{id}/stats");
    backend.get(&stats).await.expect(200);
    backend
        .get(&format!("{stats}?metrics_time_range=x"))
        .await
        .expect(400);
    backend
        .get(&format!("/v1beta2/sources/{id}/logs?lines=x"))
        .await
        .expect(400);
    backend.get("/v1beta2/sources/nobody").await.expect(404);
    backend
        .get("/v1beta2/sources/nobody/stats")
        .await
        .expect(404);
}

#[tokio::test]
async fn other_types_are_kept_without_showing_their_secrets_and_say_that_they_are_not_run() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("raw", "string")]).await;
    let body = json!({
        "name": "k", "type": "kafka", "stream": "s",
        "properties": {"brokers": "a:9092", "topic": "t", "data_type": "json", "offset": "latest",
            "username": "u", "password": "hush", "own": {"x": [1, null]}}
    });
    let id = backend.create_source(body).await;
    let source = backend.source(&id).await;
    assert!(!source.to_string().contains("hush"), "{source}");
    assert_eq!(source["properties"]["own"], json!({"x": [1, null]}));
    assert_eq!(source["status"], "stopped");
    assert!(
        source["message"]
            .as_str()
            .expect("text")
            .contains("not run by the embedded backend"),
        "{source}"
    );
    let refused = backend.act(&id, "start").await.expect(501);
    assert!(
        refused
            .message()
            .contains("not run by the embedded backend")
    );
    let preview = json!({"type": "redpanda_connect", "properties": {}});
    backend
        .post("/v1beta2/source/preview", preview)
        .await
        .expect(501);
    backend
        .delete(&format!("/v1beta2/sources/{id}"))
        .await
        .expect(204);
}

#[tokio::test]
async fn a_preview_shows_events_and_saves_nothing() {
    let backend = Backend::start().await;
    for template in ["iot", "user_logins", "devops"] {
        let request = json!({
            "type": "stream_generator", "size": 3, "timeout": "30s",
            "properties": {"template": template, "interval": "1ms"}
        });
        let events = backend
            .post("/v1beta2/source/preview", request)
            .await
            .expect(200)
            .json();
        assert_eq!(events.as_array().map(Vec::len), Some(3), "{events}");
        assert!(events[0]["time"].is_string(), "{events}");
    }
    let unreachable = json!({
        "type": "nats", "timeout": "20s",
        "properties": {"url": ["nats://127.0.0.1:1"], "subject": "a", "data_type": "json"}
    });
    let refused = backend
        .post("/v1beta2/source/preview", unreachable)
        .await
        .expect(400);
    assert!(
        refused.message().contains("not connected"),
        "{}",
        refused.body
    );
    let list = backend.get("/v1beta2/sources").await.expect(200).json();
    assert_eq!(list, json!([]));
}

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
