//! Alerts say something once, and once more when it is over.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};

use super::{
    common::{Backend, PATIENCE, answer},
    receiver::{Got, Receiver},
};

async fn backend() -> Backend {
    let backend = Backend::start().await;
    let columns = [("machine", "string"), ("heat", "int32")];
    backend.create_stream("heat", &columns).await;
    backend
}

async fn heat(backend: &Backend, degrees: i32) {
    let row = format!(r#"[["press",{degrees}]]"#);
    backend.ingest("heat", r#"["machine","heat"]"#, &row).await;
}

fn alert(name: &str, action: &str, properties: Value) -> Value {
    json!({
        "name": name, "severity": 1, "action": action, "properties": properties,
        "trigger_sql": "SELECT machine, heat, _tp_time FROM heat WHERE heat > 90",
        "resolve_sql": "SELECT machine, heat, _tp_time FROM heat WHERE heat < 50",
    })
}

async fn create(backend: &Backend, body: Value) -> String {
    let made = backend
        .post("/v1beta2/alerts", body)
        .await
        .expect(201)
        .json();
    made["id"].as_str().expect("id").to_string()
}

async fn get(backend: &Backend, id: &str) -> Value {
    backend
        .get(&format!("/v1beta2/alerts/{id}"))
        .await
        .expect(200)
        .json()
}

async fn act(backend: &Backend, id: &str, action: &str) {
    backend
        .post(&format!("/v1beta2/alerts/{id}/{action}"), "")
        .await
        .expect(204);
}

fn kinds(alert: &Value) -> Vec<&str> {
    let timeline = alert["instance"]["timeline"].as_array().expect("timeline");
    timeline
        .iter()
        .map(|e| e["type"].as_str().expect("type"))
        .collect()
}

/// Waits until the timeline is this.
async fn timeline(backend: &Backend, id: &str, expected: &[&str]) -> Value {
    let limit = std::time::Instant::now() + PATIENCE;
    loop {
        let alert = get(backend, id).await;
        if kinds(&alert) == expected {
            return alert;
        }
        assert!(std::time::Instant::now() < limit, "{alert}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn triggers_once_and_resolves() {
    let backend = backend().await;
    let mut receiver = Receiver::start().await;
    let properties = json!({
        "url": receiver.url("/hook"),
        "trigger_template": "{{ .machine }} is at {{ .heat }}",
        "resolve_template": "{{ .machine }} cooled down to {{ .heat }}",
    });
    let id = create(&backend, alert("hot", "slack", properties)).await;
    let fresh = get(&backend, &id).await;
    assert_eq!(
        (&fresh["status"], &fresh["instance"]["status"]),
        (&json!("running"), &json!("resolved"))
    );
    assert_eq!(fresh["trigger_query"]["status"], "running");
    assert_eq!(fresh["properties"]["url"], Value::Null);
    for degrees in [80, 95, 99, 70] {
        heat(&backend, degrees).await;
    }
    assert_eq!(receiver.next().await.body, r#"{"text":"press is at 95"}"#);
    let triggered = timeline(&backend, &id, &["triggered", "notified"]).await;
    assert_eq!(triggered["instance"]["status"], "triggered");
    // In the topology, too: it needs somebody.
    let graph = backend.get("/v1beta2/topology").await.expect(200).json();
    let nodes = graph["nodes"].as_array().expect("nodes");
    let node = nodes.iter().find(|node| node["name"] == "hot");
    assert_eq!(node.expect("alert")["properties"]["status"], "triggered");
    heat(&backend, 40).await;
    assert_eq!(
        receiver.next().await.body,
        r#"{"text":"press cooled down to 40"}"#
    );
    let all = ["triggered", "notified", "resolved", "notified"];
    let resolved = timeline(&backend, &id, &all).await;
    assert_eq!(resolved["instance"]["status"], "resolved");
    heat(&backend, 91).await;
    assert_eq!(receiver.next().await.body, r#"{"text":"press is at 91"}"#);
    assert_eq!(receiver.rest(), []);
    let again = get(&backend, &id).await;
    assert_ne!(again["instance"]["id"], triggered["instance"]["id"]);
    backend
        .delete(&format!("/v1beta2/alerts/{id}"))
        .await
        .expect(204);
    assert_eq!(backend.get("/v1beta2/alerts").await.json(), json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_resolves_and_without_templates_all_is_told() {
    let backend = backend().await;
    let mut receiver = Receiver::start().await;
    let properties =
        json!({"url": receiver.url("/"), "http_method": "PUT", "http_header": {"X-K": "v"}});
    let mut body = alert("by hand", "http", properties);
    body["resolve_sql"] = json!("");
    body["trigger_sql"] = json!("SELECT heat FROM heat WHERE heat > 90");
    let id = create(&backend, body).await;
    heat(&backend, 95).await;
    let got = receiver.next().await;
    assert_eq!((got.method.as_str(), got.header("x-k")), ("PUT", "v"));
    let told = |status: &str, heat: i32| {
        format!(r#"{{"alert":"by hand","severity":1,"status":"{status}","row":{{"heat":{heat}}}}}"#)
    };
    assert_eq!(got.body, told("triggered", 95));
    timeline(&backend, &id, &["triggered", "notified"]).await;
    act(&backend, &id, "resolve").await;
    assert_eq!(receiver.next().await.body, told("resolved", 95));
    let all = ["triggered", "notified", "resolved", "notified"];
    let resolved = timeline(&backend, &id, &all).await;
    assert_eq!(resolved["instance"]["timeline"][2]["message"], "by admin");
    // It is over already.
    act(&backend, &id, "resolve").await;
    heat(&backend, 96).await;
    assert_eq!(receiver.next().await.body, told("triggered", 96));
}

#[tokio::test(flavor = "multi_thread")]
async fn its_state_survives_a_restart_and_nobody_is_told_twice() {
    let backend = backend().await;
    let mut receiver = Receiver::start().await;
    let id = create(
        &backend,
        alert("a", "http", json!({"url": receiver.url("/")})),
    )
    .await;
    heat(&backend, 95).await;
    receiver.next().await;
    timeline(&backend, &id, &["triggered", "notified"]).await;
    let backend = backend.restart().await;
    let after = get(&backend, &id).await;
    assert_eq!(
        (&after["status"], &after["instance"]["status"]),
        (&json!("running"), &json!("triggered"))
    );
    heat(&backend, 97).await;
    heat(&backend, 20).await;
    let got = receiver.next().await;
    assert!(got.body.contains(r#""status":"resolved""#), "{}", got.body);
    timeline(
        &backend,
        &id,
        &["triggered", "notified", "resolved", "notified"],
    )
    .await;

    // Stopped it keeps its state and goes on later where it was.
    act(&backend, &id, "stop").await;
    assert_eq!(get(&backend, &id).await["status"], "stopped");
    heat(&backend, 99).await;
    let backend = backend.restart().await;
    assert_eq!(get(&backend, &id).await["status"], "stopped");
    assert_eq!(receiver.rest(), []);
    act(&backend, &id, "start").await;
    act(&backend, &id, "start").await;
    let got = receiver.next().await;
    assert!(got.body.contains(r#""heat":99"#), "{}", got.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_could_not_be_said_is_tried_again_and_listed() {
    let backend = backend().await;
    let refuse = |number: usize, _: &Got| -> Response {
        match number {
            0 => (StatusCode::BAD_GATEWAY, "not now").into_response(),
            _ => StatusCode::OK.into_response(),
        }
    };
    let mut receiver = Receiver::answering(refuse).await;
    let id = create(
        &backend,
        alert("a", "http", json!({"url": receiver.url("/")})),
    )
    .await;
    heat(&backend, 95).await;
    let first = receiver.next().await;
    assert_eq!(receiver.next().await.body, first.body);
    let alert = timeline(
        &backend,
        &id,
        &["triggered", "notification_failed", "notified"],
    )
    .await;
    assert_eq!(
        alert["instance"]["timeline"][1]["message"],
        "HTTP 502 Bad Gateway: not now"
    );
    assert_eq!(alert["message"], "");

    // One that is still to be told when the backend ends is told by the next one.
    let mut later = Receiver::gated(0, |_, _| StatusCode::OK.into_response()).await;
    let path = format!("/v1beta2/alerts/{id}");
    let change = self::alert("a", "http", json!({"url": later.url("/")}));
    answer(
        backend
            .request(reqwest::Method::PUT, &path)
            .body(change.to_string()),
    )
    .await
    .expect(200);
    heat(&backend, 10).await;
    let pending = later.next().await;
    let backend = backend.restart().await;
    later.allow(10);
    assert_eq!(later.next().await.body, pending.body);
    timeline(
        &backend,
        &id,
        &[
            "triggered",
            "notification_failed",
            "notified",
            "resolved",
            "notified",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_refused_with_their_field() {
    let backend = backend().await;
    let refused = async |change: Value| {
        let mut body = alert("x", "http", json!({"url": "http://127.0.0.1:1/"}));
        for (key, value) in change.as_object().expect("object") {
            body[key] = value.clone();
        }
        let failure = backend
            .post("/v1beta2/alerts", body)
            .await
            .expect(400)
            .json();
        failure["fields"][0]["field"]
            .as_str()
            .unwrap_or_default()
            .to_string()
    };
    assert_eq!(refused(json!({"name": " "})).await, "name");
    assert_eq!(refused(json!({"action": ""})).await, "action");
    assert_eq!(refused(json!({"severity": "high"})).await, "severity");
    assert_eq!(refused(json!({"trigger_sql": ""})).await, "trigger_sql");
    assert_eq!(
        refused(json!({"trigger_sql": "SELECT 1 FROM table(heat)"})).await,
        "trigger_sql"
    );
    assert_eq!(
        refused(json!({"resolve_sql": "SELECT nope FROM heat"})).await,
        "resolve_sql"
    );
    assert_eq!(refused(json!({"properties": {}})).await, "properties.url");
    let template = json!({"url": "http://a", "resolve_template": "{{ .cold }}"});
    assert_eq!(
        refused(json!({"properties": template})).await,
        "properties.resolve_template"
    );
    create(
        &backend,
        alert("x", "http", json!({"url": "http://127.0.0.1:1/"})),
    )
    .await;
    assert_eq!(refused(json!({})).await, "name");
    for path in ["", "/start", "/stop", "/resolve"] {
        let path = format!("/v1beta2/alerts/nope{path}");
        let gone = match path.ends_with("nope") {
            true => backend.get(&path).await,
            false => backend.post(&path, "").await,
        };
        gone.expect(404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_actions_are_kept_and_not_run() {
    let backend = backend().await;
    let id = create(
        &backend,
        alert("p", "pagerduty", json!({"routing_key": "k"})),
    )
    .await;
    let shown = get(&backend, &id).await;
    assert_eq!(shown["status"], "stopped");
    let refused = backend
        .post(&format!("/v1beta2/alerts/{id}/start"), "")
        .await
        .expect(501);
    assert_eq!(
        refused.message(),
        "alerts with action 'pagerduty' are kept, but not run by the embedded backend"
    );
}
