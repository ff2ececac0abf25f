//! Queries, SQL and saved queries.

use reqwest::Method;
use serde_json::json;

use super::{
    server::{Server, id},
    streams,
};

pub(super) async fn walk(server: &mut Server) {
    let stream = server.name("queried");
    streams::make(server, &stream).await;
    let sql = format!("SELECT n, t FROM table({stream})");
    let started = server
        .request(&Method::POST, "/v1beta2/queries")
        .header("Accept", "text/event-stream")
        .body(json!({"sql": sql, "tags": ["wc"]}).to_string());
    let (status, events) = server.send(started).await;
    let about = "POST /v1beta2/queries";
    let data = |event: &str| -> Option<serde_json::Value> {
        let block = events.split("\n\n").find(|block| block.contains(event))?;
        let line = block.lines().find_map(|line| line.strip_prefix("data:"))?;
        serde_json::from_str(line.trim()).ok()
    };
    let query = data("event: query").unwrap_or_default();
    let rows = events
        .split("\n\n")
        .filter(|block| !block.contains("event:"));
    let rows = rows.filter(|block| block.contains("\"a\"")).count();
    if status == 200 && rows == 1 && query["id"].is_string() {
        server.done.insert(about.into());
    } else {
        server.complain(about, format!("{status}: {events}"));
    }
    let query = id(&query);
    server.listed("/v1beta2/queries", "id", &query).await;
    server
        .ok(Method::GET, "/v1beta2/queries", "", "?tag=wc", None)
        .await;
    let ended = server.get("/v1beta2/queries/{id}", &query).await;
    server.same("GET an ended query", &ended, "status", &json!("finished"));
    server.get("/v1beta2/queries/{id}/pipeline", &query).await;
    server
        .ok(
            Method::POST,
            "/v1beta2/queries/{id}/cancel",
            &query,
            "",
            None,
        )
        .await;
    server.delete("/v1beta2/queries/{id}", &query).await;
    let wrong = json!({"sql": "SELEC 1"}).to_string();
    let request = server
        .request(&Method::POST, "/v1beta2/queries")
        .body(wrong);
    server
        .refused("POST /v1beta2/queries of wrong SQL", request, &[400])
        .await;

    let text = json!({"sql": "select 1"});
    server.post("/v1beta2/format", "", text.clone()).await;
    let analysis = server
        .post("/v1beta2/sqlanalyze", "", json!({"sql": sql}))
        .await;
    server.same(
        "POST /v1beta2/sqlanalyze",
        &analysis,
        "is_streaming",
        &json!(false),
    );
    if !server.old() {
        let exec = json!({"sql": sql, "type": "historical"});
        let answer = server.post("/v1beta2/exec", "", exec).await;
        let wanted = json!([[1, "a"], [2, "b"], [3, "c"]]);
        server.same("POST /v1beta2/exec of history", &answer, "data", &wanted);
    }
    streams::unmake(server, &stream).await;
}

pub(super) async fn saved(server: &mut Server) {
    let name = server.name("saved");
    let body = |sql: &str| json!({"name": name, "description": "d", "sql": sql, "tags": ["t"]});
    let made = server
        .post("/v1beta2/savedqueries", "", body("SELECT 1"))
        .await;
    let key = id(&made);
    server.listed("/v1beta2/savedqueries", "name", &name).await;
    let one = "/v1beta2/savedqueries/{id}";
    server
        .ok(Method::PUT, one, &key, "", Some(body("SELECT 2")))
        .await;
    let query = server.get(one, &key).await;
    server.same(
        "GET a changed saved query",
        &query,
        "sql",
        &json!("SELECT 2"),
    );
    server.same("GET a changed saved query", &query, "tags", &json!(["t"]));
    server.delete(one, &key).await;
}
