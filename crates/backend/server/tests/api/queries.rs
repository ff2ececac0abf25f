//! `/v1beta2/queries`: statements, the list, cancel, delete, pipeline.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use super::common::{Backend, answer};

#[tokio::test]
async fn ddl_answers_204_and_its_mistakes_400() {
    let backend = Backend::start().await;
    let run = |sql: &str| backend.post("/v1beta2/queries", json!({"sql": sql}));
    run("CREATE STREAM s (n int64)").await.expect(204);
    run("CREATE STREAM IF NOT EXISTS s (n int64)")
        .await
        .expect(204);
    let exists = run("CREATE STREAM s (n int64)").await.expect(400);
    assert!(exists.message().contains("'s'"), "{}", exists.body);
    run("DROP STREAM s").await.expect(204);
    run("DROP STREAM IF EXISTS s").await.expect(204);
    run("DROP STREAM s").await.expect(400);
    for sql in [
        "",
        "   ",
        "nonsense",
        "SELECT nope FROM host_metrics",
        "SELECT 1 FROM nope",
    ] {
        let refused = run(sql).await.expect(400);
        assert_ne!(refused.message(), "", "{sql}");
    }
    backend
        .post("/v1beta2/queries", r#"{"sql": 1}"#)
        .await
        .expect(400);
    let list = backend.get("/v1beta2/queries").await.expect(200).json();
    assert_eq!(list, json!([]), "what never ran is not listed");
}

#[tokio::test]
async fn a_query_is_listed_by_tag_read_canceled_and_deleted() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    let body = json!({"sql": "SELECT n FROM s", "tags": ["a", "b"], "name": "mine"});
    let mut events = backend.query_with(body).await;
    let other = backend.query("SELECT n FROM s").await;
    let ids = |list: serde_json::Value| -> Vec<String> {
        let list = list.as_array().expect("list").clone();
        list.iter()
            .map(|q| q["id"].as_str().expect("id").to_string())
            .collect()
    };
    let all = ids(backend.get("/v1beta2/queries").await.expect(200).json());
    assert!(all.contains(&events.id) && all.contains(&other.id));
    let tagged = ids(backend
        .get("/v1beta2/queries?tag=b")
        .await
        .expect(200)
        .json());
    assert_eq!(tagged, [events.id.clone()]);
    assert!(
        ids(backend
            .get("/v1beta2/queries?tag=c")
            .await
            .expect(200)
            .json())
        .is_empty()
    );

    let path = format!("/v1beta2/queries/{}", events.id);
    let running = backend.get(&path).await.expect(200).json();
    assert_eq!(running["status"], "running");
    assert_eq!(
        (&running["end_time"], &running["name"]),
        (&json!(0), &json!("mine"))
    );
    assert_eq!(running["created_by"]["name"], "admin");

    backend
        .post(&format!("{path}/cancel"), "")
        .await
        .expect(204);
    let canceled = backend.get(&path).await.expect(200).json();
    assert_eq!(canceled["status"], "canceled");
    assert!(canceled["end_time"].as_i64() >= canceled["start_time"].as_i64());
    backend
        .post(&format!("{path}/cancel"), "")
        .await
        .expect(204);
    assert_eq!(backend.get(&path).await.expect(200).json(), canceled);
    let last = events.rest().await.pop().expect("last event");
    assert_eq!(
        (last.name.as_str(), &last.json()["status"]),
        ("query", &json!("canceled"))
    );

    backend.delete(&path).await.expect(204);
    for answer in [
        backend.get(&path).await,
        backend.delete(&path).await,
        backend.post(&format!("{path}/cancel"), "").await,
        backend.get(&format!("{path}/pipeline")).await,
    ] {
        assert!(answer.expect(404).message().contains("query '"));
    }

    let path = format!("/v1beta2/queries/{}", other.id);
    backend.delete(&path).await.expect(204);
    backend.get(&path).await.expect(404);
}

