//! Sinks deliver what their query makes: byte for byte, again after a failure, once.

mod failures;
mod going_on;

use axum::{
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde_json::{Value, json};

use super::{
    common::{Backend, PATIENCE},
    receiver::Receiver,
};

async fn stream(backend: &Backend) {
    let columns = [
        ("n", "int64"),
        ("big", "uint64"),
        ("text", "string"),
        ("price", "decimal(20,4)"),
    ];
    backend.create_stream("s", &columns).await;
}

async fn rows(backend: &Backend, numbers: std::ops::Range<i64>) {
    let rows: Vec<String> = numbers
        .map(|n| format!(r#"[{n},18446744073709551615,"a\"{n}",12345678901234.5000]"#))
        .collect();
    let rows = format!("[{}]", rows.join(","));
    backend
        .ingest("s", r#"["n","big","text","price"]"#, &rows)
        .await;
}

fn sink(name: &str, url: &str, more: Value) -> Value {
    let mut properties = json!({"url": url});
    for (key, value) in more.as_object().expect("object") {
        properties[key] = value.clone();
    }
    json!({"name": name, "type": "http", "query": "SELECT n FROM s", "properties": properties})
}

async fn create(backend: &Backend, body: Value) -> String {
    let made = backend
        .post("/v1beta2/sinks", body)
        .await
        .expect(201)
        .json();
    made["id"].as_str().expect("id").to_string()
}

async fn stats(backend: &Backend, id: &str) -> Value {
    let path = format!("/v1beta2/sinks/{id}/stats?metrics_time_range=10m&error_log_time_range=1d");
    backend.get(&path).await.expect(200).json()
}

/// Waits until so many rows are delivered and failed.
async fn counted(backend: &Backend, id: &str, delivered: f64, failed: f64) -> Value {
    let limit = std::time::Instant::now() + PATIENCE;
    loop {
        let stats = stats(backend, id).await;
        if stats["success_count"] == delivered && stats["failure_count"] == failed {
            return stats;
        }
        assert!(std::time::Instant::now() < limit, "{stats}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_arrive_byte_for_byte() {
    let backend = Backend::start().await;
    stream(&backend).await;
    let mut receiver = Receiver::start().await;
    let mut whole = sink(
        "whole",
        &receiver.url("/in?a=b"),
        json!({"http_header": {"X-Team": "ops"}}),
    );
    whole["query"] = json!("SELECT n, big, text, price FROM s");
    let id = create(&backend, whole).await;
    rows(&backend, 1..3).await;
    let first = receiver.next().await;
    assert_eq!(
        (first.method.as_str(), first.path.as_str()),
        ("POST", "/in?a=b")
    );
    assert_eq!(first.header("content-type"), "application/json");
    assert_eq!(first.header("x-team"), "ops");
    let row = |n: i64| {
        format!(
            r#"{{"n":{n},"big":18446744073709551615,"text":"a\"{n}","price":12345678901234.5000}}"#
        )
    };
    assert_eq!(first.body, row(1));
    assert_eq!(receiver.next().await.body, row(2));
    let stats = counted(&backend, &id, 2.0, 0.0).await;
    assert!(
        stats["throughput"]
            .as_array()
            .is_some_and(|points| !points.is_empty())
    );
    assert!(
        stats["uptime"].as_f64().is_some_and(|ms| ms > 0.0),
        "{stats}"
    );
    let shown = backend
        .get(&format!("/v1beta2/sinks/{id}"))
        .await
        .expect(200)
        .json();
    assert_eq!(
        (&shown["status"], &shown["type"]),
        (&json!("running"), &json!("http"))
    );
    assert_eq!(shown["plan"]["is_streaming"], true);
    backend
        .delete(&format!("/v1beta2/sinks/{id}"))
        .await
        .expect(204);
    backend
        .get(&format!("/v1beta2/sinks/{id}"))
        .await
        .expect(404);

    let mut put = sink(
        "put",
        &receiver.url("/"),
        json!({
            "http_method": "put", "content_type": "text/csv",
            "payload_field": "{{ .n }};{{ .text }};{{ printf \"%08.2f\" .price }}",
        }),
    );
    put["query"] = json!("SELECT n, text, price FROM s WHERE n > 5");
    create(&backend, put).await;
    rows(&backend, 5..7).await;
    let got = receiver.next().await;
    assert_eq!(
        (got.method.as_str(), got.header("content-type")),
        ("PUT", "text/csv")
    );
    assert_eq!(got.body, "6;a\"6;12345678901234.50");
}

#[tokio::test(flavor = "multi_thread")]
async fn slack_gets_a_text() {
    let backend = Backend::start().await;
    stream(&backend).await;
    let mut receiver = Receiver::start().await;
    let url = receiver.url("/hook/secret");
    let body = json!({
        "name": "chat", "type": "slack", "query": "SELECT n, text FROM s",
        "properties": {"url": url, "template": "Row {{ .n }}:\n{{ .text }}"},
    });
    let id = create(&backend, body).await;
    rows(&backend, 7..8).await;
    let got = receiver.next().await;
    assert_eq!(got.body, r#"{"text":"Row 7:\na\"7"}"#);
    let shown = backend.get(&format!("/v1beta2/sinks/{id}")).await;
    assert!(!shown.body.contains("secret"), "{}", shown.body);

    // A change without the secret keeps it; without a template the row is the text.
    let path = format!("/v1beta2/sinks/{id}");
    backend
        .patch(&path, json!({"properties": {"header": {"X-A": "1"}}}))
        .await
        .expect(200);
    rows(&backend, 8..9).await;
    let got = receiver.next().await;
    assert_eq!(got.path, "/hook/secret");
    assert_eq!(got.body, r#"{"text":"{\"n\":8,\"text\":\"a\\\"8\"}"}"#);
    assert_eq!(got.header("x-a"), "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_calls_at_once() {
    let backend = Backend::start().await;
    stream(&backend).await;
    let mut receiver = Receiver::gated(0, |_, _| StatusCode::OK.into_response()).await;
    let more = json!({"payload_field": "{{ .n }}", "paralism": 3});
    let id = create(&backend, sink("wide", &receiver.url("/"), more)).await;
    rows(&backend, 0..7).await;
    // Three come while none is answered; each answer lets another one come.
    let mut first = receiver.bodies(3).await;
    first.sort();
    assert_eq!(first, ["0", "1", "2"]);
    receiver.allow(1);
    assert_eq!(receiver.next().await.body, "3");
    assert_eq!(receiver.rest(), []);
    receiver.allow(100);
    receiver.bodies(3).await;
    counted(&backend, &id, 7.0, 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oauth2_fetches_a_token_and_another_when_it_is_refused() {
    let backend = Backend::start().await;
    stream(&backend).await;
    // Tokens are t0, t1, …; the server takes the credentials in the body only, and t0 once.
    let mut tokens = Receiver::answering(|number, got| {
        if !got.body.contains("client_id=key%2F1&client_secret=s%20t") {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        let body =
            format!(r#"{{"access_token":"t{number}","token_type":"Bearer","expires_in":3600}}"#);
        ([(header::CONTENT_TYPE, "application/json")], body).into_response()
    })
    .await;
    let mut receiver =
        Receiver::answering(|number, got| match (got.header("authorization"), number) {
            ("Bearer t1", 0) | ("Bearer t2", _) => StatusCode::OK.into_response(),
            _ => StatusCode::UNAUTHORIZED.into_response(),
        })
        .await;
    let oauth2 = json!({
        "enabled": true, "client_key": "key/1", "client_secret": "s t",
        "token_url": tokens.url("/token"), "scopes": ["a", "b"],
    });
    let more = json!({"payload_field": "{{ .n }}", "oauth2": oauth2});
    let id = create(&backend, sink("auth", &receiver.url("/"), more)).await;
    rows(&backend, 0..3).await;
    counted(&backend, &id, 3.0, 0.0).await;
    let first = tokens.next().await;
    assert_eq!(first.body, "grant_type=client_credentials&scope=a%20b");
    assert_eq!(first.header("authorization"), "Basic a2V5JTJGMTpzJTIwdA==");
    assert!(
        tokens
            .next()
            .await
            .body
            .starts_with("grant_type=client_credentials&scope=a%20b&client_id=")
    );
    tokens.next().await;
    assert_eq!(tokens.rest(), [], "the third row uses the second token");
    assert_eq!(receiver.bodies(4).await, ["0", "1", "1", "2"]);
    let shown = backend.get(&format!("/v1beta2/sinks/{id}")).await.json();
    assert_eq!(shown["properties"]["oauth2"]["client_secret"], Value::Null);
    assert_eq!(shown["properties"]["oauth2"]["client_key"], "key/1");
}
