//! Queries that run all the time and write into a stream.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::common::Backend;

const VIEWS: &str = "/v1beta2/materialized_views";

impl Backend {
    async fn ddl(&self, sql: &str, status: u16) -> super::common::Answer {
        let body = json!({"sql": sql, "type": "ddl"});
        self.post("/v1beta2/exec", body).await.expect(status)
    }

    async fn history(&self, sql: &str) -> Value {
        let body = json!({"sql": sql, "type": "historical"});
        self.post("/v1beta2/exec", body).await.expect(200).json()["data"].clone()
    }

    /// Waits until the query over history answers so.
    async fn shows(&self, sql: &str, rows: Value) {
        let limit = Instant::now() + Duration::from_secs(60);
        loop {
            let found = self.history(sql).await;
            if found == rows {
                return;
            }
            assert!(Instant::now() < limit, "{sql}: {found}, not {rows}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Statistics once everything was read: rows are there before they are counted.
    async fn caught_up(&self, name: &str) -> Value {
        let limit = Instant::now() + Duration::from_secs(60);
        loop {
            let path = format!("{VIEWS}/{name}/stats?historyDays=1");
            let stats = self.get(&path).await.expect(200).json();
            if stats["lagging"] == 0 {
                return stats;
            }
            assert!(Instant::now() < limit, "{stats}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn view(&self, name: &str) -> Value {
        self.get(&format!("{VIEWS}/{name}"))
            .await
            .expect(200)
            .json()
    }

    async fn becomes(&self, name: &str, status: &str) -> Value {
        let limit = Instant::now() + Duration::from_secs(60);
        loop {
            let view = self.view(name).await;
            if view["status"] == status {
                return view;
            }
            assert!(Instant::now() < limit, "{view}, not {status}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

async fn with_stream() -> Backend {
    let backend = Backend::start().await;
    backend
        .create_stream("s", &[("n", "int64"), ("name", "string")])
        .await;
    backend
}

async fn add(backend: &Backend, rows: &str) {
    backend.ingest("s", r#"["n","name"]"#, rows).await;
}

#[tokio::test]
async fn a_view_keeps_what_comes_after_its_creation() {
    let backend = with_stream().await;
    add(&backend, r#"[[1,"before"]]"#).await;
    let body = json!({"name": "m", "query": "SELECT n * 10 AS ten, name FROM s WHERE n > 1",
                      "description": "tens", "logstore_retention_ms": 3_600_000});
    let made = backend.post(VIEWS, &body).await.expect(201).json();
    assert_eq!(made["name"], "m");
    assert_eq!(made["target_stream"], "");
    assert_eq!(made["logstore_retention_ms"], 3_600_000);
    assert_eq!(made["columns"][0]["name"], "ten");
    assert_eq!(made["columns"][0]["type"], "int64");
    add(&backend, r#"[[1,"a"],[2,"b"],[3,"c"]]"#).await;
    backend
        .shows(
            "SELECT ten, name FROM table(m)",
            json!([[20, "b"], [30, "c"]]),
        )
        .await;
    // Following it works like following a stream.
    let mut events = backend.query("SELECT ten FROM m").await;
    add(&backend, r#"[[7,"d"]]"#).await;
    assert_eq!(events.rows(1).await, [json!([70])]);

    let stats = backend.caught_up("m").await;
    assert_eq!(stats["row_count"], 3);
    assert_eq!(stats["status"], "ExecutingPipeline");
    let node = &stats["nodes"][0];
    assert_eq!(node["status"], "ExecutingPipeline");
    assert_eq!(node["read_rows"], 4);
    assert_eq!(node["written_rows"], 3);
    assert_eq!(
        node["lagging_status"]["s"],
        json!({"end_sn": 5, "processed_sn": 5, "ckpt_sn": 5,
        "processed_record_ts": node["lagging_status"]["s"]["processed_record_ts"]})
    );
    assert!(node["checkpoint_size"].as_i64() > Some(10));
    assert_eq!(stats["pipeline"]["nodes"][0]["name"], "Stream s");
    assert_eq!(
        stats["history"].as_array().map(|h| h.is_empty()),
        Some(false)
    );

    let list = backend
        .get(&format!("{VIEWS}?expand=true"))
        .await
        .expect(200)
        .json();
    assert_eq!(list[0]["status"], "ExecutingPipeline");
    // Its rows are its own: it is no stream.
    assert_eq!(backend.get("/v1beta2/streams/m").await.status.as_u16(), 404);
    let streams = backend.get("/v1beta2/streams").await.expect(200).json();
    assert!(
        streams
            .as_array()
            .is_some_and(|all| all.iter().all(|s| s["name"] != "m"))
    );
    let ingest = backend.post(
        "/v1beta2/streams/m/ingest",
        r#"{"columns":["ten"],"data":[[1]]}"#,
    );
    assert_eq!(ingest.await.status.as_u16(), 404);
    backend.ddl("DROP STREAM m", 400).await;
}

#[tokio::test]
async fn several_views_write_into_one_stream() {
    let backend = with_stream().await;
    backend
        .create_stream(
            "t",
            &[("name", "string"), ("n", "float64"), ("extra", "int8")],
        )
        .await;
    for (name, query) in [
        ("small", "SELECT n, name FROM s WHERE n < 10"),
        ("large", "SELECT name, n FROM s WHERE n >= 10"),
    ] {
        let body = json!({"name": name, "query": query, "target_stream": "t"});
        let made = backend.post(VIEWS, &body).await.expect(201).json();
        assert_eq!(made["target_stream"], "t");
    }
    add(&backend, r#"[[1,"a"],[20,"b"]]"#).await;
    let rows = json!([["a", 1.0, 0], ["b", 20.0, 0]]);
    backend
        .shows(
            "SELECT name, n, extra FROM table(t) ORDER BY n",
            rows.clone(),
        )
        .await;
    backend
        .shows("SELECT name, n, extra FROM table(small) ORDER BY n", rows)
        .await;
    let refused = backend.delete("/v1beta2/streams/t").await.expect(400);
    assert!(refused.message().contains("large") && refused.message().contains("small"));
    backend.delete(&format!("{VIEWS}/small")).await.expect(204);
    backend.delete(&format!("{VIEWS}/large")).await.expect(204);
    backend
        .shows("SELECT count() FROM table(t)", json!([[2]]))
        .await;
    backend.delete("/v1beta2/streams/t").await.expect(204);
}

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
        let answer = super::common::answer(backend.request(method, &path)).await;
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

#[tokio::test]
async fn a_paused_view_waits_and_catches_up_even_after_a_restart() {
    let backend = with_stream().await;
    backend.ddl("CREATE MATERIALIZED VIEW m AS SELECT count() AS c FROM tumble(s, 1d) GROUP BY window_start", 204).await;
    backend
        .ddl("CREATE MATERIALIZED VIEW rows AS SELECT n FROM s", 204)
        .await;
    add(&backend, r#"[[1,"a"],[2,"b"]]"#).await;
    backend
        .shows("SELECT n FROM table(rows)", json!([[1], [2]]))
        .await;
    for name in ["m", "rows"] {
        backend
            .post(&format!("{VIEWS}/{name}/pause?sync=true"), "")
            .await
            .expect(200);
        assert_eq!(backend.view(name).await["status"], "Paused");
    }
    add(&backend, r#"[[3,"c"]]"#).await;
    let backend = backend.restart().await;
    assert_eq!(
        backend.becomes("rows", "Paused").await["lagging"],
        Value::Null
    );
    backend
        .shows("SELECT n FROM table(rows)", json!([[1], [2]]))
        .await;
    backend
        .ddl("SYSTEM RESUME MATERIALIZED VIEW rows", 204)
        .await;
    backend
        .post(&format!("{VIEWS}/m/resume"), "")
        .await
        .expect(200);
    backend
        .shows("SELECT n FROM table(rows)", json!([[1], [2], [3]]))
        .await;
    let again = backend
        .post(&format!("{VIEWS}/m/resume"), "")
        .await
        .expect(400);
    assert!(again.message().contains("not paused"));
    // The window that was open before the pause closes with all its rows.
    let later = r#"{"columns":["n","name","_tp_time"],"data":[[4,"d","2100-01-01T00:00:00Z"]]}"#;
    backend
        .post("/v1beta2/streams/s/ingest", later)
        .await
        .expect(200);
    backend.shows("SELECT c FROM table(m)", json!([[3]])).await;
    let recover = backend
        .post(&format!("{VIEWS}/m/recover"), "")
        .await
        .expect(400);
    assert!(recover.message().contains("nothing has to be recovered"));
    let transfer = json!({"from": 1, "shard": 0, "to": 2});
    let refused = backend
        .post(&format!("{VIEWS}/m/transfer"), transfer)
        .await
        .expect(400);
    assert!(refused.message().contains("no node 2"));
}

#[tokio::test]
async fn a_failed_view_tells_why_and_goes_on_once_the_cause_is_gone() {
    let backend = with_stream().await;
    backend
        .ddl("CREATE VIEW v AS SELECT n, name FROM s", 204)
        .await;
    backend
        .ddl("CREATE MATERIALIZED VIEW m AS SELECT n FROM v", 204)
        .await;
    add(&backend, r#"[[1,"a"]]"#).await;
    backend.shows("SELECT n FROM table(m)", json!([[1]])).await;
    backend
        .post(&format!("{VIEWS}/m/pause"), "")
        .await
        .expect(200);
    backend
        .ddl("CREATE OR REPLACE VIEW v AS SELECT name FROM s", 204)
        .await;
    backend
        .post(&format!("{VIEWS}/m/resume"), "")
        .await
        .expect(200);
    let failed = backend.becomes("m", "AutoRecovering").await;
    assert!(
        failed["last_error_message"]
            .as_str()
            .is_some_and(|m| m.contains("'n'")),
        "{failed}"
    );
    add(&backend, r#"[[2,"b"]]"#).await;
    backend
        .ddl(
            "CREATE OR REPLACE VIEW v AS SELECT n + 100 AS n FROM s",
            204,
        )
        .await;
    // By itself after a while, or at once.
    let _ = backend.post(&format!("{VIEWS}/m/recover"), "").await;
    backend
        .shows("SELECT n FROM table(m)", json!([[1], [102]]))
        .await;
    let view = backend.becomes("m", "ExecutingPipeline").await;
    assert_eq!(view["last_error_message"], Value::Null);
}

#[tokio::test]
async fn a_value_that_does_not_fit_its_target_stops_the_view_at_that_row() {
    let backend = with_stream().await;
    backend.create_stream("t", &[("n", "int8")]).await;
    backend
        .ddl("CREATE MATERIALIZED VIEW m INTO t AS SELECT n FROM s", 204)
        .await;
    add(&backend, r#"[[1,"a"]]"#).await;
    backend.shows("SELECT n FROM table(t)", json!([[1]])).await;
    add(&backend, r#"[[300,"b"]]"#).await;
    let failed = backend.becomes("m", "AutoRecovering").await;
    let words = failed["last_error_message"].as_str().expect("message");
    assert!(
        words.contains("column 'n'") && words.contains("300"),
        "{words}"
    );
    assert_eq!(backend.view("m").await["lagging"], 1);
    backend.shows("SELECT n FROM table(t)", json!([[1]])).await;
    let backend = backend.restart().await;
    backend.becomes("m", "AutoRecovering").await;
    backend.shows("SELECT n FROM table(t)", json!([[1]])).await;
    backend.delete(&format!("{VIEWS}/m")).await.expect(204);
}

#[tokio::test]
async fn views_of_views_are_deleted_from_the_end() {
    let backend = with_stream().await;
    backend
        .ddl(
            "CREATE MATERIALIZED VIEW one AS SELECT n + 1 AS n FROM s",
            204,
        )
        .await;
    backend
        .ddl(
            "CREATE MATERIALIZED VIEW two AS SELECT n + 1 AS n FROM one",
            204,
        )
        .await;
    backend
        .ddl("CREATE VIEW three AS SELECT n + 1 AS n FROM two", 204)
        .await;
    add(&backend, r#"[[1,"a"]]"#).await;
    backend
        .shows("SELECT n FROM table(three)", json!([[4]]))
        .await;
    for (name, reader) in [("one", "two"), ("two", "three")] {
        let refused = backend.delete(&format!("{VIEWS}/{name}")).await.expect(400);
        assert!(refused.message().contains(reader), "{}", refused.body);
    }
    let refused = backend.delete("/v1beta2/streams/s").await.expect(400);
    assert!(refused.message().contains("one"), "{}", refused.body);
    backend.delete("/v1beta2/views/three").await.expect(204);
    backend.delete(&format!("{VIEWS}/two")).await.expect(204);
    backend.delete("/v1beta2/views/one").await.expect(204);
    backend.get(&format!("{VIEWS}/one")).await.expect(404);
    backend.delete("/v1beta2/streams/s").await.expect(204);
}
