//! Random streams, joins of streams, and what a query tells of words that change nothing.

use serde_json::json;

use super::common::Backend;

#[tokio::test]
async fn a_random_stream_gives_rows_of_its_defaults() {
    let backend = Backend::start().await;
    let sql = "CREATE RANDOM STREAM devices(
        device string default 'device'||to_string(rand()%4),
        level int default 7,
        any_number uint32
    ) SETTINGS eps=500";
    let made = backend
        .post("/v1beta2/queries", json!({ "sql": sql }))
        .await;
    made.expect(204);
    let mut tail = backend
        .query("SELECT device, level FROM devices LIMIT 20")
        .await;
    for row in tail.rows(20).await {
        let device = row[0].as_str().expect("text");
        let number = device.strip_prefix("device").expect("a device");
        assert!(number.parse::<u8>().is_ok_and(|n| n < 4), "{row}");
        assert_eq!(row[1], 7);
    }
    let sql = "SELECT count(), count_distinct(device), max(any_number) > 0 FROM table(devices)";
    let mut whole = backend.query(sql).await;
    assert_eq!(whole.rows(1).await, [json!([65409, 4, true])]);
    let sql = "SELECT device, count() FROM devices GROUP BY device EMIT PERIODIC 200ms";
    assert_eq!(backend.query(sql).await.rows(4).await.len(), 4);
    backend
        .post("/v1beta2/queries", json!({"sql": "DROP STREAM devices"}))
        .await
        .expect(204);
}

#[tokio::test]
async fn words_that_change_nothing_are_told_with_the_query() {
    let backend = Backend::start().await;
    let query = backend.query("SELECT 1 SETTINGS max_threads = 4").await;
    let told = query.query["notices"][0].as_str().expect("a notice");
    assert!(told.contains("max_threads"), "{told}");
    let query = backend.query("SELECT 1").await;
    assert!(query.query.get("notices").is_none());
}

