//! A statement that is run because somebody looks at a page tries to change something.

use serde_json::json;

use super::{
    common::Backend,
    people::{audited, rows},
};

/// What a panel, a preview or an imported dashboard could say.
const CHANGING: &[&str] = &[
    "DROP STREAM victim",
    "  -- SELECT 1\n DROP STREAM victim",
    "/* SELECT */ drop stream if exists victim",
    "DROP STREAM victim;",
    "INSERT INTO victim (a) VALUES (9)",
    "CREATE STREAM more (a int)",
    "CREATE VIEW more AS SELECT 1",
    "CREATE MATERIALIZED VIEW more AS SELECT a FROM victim",
    "ALTER STREAM victim ADD COLUMN b int",
    "SELECT 1; DROP STREAM victim",
    "WITH x AS (SELECT 1) INSERT INTO victim SELECT * FROM x",
];

#[tokio::test]
async fn a_request_that_may_only_read_changes_nothing_even_for_an_admin() {
    let backend = Backend::start().await;
    backend.create_stream("victim", &[("a", "int32")]).await;
    backend.ingest("victim", r#"["a"]"#, "[[1]]").await;
    for sql in CHANGING {
        let body = json!({"sql": sql, "read_only": true});
        let answer = backend.post("/v1beta2/queries", &body).await;
        assert!(
            answer.status.is_client_error(),
            "{sql}: {} {}",
            answer.status,
            answer.body
        );
        for kind in ["ddl", "historical"] {
            let body = json!({"sql": sql, "type": kind, "read_only": true});
            let answer = backend.post("/v1beta2/exec", &body).await;
            assert!(
                answer.status.is_client_error(),
                "{sql}: {} {}",
                answer.status,
                answer.body
            );
        }
    }
    let counted = rows(&backend, "SELECT count() AS n FROM table(victim)").await;
    assert_eq!(counted, [json!({"n": 1})]);
    let streams = backend.get("/v1beta2/streams").await.expect(200);
    assert!(!streams.body.contains("more"), "{}", streams.body);
    let refused = audited(&backend, "status = 403", 4).await;
    assert!(
        refused.iter().all(|row| row["actor"] == "admin"),
        "{refused:?}"
    );
    assert!(
        refused
            .iter()
            .any(|row| row["resource_kind"] == "row" && row["resource_name"] == "victim"),
        "{refused:?}"
    );
}

#[tokio::test]
async fn what_reads_still_reads() {
    let backend = Backend::start().await;
    backend.create_stream("victim", &[("a", "int32")]).await;
    backend.ingest("victim", r#"["a"]"#, "[[1]]").await;
    let sql = "WITH x AS (SELECT a FROM table(victim)) SELECT a FROM x";
    let mut events = backend
        .query_with(json!({"sql": sql, "read_only": true}))
        .await;
    assert_eq!(events.rows(1).await, [json!([1])]);
    let body = json!({"sql": sql, "type": "historical", "read_only": true});
    backend.post("/v1beta2/exec", &body).await.expect(200);
}

#[tokio::test]
async fn what_a_query_is_called_fills_no_memory() {
    let backend = Backend::start().await;
    for (field, value) in [
        ("name", json!("n".repeat(1_000_000))),
        ("description", json!("d".repeat(1_000_000))),
        ("tags", json!(["t".repeat(1_000_000)])),
        ("tags", json!(vec!["t"; 10_000])),
    ] {
        let mut body = json!({"sql": "SELECT 1"});
        body[field] = value;
        let refused = backend.post("/v1beta2/queries", body).await.expect(400);
        assert!(refused.body.contains(field), "{}", refused.body);
    }
}
