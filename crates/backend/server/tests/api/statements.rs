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
    let mut text = backend.query("SHOW CREATE STREAM s").await;
    let rows = text.rows(1).await;
    let text = rows[0][0].as_str().expect("text");
    assert!(text.contains("`g` string"), "{text}");
    run("DELETE FROM s WHERE n = 1").await.expect(204);
    let mut rows = backend.query("SELECT count() FROM table(s)").await;
    assert_eq!(rows.rows(1).await, [json!([0])]);
}
