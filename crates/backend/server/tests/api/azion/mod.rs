//! Azion Data Streaming: every operation as the vendor has it, and what is really delivered.

mod client;
mod kinds;
mod operations;
mod version4;

use std::time::Duration;

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use reqwest::Method;
use serde_json::{Value, json};
use weir_api::azion::streaming;

use self::client::Caller;
use super::{
    common::{Backend, PATIENCE, answer},
    receiver::Receiver,
};

async fn quick() -> Backend {
    Backend::start_with(|config| config.limits.streaming_wait = Duration::from_millis(200)).await
}

async fn restarted(backend: Backend, wait: Duration) -> Backend {
    backend.running.stop().await;
    Backend::start_in(backend.dir, |config| config.limits.streaming_wait = wait).await
}

fn lines(url: &str, separator: &str, format: &str) -> Value {
    json!({
        "name": "out", "domain_ids": [4],
        "template_model": r#"{"m":"$request_method","p":"$requestPath","s":$status,"x":"$asn"}"#,
        "endpoint": {"endpoint_type": "standard", "url": url, "log_line_separator": separator,
                     "payload_format": format, "max_size": 1_000_000,
                     "headers": {"X-Team": "blue"}},
    })
}

/// A request to the part that the streaming of [`lines`] names.
async fn visit(backend: &Backend, path: &str) {
    answer(backend.bare(Method::GET, path)).await;
}

/// Once the request is in the log of requests.
async fn recorded(backend: &Backend, path: &str) {
    let limit = std::time::Instant::now() + PATIENCE;
    let sql = format!("SELECT path FROM table(http_access) WHERE path = '{path}'");
    loop {
        let rows = backend.query(&sql).await.rest().await;
        if rows
            .iter()
            .any(|event| event.is_rows() && event.data.contains(path))
        {
            return;
        }
        assert!(std::time::Instant::now() < limit);
    }
}

fn line(path: &str) -> String {
    format!(r#"{{"m":"GET","p":"{path}","s":404,"x":"-"}}"#)
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_its_domains_are_delivered_byte_for_byte() {
    let backend = quick().await;
    let caller = Caller::of(&backend).await;
    let mut receiver = Receiver::start().await;
    let made = caller
        .create(lines(&receiver.url("/in?x=1"), "\\n", "[$dataset]"))
        .await;
    visit(&backend, "/dataworks/one").await;
    visit(&backend, "/azion/elsewhere").await;
    let got = receiver.next().await;
    assert_eq!(
        (got.method.as_str(), got.path.as_str()),
        ("POST", "/in?x=1")
    );
    assert_eq!(got.header("x-team"), "blue");
    assert_eq!(got.body, format!("[{}]", line("/dataworks/one")));
    visit(&backend, "/dataworks/two").await;
    visit(&backend, "/dataworks/three").await;
    // Both in one batch, or each in its own where the machine is slow.
    let mut rest = receiver.next().await.body;
    if !rest.contains("three") {
        rest = format!("{rest}{}", receiver.next().await.body).replace("][", "\n");
    }
    assert_eq!(
        rest,
        format!("[{}\n{}]", line("/dataworks/two"), line("/dataworks/three"))
    );
    let shown = caller.delivered(&made.id, 3).await;
    let delivery = shown.delivery.expect("delivery");
    assert_eq!(
        (delivery.state.as_str(), delivery.failures),
        ("delivering", 0)
    );
    assert!(!delivery.last_delivery.is_empty());

    // Off: what waits is still sent, what comes then is not.
    visit(&backend, "/dataworks/four").await;
    caller.delivered(&made.id, 4).await;
    let off = caller
        .one(streaming::activate(&made.id, false).expect("request"))
        .await;
    assert_eq!(off.delivery.expect("delivery").state, "inactive");
    visit(&backend, "/dataworks/unseen").await;
    recorded(&backend, "/dataworks/unseen").await;
    caller
        .one(streaming::activate(&made.id, true).expect("request"))
        .await;
    visit(&backend, "/dataworks/five").await;
    assert_eq!(
        receiver.next().await.body,
        format!("[{}]", line("/dataworks/four"))
    );
    assert_eq!(
        receiver.next().await.body,
        format!("[{}]", line("/dataworks/five"))
    );
    caller
        .send(streaming::delete(&made.id))
        .await
        .expect("deleted");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_repeated_over_failures_and_restarts() {
    let backend = quick().await;
    let caller = Caller::of(&backend).await;
    let mut receiver = Receiver::answering(|number, _| -> Response {
        match number {
            0 | 1 => (StatusCode::SERVICE_UNAVAILABLE, "try later").into_response(),
            _ => StatusCode::OK.into_response(),
        }
    })
    .await;
    let made = caller
        .create(lines(&receiver.url("/"), "\n", "$dataset"))
        .await;
    visit(&backend, "/dataworks/a").await;
    assert_eq!(receiver.bodies(3).await, vec![line("/dataworks/a"); 3]);
    let shown = caller
        .delivered(&made.id, 1)
        .await
        .delivery
        .expect("delivery");
    assert_eq!((shown.state.as_str(), shown.failures), ("delivering", 2));
    assert_eq!(shown.last_error, "HTTP 503 Service Unavailable: try later");

    // What waits for others at the end is read again; what was sent is not.
    let backend = restarted(backend, Duration::from_secs(3600)).await;
    visit(&backend, "/dataworks/b").await;
    let backend = restarted(backend, Duration::from_millis(200)).await;
    visit(&backend, "/dataworks/c").await;
    let mut rest = receiver.next().await.body;
    if !rest.contains("/c") {
        rest = format!("{rest}\n{}", receiver.next().await.body);
    }
    assert_eq!(
        rest,
        format!("{}\n{}", line("/dataworks/b"), line("/dataworks/c"))
    );
    let caller = Caller::of(&backend).await;
    caller.delivered(&made.id, 3).await;
    assert_eq!(receiver.rest(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_has_2000_records_and_the_place_within_is_kept() {
    let hour = Duration::from_secs(3600);
    let backend = Backend::start_with(|config| config.limits.streaming_wait = hour).await;
    let caller = Caller::of(&backend).await;
    let mut receiver = Receiver::start().await;
    let mut definition = lines(&receiver.url("/"), "\n", "$dataset");
    definition["template_model"] = json!("$requestPath");
    let made = caller.create(definition).await;
    // Records as the collector writes them, 2,500 at once.
    let rows: Vec<Value> = (0..2500)
        .map(|n| json!(["GET", format!("/dataworks/{n}"), 200]))
        .collect();
    let rows = Value::Array(rows).to_string();
    backend
        .ingest("http_access", r#"["method","path","status"]"#, &rows)
        .await;
    let got = receiver.next().await.body;
    let expected: Vec<String> = (0..2000).map(|n| format!("/dataworks/{n}")).collect();
    assert_eq!(got.lines().collect::<Vec<_>>(), expected);
    caller.delivered(&made.id, 2000).await;

    let backend = restarted(backend, Duration::from_millis(200)).await;
    let got = receiver.next().await.body;
    let expected: Vec<String> = (2000..2500).map(|n| format!("/dataworks/{n}")).collect();
    assert_eq!(got.lines().collect::<Vec<_>>(), expected);
    let caller = Caller::of(&backend).await;
    caller.delivered(&made.id, 2500).await;
    assert_eq!(receiver.rest(), []);
}
