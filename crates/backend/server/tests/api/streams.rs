//! `/v1beta2/workspace`, `/streams`, `/views`, and the shape of refusals.

use reqwest::Method;
use serde_json::json;

use super::common::{Backend, answer};

#[tokio::test]
async fn the_workspace_is_read_and_changed() {
    let backend = Backend::start().await;
    let before = backend.get("/v1beta2/workspace").await.expect(200).json();
    assert_eq!(
        (&before["id"], &before["settings"]["enabled_user_tracking"]),
        (&json!("default"), &json!(false))
    );
    let change = json!({"settings": {"enabled_user_tracking": true}});
    backend
        .patch("/v1beta2/workspace", change)
        .await
        .expect(204);
    let backend = backend.restart().await;
    let after = backend.get("/v1beta2/workspace").await.expect(200).json();
    assert_eq!(after["settings"]["enabled_user_tracking"], true);
    assert_eq!(after["last_updated_by"]["name"], "admin");
    assert_eq!(after["created_at"], before["created_at"]);
}

#[tokio::test]
async fn info_names_the_product() {
    let backend = Backend::start().await;
    let info = backend.get("/info").await.expect(200).json();
    assert!(
        info["product_name"]
            .as_str()
            .expect("name")
            .contains("Weir")
    );
    assert_ne!(info["proton"]["version"], "");
}

#[tokio::test]
async fn a_stream_from_creation_to_deletion() {
    let backend = Backend::start().await;
    let definition = json!({
        "name": "cars", "description": "on the road",
        "columns": [{"name": "plate", "type": "string"}, {"name": "speed", "type": "float64", "default": "0"}],
        "logstore_retention_ms": 3_600_000,
    });
    let created = backend
        .post("/v1beta2/streams", &definition)
        .await
        .expect(201)
        .json();
    assert_eq!(created["created_by"]["name"], "admin");
    let names: Vec<_> = created["columns"]
        .as_array()
        .expect("columns")
        .iter()
        .map(|column| column["name"].as_str().expect("name"))
        .collect();
    assert_eq!(names, ["plate", "speed", "_tp_time"]);

    let twice = backend
        .post("/v1beta2/streams", &definition)
        .await
        .expect(400)
        .json();
    assert_eq!(
        (&twice["code"], &twice["system"]),
        (&json!(57), &json!("proton"))
    );
    assert_eq!(twice["fields"][0]["field"], "name");

    let list = backend.get("/v1beta2/streams").await.expect(200).json();
    let list: Vec<_> = list
        .as_array()
        .expect("list")
        .iter()
        .map(|stream| stream["name"].as_str().expect("name"))
        .collect();
    assert_eq!(
        list,
        [
            "audit_log",
            "backend_log",
            "cars",
            "host_metrics",
            "http_access"
        ]
    );

    let path = "/v1beta2/streams/cars";
    let change = json!({"description": "parked", "logstore_retention_bytes": 1_000_000});
    let changed = backend.patch(path, change).await.expect(200).json();
    assert_eq!(changed["description"], "parked");
    let read = backend.get(path).await.expect(200).json();
    assert_eq!(read["logstore_retention_bytes"], 1_000_000);
    assert_eq!(read["logstore_retention_ms"], 3_600_000);

    backend.delete(path).await.expect(204);
    for answer in [
        backend.get(path).await,
        backend.delete(path).await,
        backend.patch(path, "{}").await,
        backend.get("/v1beta2/streams/cars/stats").await,
    ] {
        let answer = answer.expect(404);
        assert!(answer.message().contains("'cars'"), "{}", answer.body);
    }
}

#[tokio::test]
async fn stats_count_rows_and_check_the_days() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    backend.ingest("s", r#"["n"]"#, "[[1],[2],[3]]").await;
    let stats = backend
        .get("/v1beta2/streams/s/stats")
        .await
        .expect(200)
        .json();
    assert_eq!(stats["row_count"], 3);
    assert!(stats.get("history").is_none());
    let history = backend
        .get("/v1beta2/streams/s/stats?historyDays=7")
        .await
        .expect(200)
        .json();
    assert!(history["history"].is_array(), "{history}");
    for days in ["0", "8", "-1", "one", "256"] {
        let path = format!("/v1beta2/streams/s/stats?historyDays={days}");
        let refused = backend.get(&path).await.expect(400).json();
        assert_eq!(refused["fields"][0]["field"], "historyDays");
    }
}

