//! Sources that really read: made-up rows, a WebSocket server, NATS with JetStream.

mod messages;

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use super::common::{Answer, Backend, answer};

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
