//! What cannot be delivered.

use axum::{http::StatusCode, response::IntoResponse};
use serde_json::{Value, json};

use super::{
    super::{
        common::{Backend, PATIENCE},
        receiver::Receiver,
    },
    counted, create, rows, sink, stream,
};

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
    let stats = super::stats(&backend, &id).await;
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