#[tokio::test]
async fn mistakes_in_a_definition_are_named() {
    let backend = Backend::start().await;
    for (body, status, part) in [
        ("", 400, "the body is empty"),
        (
            "{\"name\": \"a\",\n  \"columns\": [}",
            400,
            "line 2 column 15",
        ),
        (r#"{"name": 5}"#, 400, "name: invalid type"),
        (
            r#"{"name": "a", "columns": [{"name": "n", "type": ["x"]}]}"#,
            400,
            "columns[0].type",
        ),
        (
            r#"{"name": "a", "mode": "sideways"}"#,
            400,
            "mode: 'sideways' is not one of",
        ),
        (
            r#"{"name": "1a", "columns": [{"name": "n", "type": "int8"}]}"#,
            400,
            "name",
        ),
        (
            r#"{"name": "a", "columns": [{"name": "n", "type": "int7"}]}"#,
            400,
            "int7",
        ),
        (r#"[]"#, 400, ""),
    ] {
        let refused = backend.post("/v1beta2/streams", body).await.expect(status);
        assert!(refused.message().contains(part), "{body}: {}", refused.body);
        assert_eq!(refused.json()["request_id"], refused.header("x-request-id"));
    }
    let path = "/v1beta2/streams/%FF";
    assert!(backend.get(path).await.status.is_client_error());
}

#[tokio::test]
async fn a_view_protects_what_it_reads() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    let ddl = json!({"sql": "CREATE VIEW doubled AS SELECT n * 2 AS m FROM s"});
    backend.post("/v1beta2/queries", ddl).await.expect(204);
    let view = backend
        .get("/v1beta2/views/doubled")
        .await
        .expect(200)
        .json();
    assert_eq!(view["columns"][0]["name"], "m");
    assert_eq!(view["materialized"], false);
    let list = backend.get("/v1beta2/views").await.expect(200).json();
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    let held = backend.delete("/v1beta2/streams/s").await.expect(400);
    assert!(held.message().contains("doubled"), "{}", held.body);
    backend.delete("/v1beta2/views/doubled").await.expect(204);
    backend.delete("/v1beta2/views/doubled").await.expect(404);
    backend.get("/v1beta2/views/doubled").await.expect(404);
    backend.delete("/v1beta2/streams/s").await.expect(204);
}

#[tokio::test]
async fn changes_are_in_the_audit_log_and_requests_in_http_access() {
    let backend = Backend::start().await;
    let mut audit = backend
        .query("SELECT actor, action, resource_kind, resource_name, status FROM audit_log")
        .await;
    let mut access = backend
        .query("SELECT method, status, user FROM http_access WHERE path LIKE '%/streams/gone'")
        .await;
    backend.create_stream("kept", &[("n", "int64")]).await;
    backend.delete("/v1beta2/streams/gone").await.expect(404);
    assert_eq!(
        audit.rows(2).await,
        [
            json!(["admin", "create", "stream", "kept", 201]),
            json!(["admin", "delete", "stream", "gone", 404])
        ]
    );
    assert_eq!(access.rows(1).await, [json!(["DELETE", 404, "admin"])]);
}

#[tokio::test]
async fn format_and_analyze_answer_or_tell_the_place() {
    let backend = Backend::start().await;
    let sql = json!({"sql": "select   count( * ) from host_metrics"});
    let formatted = backend
        .post("/v1beta2/format", &sql)
        .await
        .expect(200)
        .json();
    assert_ne!(formatted["sql"], sql["sql"]);
    let analysis = backend
        .post("/v1beta2/sqlanalyze", &sql)
        .await
        .expect(200)
        .json();
    assert_eq!(analysis["query_type"], "SELECT");
    assert_eq!(
        (&analysis["is_streaming"], &analysis["has_aggr"]),
        (&json!(true), &json!(true))
    );
    let wrong = json!({"sql": "SELECT\n  count( * FROM host_metrics"});
    for path in ["/v1beta2/format", "/v1beta2/sqlanalyze", "/v1beta2/queries"] {
        let refused = backend.post(path, &wrong).await.expect(400).json();
        assert_eq!(refused["position"]["line"], 2, "{path}: {refused}");
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "string")]).await;
    let request = backend
        .request(Method::POST, "/v1beta2/streams/s/ingest?format=raw")
        .body(vec![b'x'; (32 << 20) + 1]);
    let refused = answer(request).await.expect(413);
    assert!(refused.message().contains("32 MiB"), "{}", refused.body);
}
