//! `/v1beta2/streams/{name}/ingest`.

use reqwest::Method;
use serde_json::{Value, json};

use super::common::{Answer, Backend, answer};

async fn send(backend: &Backend, path: &str, content_type: &str, body: &str) -> Answer {
    let path = format!("/v1beta2/streams/{path}");
    let request = backend
        .request(Method::POST, &path)
        .header("Content-Type", content_type)
        .body(body.to_string());
    answer(request).await
}

async fn stored(backend: &Backend, sql: &str, count: usize) -> Vec<Value> {
    backend.query(sql).await.rows(count).await
}

#[tokio::test]
async fn every_format_by_parameter_and_by_content_type() {
    let backend = Backend::start().await;
    backend
        .create_stream("cars", &[("plate", "string"), ("speed", "int32")])
        .await;
    backend.create_stream("log", &[("raw", "string")]).await;
    let compact = |n: u32| format!(r#"{{"columns":["plate","speed"],"data":[["compact",{n}]]}}"#);
    let object = |n: u32| format!("{{\"plate\":\"object\",\"speed\":{n}}}\n");
    for (content_type, n) in [
        ("application/json", 1),
        ("application/vnd.timeplus+json", 2),
        ("application/json;format=compat", 3),
        ("application/vnd.timeplus+json;format=compat", 4),
    ] {
        send(&backend, "cars/ingest", content_type, &compact(n))
            .await
            .expect(200);
    }
    for (content_type, n) in [
        ("application/json;format=stream", 5),
        ("application/vnd.timeplus+json;format=stream", 6),
        ("application/json;format=streaming", 7),
        ("application/x-ndjson", 8),
    ] {
        send(&backend, "cars/ingest", content_type, &object(n))
            .await
            .expect(200);
    }
    // The parameter beats the content type.
    send(
        &backend,
        "cars/ingest?format=streaming",
        "application/json",
        &object(9),
    )
    .await
    .expect(200);
    send(
        &backend,
        "cars/ingest?format=compact",
        "text/plain",
        &compact(10),
    )
    .await
    .expect(200);
    let speeds = stored(&backend, "SELECT speed FROM table(cars) ORDER BY speed", 10).await;
    assert_eq!(speeds, (1..=10).map(|n| json!([n])).collect::<Vec<_>>());

    send(&backend, "log/ingest", "text/plain", "one\ntwo")
        .await
        .expect(200);
    send(&backend, "log/ingest", "text/plain;format=raw", "three")
        .await
        .expect(200);
    send(
        &backend,
        "log/ingest",
        "text/plain;format=lines",
        "four\nfive\n",
    )
    .await
    .expect(200);
    send(
        &backend,
        "log/ingest?format=lines",
        "application/json",
        "six",
    )
    .await
    .expect(200);
    let lines = stored(&backend, "SELECT raw FROM table(log)", 5).await;
    assert_eq!(
        lines,
        ["one\ntwo", "three", "four", "five", "six"].map(|line| json!([line]))
    );
}

#[tokio::test]
async fn a_mistake_stores_nothing_and_is_named() {
    let backend = Backend::start().await;
    backend
        .create_stream("s", &[("name", "string"), ("price", "int8")])
        .await;
    let body = r#"{"columns":["name","price"],"data":[["a",1],["b",2],["c",3],["d",400]]}"#;
    let refused = send(&backend, "s/ingest", "application/json", body)
        .await
        .expect(400);
    assert_eq!(refused.json()["fields"][0]["field"], "data[3].price");
    for (path, body) in [
        ("s/ingest", r#"{"columns":["name"],"data":"#),
        ("s/ingest", r#"{"columns":["nam"],"data":[["a"]]}"#),
        ("s/ingest", r#"{"columns":["name","price"],"data":[["a"]]}"#),
        ("s/ingest?format=streaming", "{\"price\":1}\n{\"price\":}\n"),
        ("s/ingest?format=streaming", "[1]"),
        ("s/ingest?format=raw", "text"),
    ] {
        let refused = send(&backend, path, "application/json", body)
            .await
            .expect(400);
        assert_ne!(refused.message(), "", "{body}");
    }
    let format = send(&backend, "s/ingest?format=csv", "text/csv", "a,1")
        .await
        .expect(400);
    assert_eq!(format.json()["fields"][0]["field"], "format");
    let by_type = send(&backend, "s/ingest", "text/csv", "a,1")
        .await
        .expect(400);
    assert!(by_type.message().contains("?format="), "{}", by_type.body);
    let unknown = send(&backend, "nope/ingest", "application/json", body)
        .await
        .expect(404);
    assert!(unknown.message().contains("'nope'"), "{}", unknown.body);
    let count = stored(&backend, "SELECT count(*) FROM table(s)", 1).await;
    assert_eq!(count, [json!([0])]);
}

#[tokio::test]
async fn insert_goes_the_same_way() {
    let backend = Backend::start().await;
    backend
        .create_stream("s", &[("n", "int8"), ("t", "string")])
        .await;
    let insert = |sql: &str| json!({"sql": sql});
    let good = insert("INSERT INTO s (n, t) VALUES (1, 'a'), (2, 'b')");
    backend.post("/v1beta2/queries", good).await.expect(204);
    let wrong = insert("INSERT INTO s (n, t) VALUES (1, 'a'), (200, 'b')");
    let refused = backend.post("/v1beta2/queries", wrong).await.expect(400);
    assert_eq!(refused.json()["fields"][0]["field"], "data[1].n");
    let unknown = insert("INSERT INTO nope (n) VALUES (1)");
    backend.post("/v1beta2/queries", unknown).await.expect(400);
    let rows = stored(&backend, "SELECT n, t FROM table(s)", 2).await;
    assert_eq!(rows, [json!([1, "a"]), json!([2, "b"])]);
}
