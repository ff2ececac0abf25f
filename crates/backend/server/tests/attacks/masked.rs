//! A secret is written in odd ways and places, and somebody who only reads looks for it everywhere.

use reqwest::Method;
use serde_json::json;

use super::{
    common::{Backend, answer},
    people::{add_reader, audited, by_reader, rows},
};

/// Ways to write an address with something in it that proves who calls.
const ADDRESSES: &[&str] = &[
    "nats://u:hush@127.0.0.1:1,nats://u:hush@127.0.0.1:2",
    "nats://u:hush@127.0.0.1:1, nats://hush@127.0.0.1:2",
    "u:hush@127.0.0.1:1",
    "//u:hush@127.0.0.1:1",
    "nats:u:hush@127.0.0.1:1",
    "nats://u:a(hush@127.0.0.1:1",
    "nats://u:a hush@127.0.0.1:1",
    "nats://u:a/hush@127.0.0.1:1",
    "NATS://u:hush@127.0.0.1:1",
    "http://127.0.0.1:1/?%74oken=hush",
    "http://127.0.0.1:1/?pass=hush",
    "http://127.0.0.1:1/?jwt=hush",
    "http://127.0.0.1:1/?a=1;token=hush",
    "http://127.0.0.1:1/#access_token=hush",
    "http://127.0.0.1:1/?to=http://u:hush@b/",
];

#[tokio::test]
async fn however_a_secret_is_written_nobody_reads_it() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "string")]).await;
    add_reader(&backend).await;
    let mut bodies = Vec::new();
    for (n, url) in ADDRESSES.iter().enumerate() {
        let named = |kind: &str| format!("{kind}_{n}");
        let setting = |key: &str, value: &str| json!({"key": key, "value": value});
        let nats = json!([
            setting("type", "nats_jetstream"),
            setting("url", url),
            setting("stream_name", "a"),
            setting("subject", "a"),
        ]);
        bodies.extend([
            (
                "sources",
                json!({"name": named("list"), "type": "nats", "stream": "s",
                "properties": {"url": [url], "subject": "a", "data_type": "text"}}),
            ),
            (
                "sources",
                json!({"name": named("text"), "type": "nats", "stream": "s",
                "properties": {"url": url, "subject": "a", "data_type": "text"}}),
            ),
            (
                "sinks",
                json!({"name": named("kafka"), "type": "kafka", "query": "SELECT a FROM s",
                "properties": {"brokers": url, "topic": "a"}}),
            ),
            (
                "alerts",
                json!({"name": named("http"), "severity": 1, "action": "http",
                "trigger_sql": "SELECT a FROM s", "properties": {"url": url}}),
            ),
            (
                "external_streams",
                json!({"name": named("nats"), "settings": nats,
                "columns": [{"name": "raw", "type": "string"}]}),
            ),
            (
                "external_tables",
                json!({"name": named("table"), "settings": [
                setting("type", "clickhouse"), setting("address", url), setting("table", "t")]}),
            ),
            ("external_streams/preview", json!({"settings": nats})),
            (
                "source/preview",
                json!({"type": "websocket", "size": 1, "timeout": "1s",
                "properties": {"url": url, "data_type": "json"}}),
            ),
        ]);
    }
    let unpublished = json!({"smtp_password": "hush", "pin": {"apiToken": ["hush"]}, "to": "x@y"});
    bodies.extend([
        (
            "alerts",
            json!({"name": "mail", "severity": 1, "action": "email",
            "trigger_sql": "SELECT a FROM s", "properties": unpublished}),
        ),
        (
            "alerts",
            json!({"name": "pager", "severity": 1, "action": "pagerduty",
            "trigger_sql": "SELECT a FROM s", "properties": {"routing_key": "hush"}}),
        ),
        (
            "sinks",
            json!({"name": "connect", "type": "redpanda_connect", "query": "SELECT a FROM s",
            "properties": {"output": {"s3": {"credentials": {"id": "a", "value": "hush"}}}}}),
        ),
        (
            "external_streams",
            json!({"name": "http", "columns": [{"name": "raw", "type": "string"}],
            "settings": [{"key": "type", "value": "http"}, {"key": "url", "value": "http://a/"},
                {"key": "Password", "value": "hush"}, {"key": "api_token", "value": "hush"},
                {"key": "HTTP_HEADER_X", "value": "hush"}]}),
        ),
        (
            "external_tables",
            json!({"name": "mongo", "settings": [
            {"key": "type", "value": "mongodb"}, {"key": "options", "value": "password=hush;a=b"},
            {"key": "uri", "value": "mongodb://u:hush@a,b:hush@c/x"}]}),
        ),
    ]);
    for (n, properties) in [
        json!({"routingKey": "hush", "encryptionKey": "hush", "s3": {"key": "hush"}}),
        json!({"u": "https://hooks.slack.com/services/T0/B0/hush"}),
        json!({"conf": "host=a password=hush", "yaml": "a:\n  password: hush\n"}),
        json!({"sasl.jaas.config": "x required username=\"u\" password=\"hush\";"}),
        json!({"h": [{"name": "Authorization", "value": "hush"}], "args": ["--password", "hush"]}),
        json!({"pem": "-----BEGIN PRIVATE KEY-----\nhush", "how": "Bearer hush"}),
    ]
    .into_iter()
    .enumerate()
    {
        bodies.extend([
            (
                "sinks",
                json!({"name": format!("odd_{n}"), "type": "redpanda_connect",
                "query": "SELECT a FROM s", "properties": properties}),
            ),
            (
                "alerts",
                json!({"name": format!("odd_{n}"), "severity": 1, "action": "custom",
                "trigger_sql": "SELECT a FROM s", "properties": properties}),
            ),
        ]);
    }
    let mut made = 0;
    for (path, body) in &bodies {
        let answer = backend.post(&format!("/v1beta2/{path}"), body).await;
        assert!(!answer.body.contains("hush"), "{body}: {}", answer.body);
        made += usize::from(answer.status == 201);
    }
    assert!(made > 40, "{made} were made");
    for path in [
        "sources",
        "sinks",
        "alerts",
        "external_streams",
        "external_tables",
        "topology",
        "queries",
    ] {
        let request = by_reader(&backend, Method::GET, &format!("/v1beta2/{path}"));
        let seen = answer(request).await.expect(200);
        assert!(!seen.body.contains("hush"), "{path}: {}", seen.body);
    }
    // What stands behind the last of them was written when this is.
    backend.create_stream("mark", &[("a", "int32")]).await;
    audited(&backend, "resource_name = 'mark'", 1).await;
    for stream in ["audit_log", "backend_log", "http_access"] {
        let all = rows(&backend, &format!("SELECT * FROM table({stream})")).await;
        let found = all.iter().find(|row| row.to_string().contains("hush"));
        assert_eq!(found, None, "{stream}");
    }
}
