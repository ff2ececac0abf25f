//! Stored queries.

use serde_json::json;

use super::common::Backend;

#[tokio::test]
async fn a_view_is_created_changed_and_deleted() {
    let backend = Backend::start().await;
    backend
        .create_stream("s", &[("n", "nullable(int64)")])
        .await;
    let body = json!({"name": "v", "query": "SELECT n, n * 2 AS twice FROM s", "description": "d"});
    let made = backend
        .post("/v1beta2/views", &body)
        .await
        .expect(201)
        .json();
    assert_eq!(made["materialized"], false);
    assert_eq!(
        made["create_query"],
        "CREATE VIEW v AS SELECT n, n * 2 AS twice FROM s"
    );
    assert_eq!(made["columns"][1]["name"], "twice");
    assert_eq!(made["columns"][0]["nullable"], true);
    let again = backend.post("/v1beta2/views", &body).await.expect(400);
    assert_eq!(again.json()["fields"][0]["field"], "name");
    let change = json!({"description": "e", "query": "SELECT n FROM s"});
    backend.patch("/v1beta2/views/v", change).await.expect(204);
    let view = backend.get("/v1beta2/views/v").await.expect(200).json();
    assert_eq!(
        (&view["query"], &view["description"]),
        (&json!("SELECT n FROM s"), &json!("e"))
    );
    let wrong = json!({"query": "SELECT v.n FROM v"});
    let refused = backend
        .patch("/v1beta2/views/v", wrong)
        .await
        .expect(400)
        .json();
    assert_eq!(refused["fields"][0]["field"], "query");
    assert!(refused["position"]["column"].is_number());
    let stats = backend
        .get("/v1beta2/views/v/stats?historyDays=2")
        .await
        .expect(200)
        .json();
    assert_eq!(stats["row_count"], 0);
    backend
        .get("/v1beta2/views/v/stats?historyDays=9")
        .await
        .expect(400);
    let refused = backend.delete("/v1beta2/streams/s").await.expect(400);
    assert!(refused.message().contains('v'), "{}", refused.body);
    backend.delete("/v1beta2/views/v").await.expect(204);
    backend.get("/v1beta2/views/v").await.expect(404);
    backend.patch("/v1beta2/views/v", "{}").await.expect(404);
    backend.delete("/v1beta2/views/v").await.expect(404);
}

#[tokio::test]
async fn what_is_of_materialized_views_only_is_refused() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    for (field, value) in [
        ("target_stream", json!("s")),
        ("logstore_retention_ms", json!(1)),
        ("ttl_expression", json!("now()")),
    ] {
        let mut body = json!({"name": "v", "query": "SELECT n FROM s"});
        body[field] = value;
        let refused = backend.post("/v1beta2/views", &body).await.expect(400);
        assert_eq!(refused.json()["fields"][0]["field"], field);
    }
    let body = json!({"name": "m", "query": "SELECT n FROM s", "materialized": true});
    let made = backend
        .post("/v1beta2/views", &body)
        .await
        .expect(201)
        .json();
    assert_eq!(made["materialized"], true);
    backend
        .get("/v1beta2/materialized_views/m")
        .await
        .expect(200);
    let change = json!({"query": "SELECT n + 1 AS n FROM s"});
    backend.patch("/v1beta2/views/m", change).await.expect(400);
    let replaced = json!({"sql": "CREATE OR REPLACE VIEW m AS SELECT n FROM s", "type": "ddl"});
    backend.post("/v1beta2/exec", replaced).await.expect(400);
}
