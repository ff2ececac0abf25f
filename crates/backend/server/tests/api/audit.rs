//! What a resource was before and after a change.

use serde_json::{Value, json};

use super::common::Backend;

#[tokio::test]
async fn the_audit_log_holds_definitions_before_and_after_without_secrets() {
    let backend = Backend::start().await;
    let sql = "SELECT action, before, after FROM audit_log WHERE resource_kind = 'view'";
    let mut audit = backend.query(sql).await;
    backend.create_stream("s", &[("n", "int64")]).await;
    let view = json!({"name": "v", "query": "SELECT n FROM s", "description": "d"});
    backend.post("/v1beta2/views", &view).await.expect(201);
    let change = json!({"description": "e"});
    backend.patch("/v1beta2/views/v", change).await.expect(204);
    backend.delete("/v1beta2/views/v").await.expect(204);
    let rows = audit.rows(3).await;
    let description = |row: usize, column: usize| {
        let text = rows[row][column].as_str().expect("text");
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        value["description"].as_str().map(str::to_owned)
    };
    let told: Vec<_> = (0..3)
        .map(|row| (description(row, 1), description(row, 2)))
        .collect();
    let some = |text: &str| Some(text.to_string());
    assert_eq!(
        told,
        [(None, some("d")), (some("d"), some("e")), (some("e"), None)]
    );
}
