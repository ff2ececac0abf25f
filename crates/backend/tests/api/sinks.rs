//! Sinks deliver what their query makes: byte for byte, again after a failure, once.

use axum::{
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde_json::{Value, json};

use super::{
    common::{Backend, PATIENCE, answer},
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
async fn failures_are_tried_again_counted_and_listed() {
    let backend = Backend::start().await;
    stream(&backend).await;
    // Row 1 succeeds with its last retry, row 2 never does.
    let mut receiver = Receiver::answering(|number, got| match (got.body.as_str(), number) {
        ("1", 2) | ("3", _) => StatusCode::NO_CONTENT.into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "try later").into_response(),
    })
    .await;
    let more = json!({"payload_field": "{{ .n }}", "retries": "2", "retry_interval": "5ms"});
    let id = create(&backend, sink("flaky", &receiver.url("/"), more)).await;
    rows(&backend, 1..4).await;
    assert_eq!(
        receiver.bodies(7).await,
        ["1", "1", "1", "2", "2", "2", "3"]
    );
    let stats = counted(&backend, &id, 2.0, 1.0).await;
    let errors = stats["errors"].as_array().expect("errors");
    assert_eq!(errors.len(), 1, "{stats}");
    let words = errors[0]["message"].as_str().expect("message");
    assert_eq!(
        words,
        r#"HTTP 503 Service Unavailable: try later; given up: {"n":2}"#
    );
    assert_eq!(stats["last_error_message"], words);
    let logs = backend
        .get(&format!("/v1beta2/sinks/{id}/logs?lines=3"))
        .await
        .expect(200)
        .json();
    let logs = logs.as_array().expect("lines");
    assert!(
        logs.len() == 3 && logs[2].as_str().is_some_and(|line| line.ends_with(words)),
        "{logs:?}"
    );

    // The counts and the list survive a restart.
    let backend = backend.restart().await;
    let stats = self::stats(&backend, &id).await;
    assert_eq!(
        (&stats["success_count"], &stats["failure_count"]),
        (&json!(2.0), &json!(1.0))
    );
    assert_eq!(stats["errors"][0]["message"], words);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_an_error_with_words() {
    let backend = Backend::start().await;
    stream(&backend).await;
    let receiver = Receiver::start().await;
    let url = receiver.url("/token/secret");
    drop(receiver);
    let id = create(&backend, sink("gone", &url, json!({}))).await;
    rows(&backend, 1..2).await;
    let stats = counted(&backend, &id, 0.0, 1.0).await;
    let words = stats["errors"][0]["message"].as_str().expect("message");
    assert!(
        words.contains("refused") && !words.contains("secret"),
        "{words}"
    );
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
async fn stopped_and_started_it_goes_on_where_it_was() {
    let backend = Backend::start().await;
    stream(&backend).await;
    let mut receiver = Receiver::start().await;
    let more = json!({"payload_field": "{{ .n }}"});
    let id = create(&backend, sink("pause", &receiver.url("/"), more)).await;
    rows(&backend, 0..2).await;
    assert_eq!(receiver.bodies(2).await, ["0", "1"]);
    let path = format!("/v1beta2/sinks/{id}");
    backend.post(&format!("{path}/stop"), "").await.expect(204);
    let shown = backend.get(&path).await.json();
    assert_eq!(shown["status"], "stopped");
    rows(&backend, 2..4).await;
    // A stop lasts.
    let backend = backend.restart().await;
    assert_eq!(backend.get(&path).await.json()["status"], "stopped");
    rows(&backend, 4..5).await;
    assert_eq!(receiver.rest(), []);
    backend.post(&format!("{path}/start"), "").await.expect(204);
    backend.post(&format!("{path}/start"), "").await.expect(204);
    assert_eq!(receiver.bodies(3).await, ["2", "3", "4"]);
    // One that runs goes on after a restart.
    let backend = backend.restart().await;
    rows(&backend, 5..6).await;
    assert_eq!(receiver.next().await.body, "5");
    counted(&backend, &id, 6.0, 0.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_keeps_the_place_and_another_query_begins_anew() {
    let backend = Backend::start().await;
    stream(&backend).await;
    let mut receiver = Receiver::start().await;
    let id = create(
        &backend,
        sink(
            "a",
            &receiver.url("/"),
            json!({"payload_field": "{{ .n }}"}),
        ),
    )
    .await;
    let path = format!("/v1beta2/sinks/{id}");
    backend.post(&format!("{path}/stop"), "").await.expect(204);
    rows(&backend, 0..1).await;
    let change = json!({"name": "b", "description": "d", "properties": {"url": receiver.url("/new"), "payload_field": "<{{ .n }}>"}});
    let changed = backend.patch(&path, change).await.expect(200).json();
    assert_eq!(
        (&changed["name"], &changed["status"]),
        (&json!("b"), &json!("stopped"))
    );
    backend.post(&format!("{path}/start"), "").await.expect(204);
    let got = receiver.next().await;
    assert_eq!((got.path.as_str(), got.body.as_str()), ("/new", "<0>"));

    let mut other = sink(
        "b",
        &receiver.url("/"),
        json!({"payload_field": "{{ .m }}"}),
    );
    other["query"] = json!("SELECT n * 10 AS m FROM s");
    let request = backend
        .request(reqwest::Method::PUT, &path)
        .body(other.to_string());
    let replaced = answer(request).await.expect(200).json();
    assert_eq!(replaced["description"], "");
    rows(&backend, 1..2).await;
    assert_eq!(receiver.next().await.body, "10");
    counted(&backend, &id, 2.0, 0.0).await;
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

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_refused_with_their_field() {
    let backend = Backend::start().await;
    stream(&backend).await;
    let refused = async |change: Value| {
        let mut body = sink("x", "http://127.0.0.1:1/", json!({}));
        for (key, value) in change.as_object().expect("object") {
            body[key] = value.clone();
        }
        let failure = backend
            .post("/v1beta2/sinks", body)
            .await
            .expect(400)
            .json();
        let field = &failure["fields"][0];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
        (text(&field["field"]), text(&field["message"]))
    };
    let of =
        |key: &str, value: Value| json!({"properties": {"url": "http://127.0.0.1:1/", key: value}});
    assert_eq!(refused(json!({"name": "1x"})).await.0, "name");
    assert_eq!(refused(json!({"type": ""})).await.0, "type");
    let (field, words) = refused(json!({"query": "SELECT nope FROM s"})).await;
    assert!(field == "query" && words.contains("nope"), "{words}");
    assert_eq!(refused(json!({"query": "DROP STREAM s"})).await.0, "query");
    assert_eq!(refused(json!({"properties": {}})).await.0, "properties.url");
    let (field, words) = refused(of("payload_field", json!("{{ .m }}"))).await;
    assert_eq!(field, "properties.payload_field");
    assert_eq!(
        words,
        "the query has no column 'm'; it has n (line 1, column 4)"
    );
    assert_eq!(
        refused(of("payload_field", json!("{{ .n"))).await.1,
        "this action is not closed with }} (line 1, column 1)"
    );
    assert_eq!(
        refused(of("http_method", json!("BREW"))).await.0,
        "properties.http_method"
    );
    assert_eq!(
        refused(of("retries", json!("many"))).await.0,
        "properties.retries"
    );
    assert_eq!(
        refused(of("timeout", json!("soon"))).await.0,
        "properties.timeout"
    );
    assert_eq!(
        refused(of("http_header", json!({"bad name": "x"}))).await.0,
        "properties.http_header"
    );
    assert_eq!(
        refused(of(
            "oauth2",
            json!({"enabled": true, "token_url": "http://a"})
        ))
        .await
        .0,
        "properties.oauth2.client_key"
    );

    create(&backend, sink("x", "http://127.0.0.1:1/", json!({}))).await;
    let (field, words) = refused(json!({})).await;
    assert_eq!(
        (field.as_str(), words.as_str()),
        ("name", "sink 'x' exists")
    );
    backend.get("/v1beta2/sinks/nope/stats").await.expect(404);
    backend
        .post("/v1beta2/sinks/nope/start", "")
        .await
        .expect(404);
    backend.delete("/v1beta2/sinks/nope").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_types_are_kept_and_not_run() {
    let backend = Backend::start().await;
    stream(&backend).await;
    let body = json!({
        "name": "k", "type": "kafka", "query": "SELECT n FROM s",
        "properties": {"brokers": "a:9092", "topic": "t", "password": "p"},
    });
    let id = create(&backend, body).await;
    let path = format!("/v1beta2/sinks/{id}");
    let shown = backend.get(&path).await.expect(200).json();
    assert_eq!(shown["status"], "stopped");
    assert_eq!(
        shown["properties"],
        json!({"brokers": "a:9092", "topic": "t"})
    );
    let refused = backend.post(&format!("{path}/start"), "").await.expect(501);
    assert_eq!(
        refused.message(),
        "sinks of type 'kafka' are kept, but not run by the embedded backend"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_fails_is_an_error_until_it_can_be_run() {
    let backend = Backend::start().await;
    stream(&backend).await;
    let mut receiver = Receiver::start().await;
    let id = create(&backend, sink("s1", &receiver.url("/"), json!({}))).await;
    backend.delete("/v1beta2/streams/s").await.expect(204);
    let path = format!("/v1beta2/sinks/{id}");
    let limit = std::time::Instant::now() + PATIENCE;
    while backend.get(&path).await.json()["status"] != "error" {
        assert!(std::time::Instant::now() < limit);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    stream(&backend).await;
    backend.post(&format!("{path}/start"), "").await.expect(204);
    rows(&backend, 4..5).await;
    assert_eq!(receiver.next().await.body, r#"{"n":4}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_query_that_ends_is_sent_whole_each_time() {
    let backend = Backend::start().await;
    stream(&backend).await;
    rows(&backend, 0..3).await;
    let mut receiver = Receiver::start().await;
    let mut body = sink(
        "all",
        &receiver.url("/"),
        json!({"payload_field": "{{ .n }}"}),
    );
    body["query"] = json!("SELECT n FROM table(s) ORDER BY n");
    let id = create(&backend, body).await;
    let path = format!("/v1beta2/sinks/{id}");
    for _ in 0..2 {
        assert_eq!(receiver.bodies(3).await, ["0", "1", "2"]);
        let limit = std::time::Instant::now() + PATIENCE;
        while backend.get(&path).await.json()["status"] != "stopped" {
            assert!(std::time::Instant::now() < limit);
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        let shown = backend.get(&path).await.json();
        assert_eq!(shown["message"], "the query has no more rows");
        backend.post(&format!("{path}/start"), "").await.expect(204);
    }
    assert_eq!(receiver.bodies(3).await, ["0", "1", "2"]);
}
