//! What is refused, and what can be changed.

use serde_json::json;

use super::{VIEWS, with_stream};

#[tokio::test]
async fn what_cannot_work_is_refused_at_its_field() {
    let backend = with_stream().await;
    backend.create_stream("t", &[("n", "string")]).await;
    let into =
        |query: &str, target: &str| json!({"name": "m", "query": query, "target_stream": target});
    backend
        .ddl(
            "CREATE MATERIALIZED VIEW first INTO s AS SELECT n + 1 AS n, name FROM t2",
            400,
        )
        .await;
    backend
        .create_stream("t2", &[("n", "int64"), ("name", "string")])
        .await;
    backend
        .ddl(
            "CREATE MATERIALIZED VIEW first INTO s AS SELECT n + 1 AS n, name FROM t2",
            204,
        )
        .await;
    for (body, field, words) in [
        (json!({"name": "m", "query": ""}), "query", "needed"),
        (
            json!({"name": "m", "query": "SELECT n FRM s"}),
            "query",
            "line 1",
        ),
        (
            json!({"name": "m", "query": "SELECT nope FROM s"}),
            "query",
            "nope",
        ),
        (
            json!({"name": "m", "query": "SELECT n FROM table(s)"}),
            "query",
            "history",
        ),
        (
            json!({"name": "m", "query": "SELECT n, n FROM s"}),
            "query",
            "twice",
        ),
        (
            json!({"name": "1m", "query": "SELECT n FROM s"}),
            "name",
            "not a name",
        ),
        (
            json!({"name": "s", "query": "SELECT n FROM s"}),
            "name",
            "exists",
        ),
        (
            into("SELECT n FROM s", "nope"),
            "target_stream",
            "does not exist",
        ),
        (into("SELECT n FROM s", "t"), "query", "convert it"),
        (
            into("SELECT name AS other FROM s", "t"),
            "query",
            "no column 'other'",
        ),
        (
            into("SELECT n, name FROM s", "s"),
            "target_stream",
            "never come to an end",
        ),
        (
            into("SELECT n, name FROM s", "t2"),
            "target_stream",
            "never come to an end",
        ),
        (
            json!({"name": "m", "query": "SELECT name AS n FROM s", "target_stream": "t", "ttl_expression": "_tp_time + INTERVAL 1 DAY"}),
            "ttl_expression",
            "kept by stream 't'",
        ),
    ] {
        let refused = backend.post(VIEWS, &body).await.expect(400);
        assert!(
            refused.message().contains(words),
            "{body}: {}",
            refused.body
        );
        assert_eq!(
            refused.json()["fields"][0]["field"],
            field,
            "{body}: {}",
            refused.body
        );
    }
    let position = backend
        .post(
            VIEWS,
            json!({"name": "m", "query": "SELECT\n  nope FROM s"}),
        )
        .await
        .expect(400)
        .json();
    assert_eq!(position["position"], json!({"line": 2, "column": 3}));
    assert_eq!(
        backend.get(VIEWS).await.json().as_array().map(Vec::len),
        Some(1)
    );
    for (method, path) in [
        ("GET", ""),
        ("DELETE", ""),
        ("GET", "/stats"),
        ("POST", "/pause"),
    ] {
        let path = format!("{VIEWS}/nope{path}");
        let method = method.parse().expect("method");
        let answer = super::super::common::answer(backend.request(method, &path)).await;
        assert_eq!(answer.status.as_u16(), 404, "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn what_is_kept_and_said_can_be_changed_but_not_the_query() {
    let backend = with_stream().await;
    let body = json!({"name": "m", "query": "SELECT n FROM s"});
    backend.post(VIEWS, &body).await.expect(201);
    let change = json!({"description": "d", "logstore_retention_bytes": 5_000_000,
        "ttl_expression": "to_datetime(_tp_time) + INTERVAL 2 DAY", "query": "SELECT n FROM s"});
    let answer = backend
        .patch(&format!("{VIEWS}/m"), &change)
        .await
        .expect(204);
    assert_eq!(answer.body, "");
    let view = backend.view("m").await;
    assert_eq!(view["description"], "d");
    assert_eq!(view["logstore_retention_bytes"], 5_000_000);
    assert_eq!(
        view["ttl_expression"],
        "to_datetime(_tp_time) + INTERVAL 2 DAY"
    );
    let other = json!({"query": "SELECT n + 1 AS n FROM s"});
    let refused = backend
        .patch(&format!("{VIEWS}/m"), other)
        .await
        .expect(400);
    assert_eq!(refused.json()["fields"][0]["field"], "query");
    backend
        .ddl("ALTER VIEW m MODIFY COMMENT 'by SQL'", 204)
        .await;
    backend
        .ddl(
            "ALTER STREAM m MODIFY SETTING logstore_retention_ms = 9000",
            204,
        )
        .await;
    let view = backend.view("m").await;
    assert_eq!(
        (&view["description"], &view["logstore_retention_ms"]),
        (&json!("by SQL"), &json!(9000))
    );
    backend
        .ddl(
            "CREATE MATERIALIZED VIEW IF NOT EXISTS m AS SELECT 1 AS x FROM s",
            204,
        )
        .await;
    backend.ddl("DROP VIEW m", 204).await;
    backend.ddl("DROP VIEW IF EXISTS m", 204).await;
    backend.get(&format!("{VIEWS}/m")).await.expect(404);
}
