//! Operations that only servers of one time have, and `exec`.

use serde_json::json;
use weir_backend::config::Revision;

use super::common::Backend;

async fn of(revision: Revision) -> Backend {
    Backend::start_with(|config| config.revision = revision).await
}

#[tokio::test]
async fn servers_of_2026_define_streams_by_sql_only() {
    let backend = of(Revision::Y2026).await;
    let stream = json!({"name": "s", "columns": [{"name": "a", "type": "int32"}]});
    let refused = backend.post("/v1beta2/streams", &stream).await.expect(405);
    assert!(refused.message().contains("POST"), "{}", refused.body);
    for gone in ["/v1beta2/auth/api_keys", "/v1beta2/subscription"] {
        backend.get(gone).await.expect(404);
    }
    let ddl = |sql: &str| json!({"sql": sql, "type": "ddl"});
    let made = backend
        .post("/v1beta2/exec", ddl("CREATE STREAM s (a int32)"))
        .await;
    assert_eq!(made.expect(204).body, "");
    backend.patch("/v1beta2/streams/s", "{}").await.expect(405);
    let altered = "ALTER STREAM s MODIFY COMMENT 'c', MODIFY SETTING logstore_retention_ms = 5";
    backend
        .post("/v1beta2/exec", ddl(altered))
        .await
        .expect(204);
    let stream = backend.get("/v1beta2/streams/s").await.expect(200).json();
    assert_eq!(stream["description"], "c");
    assert_eq!(stream["logstore_retention_ms"], 5);
    backend
        .post("/v1beta2/exec", ddl("DROP STREAM s"))
        .await
        .expect(204);
    backend.get("/v1beta2/streams/s").await.expect(404);
}

#[tokio::test]
async fn servers_of_2025_know_neither_exec_nor_info() {
    let backend = of(Revision::Y2025).await;
    backend.get("/info").await.expect(404);
    let exec = json!({"sql": "SELECT 1", "type": "historical"});
    backend.post("/v1beta2/exec", exec).await.expect(404);
    backend.create_stream("s", &[("a", "int32")]).await;
}

#[tokio::test]
async fn exec_answers_history_with_exact_values() {
    let backend = Backend::start().await;
    backend
        .create_stream(
            "s",
            &[("big", "uint64"), ("wide", "int256"), ("j", "string")],
        )
        .await;
    backend
        .ingest(
            "s",
            r#"["big","wide","j"]"#,
            r#"[[18446744073709551615,"-57896044618658097711785492504343953926634992332820282019728792003956564819968","a\nb"]]"#,
        )
        .await;
    let sql = "SELECT big, wide, j FROM table(s)";
    let answer = backend
        .post("/v1beta2/exec", json!({"sql": sql, "type": "historical"}))
        .await
        .expect(200);
    assert_eq!(
        answer.body,
        r#"{"columns":[{"name":"big","type":"uint64"},{"name":"wide","type":"int256"},{"name":"j","type":"string"}],"data":[[18446744073709551615,"-57896044618658097711785492504343953926634992332820282019728792003956564819968","a\nb"]]}"#
    );
    for (sql, first) in [
        ("SHOW DATABASES", json!([["default"]])),
        (
            "DESCRIBE s",
            json!([
                ["big", "uint64"],
                ["wide", "int256"],
                ["j", "string"],
                ["_tp_time", "datetime64(3)"]
            ]),
        ),
        ("SELECT 1 WHERE false", json!([])),
    ] {
        let request = json!({"sql": sql, "type": "historical"});
        let answer = backend.post("/v1beta2/exec", request).await.expect(200);
        assert_eq!(answer.json()["data"], first, "{sql}");
    }
}

#[tokio::test]
async fn exec_says_what_it_does_not_take() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "int32")]).await;
    for (body, field, words) in [
        (
            json!({"sql": "SELECT * FROM s", "type": "historical"}),
            "sql",
            "table(",
        ),
        (
            json!({"sql": "SELECT 1", "type": "ddl"}),
            "type",
            "'historical'",
        ),
        (
            json!({"sql": "DROP STREAM s", "type": "historical"}),
            "type",
            "'ddl'",
        ),
        (
            json!({"sql": "INSERT INTO s VALUES (1)", "type": "ddl"}),
            "sql",
            "ingest",
        ),
        (
            json!({"sql": "SELECT 1", "type": "historical", "timeout_ms": 0}),
            "timeout_ms",
            "1 to",
        ),
        (json!({"sql": " ", "type": "ddl"}), "sql", "needed"),
    ] {
        let refused = backend.post("/v1beta2/exec", &body).await.expect(400);
        assert!(refused.message().contains(words), "{}", refused.body);
        assert_eq!(refused.json()["fields"][0]["field"], field);
    }
    backend.get("/v1beta2/streams/s").await.expect(200);
    for malformed in [
        "{",
        r#"{"sql":"SELECT 1"}"#,
        r#"{"sql":"SELECT 1","type":"other"}"#,
    ] {
        backend.post("/v1beta2/exec", malformed).await.expect(400);
    }
}

/// The join has 27 thousand million rows: only a stop ends it in time.
#[tokio::test]
async fn exec_stops_what_takes_too_long() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "int32")]).await;
    let rows: Vec<String> = (0..3000).map(|a| format!("[{a}]")).collect();
    backend
        .ingest("s", r#"["a"]"#, &format!("[{}]", rows.join(",")))
        .await;
    let sql = "SELECT count() FROM table(s) AS x CROSS JOIN table(s) AS y CROSS JOIN table(s) AS z";
    let request = json!({"sql": sql, "type": "historical", "timeout_ms": 50});
    let refused = backend.post("/v1beta2/exec", request).await.expect(400);
    assert!(
        refused.message().contains("longer than 50 ms"),
        "{}",
        refused.body
    );
}
