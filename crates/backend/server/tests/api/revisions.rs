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

#[tokio::test]
async fn there_is_one_database() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("a", "int32")]).await;
    let all = backend.get("/v1beta2/databases").await.expect(200).json();
    assert_eq!(all.as_array().map(Vec::len), Some(1), "{all}");
    assert_eq!(all[0]["name"], "default");
    let streams = backend.get("/v1beta2/streams?db=default").await.expect(200);
    let count = streams.json().as_array().map_or(0, Vec::len);
    assert_eq!(all[0]["count"]["streams"], count);
    let other = backend.get("/v1beta2/streams/s?db=other").await.expect(404);
    assert!(
        other.message().contains("database 'other'"),
        "{}",
        other.body
    );
    let none = backend.get("/v1beta2/dictionaries").await.expect(200);
    assert_eq!(none.json(), json!([]));
    backend.delete("/v1beta2/dictionaries/d").await.expect(404);
}

#[tokio::test]
async fn the_cluster_is_this_process() {
    let backend = Backend::start().await;
    let nodes = backend.get("/v1beta2/cluster").await.expect(200).json();
    assert_eq!(nodes.as_array().map(Vec::len), Some(1), "{nodes}");
    let number = |key: &str| nodes[0][key].as_f64().expect("number");
    assert!(number("boot_timestamp") <= number("timestamp"));
    assert!((0.0..=1.0).contains(&number("cpu_usage")), "{nodes}");
    let streams = backend.get("/v1beta2/streams").await.expect(200).json();
    assert_eq!(
        nodes[0]["total_shards"],
        streams.as_array().map_or(0, Vec::len)
    );
}

#[tokio::test]
async fn no_licence_is_needed_and_ingested_bytes_are_counted() {
    let backend = Backend::start().await;
    let none = backend.get("/v1beta2/licenses").await.expect(200);
    assert_eq!(none.json(), json!([]));
    let trial = json!({"userName": "a", "password": "b"});
    let refused = backend
        .post("/v1beta2/licenses/trial", trial)
        .await
        .expect(400);
    assert!(refused.message().contains("no licence"), "{}", refused.body);
    backend.create_stream("s", &[("a", "int32")]).await;
    backend.ingest("s", r#"["a"]"#, "[[1],[2]]").await;
    // Counts are written down once a second.
    let usage = loop {
        let usage = backend
            .get("/v1beta2/licenses/usage")
            .await
            .expect(200)
            .json();
        if usage[0]["ingest_bytes"].as_i64().unwrap_or(0) > 0 {
            break usage;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    assert_eq!(usage[0]["type"], "Stream");
    let date = usage[0]["date"]["time.Time"].as_str().expect("date");
    assert!(date.ends_with("T00:00:00Z"), "{date}");
}

#[tokio::test]
async fn pipelines_keep_their_steps_over_a_restart() {
    let backend = Backend::start().await;
    let first = json!({"nodes": [{"ddl": "CREATE STREAM s (a int32)", "mine": [1, 2]}]});
    let request = json!({"name": "p", "description": "d", "nodes_history": [first]});
    let made = backend
        .post("/v1beta2/pipelines", &request)
        .await
        .expect(201)
        .json();
    let path = format!("/v1beta2/pipelines/{}", made["id"].as_str().expect("id"));
    let again = backend
        .post("/v1beta2/pipelines", &request)
        .await
        .expect(400);
    assert_eq!(again.json()["fields"][0]["field"], "name");
    let append = format!("{path}/append");
    backend
        .post(&append, json!({"nodes": ["x"]}))
        .await
        .expect(204);
    backend
        .post(&append, json!({"nodes": []}))
        .await
        .expect(400);
    backend
        .post("/v1beta2/pipelines/none/append", json!({"nodes": ["x"]}))
        .await
        .expect(404);

    let backend = backend.restart().await;
    let kept = backend.get(&path).await.expect(200).json();
    assert_eq!(kept["nodes_history"][0]["nodes"], first["nodes"]);
    assert_eq!(kept["nodes_history"][1]["nodes"], json!(["x"]));
    assert!(
        kept["nodes_history"][1]["update_time"].is_string(),
        "{kept}"
    );
    assert_eq!(kept["created_by"]["name"], "admin");
    let all = backend.get("/v1beta2/pipelines").await.expect(200).json();
    assert_eq!(all, json!([kept]));
    backend.delete(&path).await.expect(204);
    backend.get(&path).await.expect(404);
    backend.delete(&path).await.expect(404);
}

#[tokio::test]
async fn ddl_is_recognised_without_being_run() {
    let backend = Backend::start().await;
    for (sql, parsed) in [
        (
            "CREATE STREAM s (a int32)",
            json!({"parsed": true, "resourceDB": "default", "resourceName": "s", "resourceType": "stream"}),
        ),
        (
            "SELECT 1",
            json!({"parsed": false, "resourceDB": "", "resourceName": "", "resourceType": ""}),
        ),
    ] {
        let answer = backend.post("/v1beta2/pipeline/parseddl", json!(sql)).await;
        assert_eq!(answer.expect(200).json(), parsed);
    }
    backend.get("/v1beta2/streams/s").await.expect(404);
    backend
        .post("/v1beta2/pipeline/parseddl", "{}")
        .await
        .expect(400);
}
