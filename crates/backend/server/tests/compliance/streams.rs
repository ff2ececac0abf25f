//! Streams: definition, rows, figures.

use reqwest::Method;
use serde_json::{Value, json};

use super::server::Server;

/// A stream with columns `n int64` and `t string` and three rows.
pub(super) async fn make(server: &mut Server, name: &str) {
    let columns = json!([{"name": "n", "type": "int64"}, {"name": "t", "type": "string"}]);
    let body = json!({"name": name, "columns": columns});
    let ddl = format!("CREATE STREAM {name} (n int64, t string)");
    server.define("/v1beta2/streams", body, &ddl).await;
    let rows = json!({"columns": ["n", "t"], "data": [[1, "a"], [2, "b"], [3, "c"]]});
    server
        .post("/v1beta2/streams/{name}/ingest", name, rows)
        .await;
}

pub(super) async fn unmake(server: &mut Server, name: &str) {
    server.delete("/v1beta2/streams/{name}", name).await;
}

pub(super) async fn walk(server: &mut Server) {
    let name = server.name("stream");
    make(server, &name).await;
    server.listed("/v1beta2/streams", "name", &name).await;
    let one = "/v1beta2/streams/{name}";
    if server.old() {
        let change = json!({"description": "d", "logstore_retention_ms": 60000});
        server.ok(Method::PATCH, one, &name, "", Some(change)).await;
    } else {
        let alter = |change: &str| format!("ALTER STREAM {name} MODIFY {change}");
        server.exec(&alter("COMMENT 'd'")).await;
        server
            .exec(&alter("SETTING logstore_retention_ms = 60000"))
            .await;
    }
    let stream = server.get(one, &name).await;
    let about = "GET /v1beta2/streams/{name} after a change";
    server.same(about, &stream, "description", &json!("d"));
    server.same(about, &stream, "logstore_retention_ms", &json!(60000));
    let names: Vec<&Value> = stream["columns"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|column| &column["name"])
        .collect();
    if names != ["n", "t", "_tp_time"] {
        server.complain(about, format!("columns are {names:?}"));
    }
    let lines = server.request(
        &Method::POST,
        &format!("/v1beta2/streams/{name}/ingest?format=streaming"),
    );
    let (status, text) = server
        .send(lines.body("{\"n\":4,\"t\":\"d\"}\n{\"n\":5,\"t\":\"e\"}"))
        .await;
    if status != 200 {
        server.complain("POST ingest as streaming", format!("{status}: {text}"));
    }
    let history = if server.old() { "?historyDays=1" } else { "" };
    let address = "/v1beta2/streams/{name}/stats";
    let stats = server.ok(Method::GET, address, &name, history, None).await;
    server.same("GET stats of a stream", &stats, "row_count", &json!(5));
    if !server.old() {
        for address in ["/v1beta2/streams", "/v1beta2/views"] {
            server
                .ok(Method::GET, address, "", "?db=default", None)
                .await;
        }
    }
    unmake(server, &name).await;
    let gone = server.request(&Method::GET, &format!("/v1beta2/streams/{name}"));
    server.refused("GET a deleted stream", gone, &[404]).await;
}
