//! Deleting rows of a stream that keeps the last row of each key wakes the queries that follow it.

use serde_json::json;

use super::common::Backend;

#[tokio::test]
async fn a_deleted_row_reaches_who_follows_its_stream() {
    let backend = Backend::start().await;
    let run = |sql: &str| backend.post("/v1beta2/queries", json!({ "sql": sql }));
    for made in [
        "CREATE MUTABLE STREAM kv (k string, v int64) PRIMARY KEY k",
        "CREATE MUTABLE STREAM names (id string, name string) PRIMARY KEY id",
        "CREATE VIEW named AS SELECT k, v, name FROM kv JOIN names ON kv.k = names.id",
    ] {
        run(made).await.expect(204);
    }
    let mut sum = backend
        .query("SELECT count(), sum(v) FROM kv EMIT ON UPDATE")
        .await;
    let mut changes = backend
        .query("SELECT k, v, _tp_delta FROM kv EMIT CHANGELOG")
        .await;
    let mut called = backend
        .query("SELECT k, v, _tp_delta FROM changelog(kv)")
        .await;
    let mut view = backend.query("SELECT k, v, name FROM named").await;
    backend
        .ingest("kv", r#"["k","v"]"#, r#"[["a",1],["b",2]]"#)
        .await;
    backend
        .ingest("names", r#"["id","name"]"#, r#"[["a","Ann"]]"#)
        .await;
    assert_eq!(sum.rows(1).await, [json!([2, 3])]);
    let both = [json!(["a", 1, 1]), json!(["b", 2, 1])];
    assert_eq!(changes.rows(2).await, both);
    assert_eq!(called.rows(2).await, both);
    assert_eq!(view.rows(1).await, [json!(["a", 1, "Ann"])]);
    run("DELETE FROM kv WHERE k = 'a'").await.expect(204);
    assert_eq!(sum.rows(1).await, [json!([1, 2])]);
    assert_eq!(changes.rows(1).await, [json!(["a", 1, -1])]);
    assert_eq!(called.rows(1).await, [json!(["a", 1, -1])]);
    // The right side of the view's join brings rows, too.
    backend
        .ingest("names", r#"["id","name"]"#, r#"[["b","Bob"]]"#)
        .await;
    assert_eq!(view.rows(1).await, [json!(["b", 2, "Bob"])]);
}

#[tokio::test]
async fn a_deleted_row_is_told_apart_by_its_delta() {
    let backend = Backend::start().await;
    let run = |sql: &str| backend.post("/v1beta2/queries", json!({ "sql": sql }));
    run("CREATE MUTABLE STREAM kv (k string, v int64) PRIMARY KEY k")
        .await
        .expect(204);
    let mut gone = backend
        .query("SELECT k, v FROM changelog(kv) WHERE _tp_delta < 0")
        .await;
    let mut named = backend
        .query(
            "WITH changes AS (SELECT k, v, _tp_delta FROM changelog(kv)) \
             SELECT k, v, if(_tp_delta = 1, 'is', 'was') AS how FROM changes",
        )
        .await;
    backend
        .ingest("kv", r#"["k","v"]"#, r#"[["a",1],["b",2]]"#)
        .await;
    let both = [json!(["a", 1, "is"]), json!(["b", 2, "is"])];
    assert_eq!(named.rows(2).await, both);
    run("DELETE FROM kv WHERE k = 'a'").await.expect(204);
    assert_eq!(gone.rows(1).await, [json!(["a", 1])]);
    assert_eq!(named.rows(1).await, [json!(["a", 1, "was"])]);
}
