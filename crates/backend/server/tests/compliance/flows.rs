//! Sources and sinks.

use reqwest::Method;
use serde_json::json;

use super::{
    server::{Server, id},
    streams,
};

pub(super) async fn sources(server: &mut Server) {
    let (stream, name) = (server.name("filled"), server.name("source"));
    let columns = json!([
        {"name": "time", "type": "datetime64(3)"}, {"name": "device", "type": "string"},
    ]);
    let definition = json!({"name": stream, "columns": columns});
    let ddl = format!("CREATE STREAM {stream} (time datetime64(3), device string)");
    server.define("/v1beta2/streams", definition, &ddl).await;
    let properties = json!({"template": "iot", "interval": "200ms"});
    let preview = json!({"type": "stream_generator", "properties": properties, "size": 3});
    server.post("/v1beta2/source/preview", "", preview).await;
    let body = |description: &str| {
        json!({
            "name": name, "description": description, "type": "stream_generator",
            "stream": stream, "properties": properties,
        })
    };
    let made = server.post("/v1beta2/sources", "", body("")).await;
    let key = id(&made);
    server.listed("/v1beta2/sources", "name", &name).await;
    run(server, "sources", &key).await;
    // A source is changed while it stands.
    let stop = "/v1beta2/sources/{id}/stop";
    server.ok(Method::POST, stop, &key, "", None).await;
    let one = "/v1beta2/sources/{id}";
    server.ok(Method::PUT, one, &key, "", Some(body("d"))).await;
    let change = json!({"description": "e"});
    server.ok(Method::PATCH, one, &key, "", Some(change)).await;
    let source = server.get(one, &key).await;
    server.same("GET a changed source", &source, "description", &json!("e"));
    server.delete(one, &key).await;
    streams::unmake(server, &stream).await;
}

pub(super) async fn sinks(server: &mut Server) {
    let (stream, name) = (server.name("drained"), server.name("sink"));
    streams::make(server, &stream).await;
    let body = |description: &str| {
        json!({
            "name": name, "description": description, "type": "http",
            "query": format!("SELECT n FROM {stream}"),
            "properties": {"url": "http://127.0.0.1:9/"},
        })
    };
    let made = server.post("/v1beta2/sinks", "", body("")).await;
    let key = id(&made);
    server.listed("/v1beta2/sinks", "name", &name).await;
    run(server, "sinks", &key).await;
    let one = "/v1beta2/sinks/{id}";
    server.ok(Method::PUT, one, &key, "", Some(body("d"))).await;
    let change = json!({"description": "e"});
    server.ok(Method::PATCH, one, &key, "", Some(change)).await;
    let sink = server.get(one, &key).await;
    server.same("GET a changed sink", &sink, "description", &json!("e"));
    server.delete(one, &key).await;
    streams::unmake(server, &stream).await;
}

/// Stopped, started, counted, and where the server has them its lines.
async fn run(server: &mut Server, kind: &str, key: &str) {
    for action in ["stop", "start"] {
        let address = format!("/v1beta2/{kind}/{{id}}/{action}");
        server.ok(Method::POST, &address, key, "", None).await;
    }
    let stats = format!("/v1beta2/{kind}/{{id}}/stats");
    server.get(&stats, key).await;
    if !server.old() {
        let logs = format!("/v1beta2/{kind}/{{id}}/logs");
        server.ok(Method::GET, &logs, key, "?lines=5", None).await;
    }
}