#[tokio::test]
async fn two_streams_are_joined_while_rows_come_to_both() {
    let backend = Backend::start().await;
    backend
        .create_stream("l", &[("i", "int32"), ("k", "string")])
        .await;
    backend
        .create_stream("r", &[("j", "int32"), ("k", "string")])
        .await;
    let mut joined = backend.query("SELECT i, j FROM l JOIN r USING (k)").await;
    backend.ingest("l", r#"["i","k"]"#, r#"[[1,"a"]]"#).await;
    backend
        .ingest("r", r#"["j","k"]"#, r#"[[10,"a"],[11,"b"]]"#)
        .await;
    assert_eq!(joined.rows(1).await, [json!([1, 10])]);
    backend.ingest("l", r#"["i","k"]"#, r#"[[2,"b"]]"#).await;
    assert_eq!(joined.rows(1).await, [json!([2, 11])]);
}

#[tokio::test]
async fn columns_are_added_by_a_statement() {
    let backend = Backend::start().await;
    let run = |sql: &str| backend.post("/v1beta2/queries", json!({ "sql": sql }));
    run("CREATE STREAM s (n int64)").await.expect(204);
    run("INSERT INTO default.s (n) VALUES (1)").await;
    run("ALTER STREAM s ADD COLUMN e int, ADD COLUMN f string")
        .await
        .expect(204);
    run("ALTER STREAM s RENAME COLUMN f TO g").await.expect(204);
    let mut rows = backend.query("SELECT n, e, g FROM table(s)").await;
    assert_eq!(rows.rows(1).await, [json!([1, 0, ""])]);
    // Rows that are there have the default of a new column, too.
    run("ALTER STREAM s ADD COLUMN h string DEFAULT 'h', ADD COLUMN i int DEFAULT n + 1")
        .await
        .expect(204);
    let mut rows = backend.query("SELECT h, i FROM table(s)").await;
    assert_eq!(rows.rows(1).await, [json!(["h", 2])]);
    let mut text = backend.query("SHOW CREATE STREAM s").await;
    let rows = text.rows(1).await;
    let text = rows[0][0].as_str().expect("text");
    assert!(text.contains("`g` string"), "{text}");
    run("DELETE FROM s WHERE n = 1").await.expect(204);
    let mut rows = backend.query("SELECT count() FROM table(s)").await;
    assert_eq!(rows.rows(1).await, [json!([0])]);
}

#[tokio::test]
async fn a_function_of_an_expression_is_kept_shown_and_called() {
    let backend = Backend::start().await;
    let run = |sql: &str| backend.post("/v1beta2/queries", json!({ "sql": sql }));
    run("CREATE FUNCTION linear AS (x, k, b) -> k * x + b")
        .await
        .expect(204);
    let mut rows = backend.query("SELECT linear(2, 3, 1) AS a").await;
    assert_eq!(rows.rows(1).await, [json!([7])]);
    let mut text = backend.query("SHOW CREATE FUNCTION linear").await;
    let shown = "CREATE FUNCTION linear AS (x, k, b) -> k * x + b";
    assert_eq!(text.rows(1).await, [json!([shown])]);
    run("CREATE FUNCTION wrong AS (x) -> x + y")
        .await
        .expect(400);
    run("CREATE VIEW v AS SELECT linear(n, 1, 1) AS m FROM numbers(2) AS t(n)")
        .await
        .expect(204);
    run("DROP FUNCTION linear").await.expect(400);
    run("DROP VIEW v").await.expect(204);
    run("DROP FUNCTION linear").await.expect(204);
}

#[tokio::test]
async fn a_materialized_view_goes_on_with_another_query() {
    let backend = Backend::start().await;
    let run = |sql: &str| backend.post("/v1beta2/queries", json!({ "sql": sql }));
    run("CREATE STREAM s (n int64)").await.expect(204);
    run("CREATE MATERIALIZED VIEW m AS SELECT n + 1 AS x FROM s TTL to_datetime(_tp_time) + INTERVAL 1 DAY")
        .await
        .expect(204);
    let mut tail = backend.query("SELECT x FROM m").await;
    backend.ingest("s", r#"["n"]"#, "[[1]]").await;
    assert_eq!(tail.rows(1).await, [json!([2])]);
    run("ALTER VIEW m MODIFY QUERY SELECT n * 10 AS x FROM s")
        .await
        .expect(204);
    backend.ingest("s", r#"["n"]"#, "[[2]]").await;
    assert_eq!(tail.rows(1).await, [json!([20])]);
    // The view has no such column: the query before goes on.
    run("ALTER VIEW m MODIFY QUERY SELECT n AS y FROM s")
        .await
        .expect(400);
    backend.ingest("s", r#"["n"]"#, "[[3]]").await;
    assert_eq!(tail.rows(1).await, [json!([30])]);
    let mut text = backend.query("SHOW CREATE m").await;
    let rows = text.rows(1).await;
    let text = rows[0][0].as_str().expect("text");
    assert!(text.contains("n * 10"), "{text}");
}

#[tokio::test]
async fn a_materialized_view_of_all_columns_goes_on_when_its_stream_gains_one() {
    let backend = Backend::start().await;
    let run = |sql: &str| backend.post("/v1beta2/queries", json!({ "sql": sql }));
    run("CREATE STREAM s (n int64)").await.expect(204);
    run("CREATE MATERIALIZED VIEW m AS SELECT * FROM s")
        .await
        .expect(204);
    run("SYSTEM PAUSE MATERIALIZED VIEW m").await.expect(204);
    run("ALTER STREAM s ADD COLUMN k string DEFAULT 'x'")
        .await
        .expect(204);
    run("SYSTEM RESUME MATERIALIZED VIEW m").await.expect(204);
    let mut tail = backend.query("SELECT n FROM m").await;
    backend.ingest("s", r#"["n"]"#, "[[5]]").await;
    assert_eq!(tail.rows(1).await, [json!([5])]);
}

#[tokio::test]
async fn schemas_are_shown_and_what_is_not_there_can_be_truncated() {
    let backend = Backend::start().await;
    let run = |sql: &str| backend.post("/v1beta2/queries", json!({ "sql": sql }));
    let sql = "CREATE FORMAT SCHEMA sch AS 'syntax = \"proto3\"; message A { string x = 1; }' TYPE Protobuf";
    run(sql).await.expect(204);
    let mut rows = backend.query("SHOW FORMAT SCHEMAS").await;
    assert_eq!(rows.rows(1).await, [json!(["sch", "Protobuf"])]);
    let mut rows = backend.query("SHOW CREATE FORMAT SCHEMA sch").await;
    assert_eq!(rows.rows(1).await, [json!([sql])]);
    run("TRUNCATE STREAM IF EXISTS nothing").await.expect(204);
    run("TRUNCATE STREAM nothing").await.expect(400);
}

#[tokio::test]
async fn a_stream_that_is_not_there_is_renamed_if_it_exists() {
    let backend = Backend::start().await;
    backend.create_stream("old", &[("n", "int64")]).await;
    let run = |sql: &str| backend.post("/v1beta2/queries", json!({ "sql": sql }));
    for sql in [
        "RENAME STREAM IF EXISTS nope TO other",
        "RENAME STREAM IF EXISTS old TO new",
    ] {
        run(sql).await.expect(204);
    }
    backend.get("/v1beta2/streams/new").await.expect(200);
    run("RENAME STREAM nope TO other").await.expect(400);
}