#[tokio::test]
async fn respond_async_answers_with_the_query_and_lets_it_run() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    let request = backend
        .request(Method::POST, "/v1beta2/queries")
        .header("Prefer", "respond-async")
        .body(r#"{"sql":"SELECT n FROM s"}"#);
    let query = answer(request).await.expect(202).json();
    assert_eq!(query["status"], "running");
    assert_eq!(
        query["result"]["header"],
        json!([{"name": "n", "type": "int64"}])
    );
    assert_eq!(query["timeColumns"]["windowStart"], -1);
    let mut events = backend
        .attach(query["id"].as_str().expect("id"), None)
        .await;
    backend.ingest("s", r#"["n"]"#, "[[7]]").await;
    assert_eq!(events.rows(1).await, [json!([7])]);
}

#[tokio::test]
async fn a_query_nobody_reads_is_canceled() {
    let grace = Duration::from_millis(10);
    let backend = Backend::start_with(|c| c.limits.reader_grace = grace).await;
    let request = backend
        .request(Method::POST, "/v1beta2/queries")
        .header("Prefer", "respond-async")
        .body(r#"{"sql":"SELECT * FROM host_metrics"}"#);
    let query = answer(request).await.expect(202).json();
    let ended = backend.ended(query["id"].as_str().expect("id")).await;
    assert_eq!(ended["status"], "canceled");
    assert!(
        ended["message"]
            .as_str()
            .expect("text")
            .starts_with("no reader for"),
        "{ended}"
    );

    // One that is read goes on, until its reader leaves.
    let mut events = backend.query("SELECT * FROM host_metrics").await;
    events.rows(1).await;
    let id = events.id.clone();
    let read = backend
        .get(&format!("/v1beta2/queries/{id}"))
        .await
        .expect(200)
        .json();
    assert_eq!(read["status"], "running");
    drop(events);
    assert_eq!(backend.ended(&id).await["status"], "canceled");
}

/// A page that is closed as soon as it asked has not learned the id that it would cancel; one whose
/// network broke comes back within seconds.
#[tokio::test]
async fn who_leaves_at_once_is_not_waited_for_long() {
    let grace = Duration::from_millis(10);
    let backend = Backend::start_with(|c| c.limits.leaving_grace = grace).await;
    backend.create_stream("idle", &[("n", "int64")]).await;
    let asked = json!({"sql": "SELECT n FROM idle", "resume_within": 30});
    let events = backend.query_with(asked).await;
    let id = events.id.clone();
    drop(events);
    let ended = backend.ended(&id).await;
    assert_eq!(ended["message"], "no reader for 0.05 seconds", "{ended}");
}

#[tokio::test]
async fn too_many_queries_are_refused_and_room_comes_back() {
    let backend = Backend::start_with(|c| c.limits.running_queries = 2).await;
    let run = json!({"sql": "SELECT * FROM host_metrics"});
    let first = backend.query_with(run.clone()).await;
    let _second = backend.query_with(run.clone()).await;
    let refused = backend.post("/v1beta2/queries", &run).await.expect(429);
    assert!(
        refused.message().starts_with("2 queries are running"),
        "{}",
        refused.body
    );
    backend
        .delete(&format!("/v1beta2/queries/{}", first.id))
        .await
        .expect(204);
    let _third = backend.query_with(run).await;
}

#[tokio::test]
async fn the_pipeline_has_nodes_edges_and_figures() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    let mut events = backend.query("SELECT n FROM s").await;
    backend.ingest("s", r#"["n"]"#, "[[1],[2]]").await;
    events.rows(2).await;
    events.next_of("metrics").await;
    let path = format!("/v1beta2/queries/{}/pipeline", events.id);
    let pipeline = backend.get(&path).await.expect(200).json();
    let nodes = pipeline["nodes"].as_array().expect("nodes");
    assert!(
        nodes.iter().any(|n| n["metric"]["processed_rows"] == 2),
        "{pipeline}"
    );
    assert!(nodes.iter().all(|n| n["status"] == "running"), "{pipeline}");
    for edge in pipeline["edges"].as_array().expect("edges") {
        let known = |end: &str| nodes.iter().any(|node| node["id"] == edge[end]);
        assert!(known("from") && known("to"), "{pipeline}");
    }
}

#[tokio::test]
async fn ended_queries_are_remembered_over_a_restart() {
    let backend = Backend::start().await;
    let mut done = backend
        .query_with(json!({"sql": "SELECT 1", "tags": ["t"]}))
        .await;
    done.rest().await;
    let before = backend.ended(&done.id).await;
    let running = backend.query("SELECT * FROM host_metrics").await.id;
    let backend = backend.restart().await;
    let path = format!("/v1beta2/queries/{}", done.id);
    assert_eq!(backend.get(&path).await.expect(200).json(), before);
    let stopped = backend
        .get(&format!("/v1beta2/queries/{running}"))
        .await
        .expect(200)
        .json();
    assert_eq!(stopped["status"], "canceled");
    assert_eq!(stopped["message"], "the backend was stopped");
    let mut events = backend.attach(&done.id, Some("1")).await;
    assert_eq!(events.query["status"], "finished");
    assert_eq!(events.next().await, None);
}

#[tokio::test]
async fn deleting_its_stream_ends_a_query_with_the_reason() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    let mut events = backend.query("SELECT n FROM s").await;
    backend.delete("/v1beta2/streams/s").await.expect(204);
    let last = events.rest().await.pop().expect("last event").json();
    assert_eq!(last["status"], "failed");
    assert_eq!(last["message"], "stream 's' was deleted");
}
