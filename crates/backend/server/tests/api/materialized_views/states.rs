//! Views that pause, fail and go on.

use serde_json::{Value, json};

use super::{VIEWS, add, with_stream};

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
