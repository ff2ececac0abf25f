//! External streams, external tables and schemas, with the real systems they read.

mod databases;
mod logs;
mod nats;

use std::{io::Write, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use weir_services::Nats;

use super::common::{Backend, answer};

fn settings(pairs: &[(&str, &str)]) -> Value {
    let pairs = pairs.iter();
    pairs
        .map(|(key, value)| json!({"key": key, "value": value}))
        .collect()
}

/// All rows of a query that ends.
async fn rows(backend: &Backend, sql: &str) -> Value {
    let mut events = backend.query(sql).await;
    let mut all = Vec::new();
    while let Some(event) = events.next().await {
        if event.is_rows() {
            all.extend(event.json().as_array().expect("rows").clone());
        } else if event.name == "query" && event.json()["status"] == "failed" {
            panic!("{sql}: {}", event.data);
        }
    }
    Value::Array(all)
}

/// The next rows of a query that goes on.
async fn next_rows(events: &mut super::common::Events, count: usize) -> Vec<Value> {
    let mut all = Vec::new();
    while all.len() < count {
        let event = events.next().await.expect("the query goes on");
        assert_ne!(event.json()["status"], "failed", "{}", event.data);
        if event.is_rows() {
            all.extend(event.json().as_array().expect("rows").clone());
        }
    }
    all
}

#[tokio::test]
async fn what_is_not_run_is_kept_and_says_so() {
    let backend = Backend::start().await;
    let body = json!({"name": "p", "columns": [{"name": "a", "type": "int64"}], "settings": settings(&[
        ("type", "pulsar"), ("service_url", "pulsar://x"), ("topic", "t"), ("jwt", "secret"),
    ])});
    backend
        .post("/v1beta2/external_streams", body)
        .await
        .expect(201);
    let kept = backend.get("/v1beta2/external_streams/p").await.expect(200);
    assert!(!kept.body.contains("secret"), "{}", kept.body);
    assert_eq!(
        kept.json()["settings"][0],
        json!({"key": "type", "value": "pulsar"})
    );
    for sql in ["SELECT * FROM p", "SELECT * FROM table(p)"] {
        let refused = backend
            .post("/v1beta2/queries", json!({"sql": sql}))
            .await
            .expect(400);
        assert!(
            refused
                .message()
                .contains("not run by the embedded backend"),
            "{}",
            refused.body
        );
    }
    let body =
        json!({"name": "m", "settings": settings(&[("type", "mongodb"), ("uri", "mongodb://x")])});
    backend
        .post("/v1beta2/external_tables", body)
        .await
        .expect(201);
    let refused = backend
        .post("/v1beta2/queries", json!({"sql": "SELECT * FROM m"}))
        .await;
    assert!(refused.expect(400).message().contains("not run"));
    let nobody = json!({"name": "k", "columns": [{"name": "a", "type": "string"}], "settings": settings(&[
        ("type", "kafka"), ("brokers", "127.0.0.1:1"), ("topic", "t"),
    ])});
    backend
        .post("/v1beta2/external_streams", nobody)
        .await
        .expect(201);
}

#[tokio::test]
async fn schemas_are_compiled_and_decode_messages() {
    let backend = Backend::start().await;
    let schema = |content: &str| json!({"name": "orders", "type": "Protobuf", "content": content});
    let wrong = backend
        .post(
            "/v1beta2/schemas",
            schema("syntax = \"proto3\";\nmessage A {\n  Nope x = 1;\n}"),
        )
        .await
        .expect(400)
        .json();
    assert_eq!(wrong["fields"][0]["field"], "content");
    assert_eq!(
        wrong["position"],
        json!({"line": 3, "column": 3}),
        "{wrong}"
    );
    let good = "syntax = \"proto3\";\nmessage Order {\n  int64 id = 1;\n  string item = 2;\n}";
    backend
        .post("/v1beta2/schemas", schema(good))
        .await
        .expect(201);
    backend
        .post("/v1beta2/schemas", schema(good))
        .await
        .expect(400);
    let put = |name: &str, body: Value| {
        let path = format!("/v1beta2/schemas/{name}");
        answer(backend.request(Method::PUT, &path).body(body.to_string()))
    };
    put(
        "nope",
        json!({"name": "nope", "type": "Protobuf", "content": good}),
    )
    .await
    .expect(404);
    let more = format!("{good}\nmessage Other {{\n}}");
    put("orders", schema(&more)).await.expect(200);
    let kept = backend
        .get("/v1beta2/schemas/orders")
        .await
        .expect(200)
        .json();
    assert_eq!(kept["content"], json!(more));

    let nats = Nats::start().expect("nats");
    nats.create_stream("pb").expect("stream");
    nats.publish("pb.a", [8, 42, 18, 1, b'z']).expect("publish");
    let body = json!({
        "name": "pb", "columns": [{"name": "id", "type": "int64"}, {"name": "item", "type": "string"}],
        "settings": settings(&[
            ("type", "nats_jetstream"), ("url", &nats.url), ("stream_name", "pb"),
            ("data_format", "ProtobufSingle"), ("format_schema", "orders:Order"),
        ]),
    });
    backend
        .post("/v1beta2/external_streams", body)
        .await
        .expect(201);
    assert_eq!(
        rows(&backend, "SELECT id, item FROM table(pb)").await,
        json!([[42, "z"]])
    );
    let used = backend.delete("/v1beta2/schemas/orders").await.expect(400);
    assert!(used.message().contains("pb"), "{}", used.body);

    let run = |sql: &str| backend.post("/v1beta2/queries", json!({"sql": sql}));
    run("DROP STREAM pb").await.expect(204);
    run("CREATE OR REPLACE FORMAT SCHEMA orders AS 'syntax = \"proto3\";\nmessage B {}' TYPE Protobuf").await.expect(204);
    run("DROP FORMAT SCHEMA orders").await.expect(204);
    backend.get("/v1beta2/schemas/orders").await.expect(404);
    assert_eq!(
        backend.get("/v1beta2/schemas").await.expect(200).json(),
        json!([])
    );
}

#[tokio::test]
async fn externals_are_there_after_a_restart() {
    let backend = Backend::start().await;
    let logs = backend.dir.path().join("data/logs");
    std::fs::create_dir_all(&logs).expect("folder");
    std::fs::write(logs.join("a.log"), "{\n  one\n{\n  two\n").expect("log");
    let body = json!({"name": "app", "description": "d", "settings": settings(&[
        ("type", "log"), ("log_files", "a.log"), ("log_dir", logs.to_str().expect("path")),
        ("row_delimiter", r"\{"),
    ])});
    backend
        .post("/v1beta2/external_streams", body)
        .await
        .expect(201);
    let before = backend
        .get("/v1beta2/external_streams")
        .await
        .expect(200)
        .json();
    let backend = backend.restart().await;
    assert_eq!(
        backend
            .get("/v1beta2/external_streams")
            .await
            .expect(200)
            .json(),
        before
    );
    assert_eq!(
        rows(&backend, "SELECT raw FROM table(app)").await,
        json!([["{\n  one"], ["{\n  two"]])
    );
    // Silence ends a row that could go on.
    let mut live = backend.query("SELECT raw FROM app").await;
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(logs.join("a.log"))
        .expect("file");
    file.write_all(b"{\n  three\n").expect("write");
    let next = tokio::time::timeout(Duration::from_secs(30), next_rows(&mut live, 1)).await;
    assert_eq!(next.expect("a row"), [json!(["{\n  three"])]);
}
