//! Queries that run all the time and write into a stream.

mod refusals;
mod states;

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
