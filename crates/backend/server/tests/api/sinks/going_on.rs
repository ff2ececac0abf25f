//! Where a sink goes on.

use serde_json::json;

use super::{
    super::{
        common::{Backend, PATIENCE, answer},
        receiver::Receiver,
    },
    counted, create, rows, sink, stream,
};

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
