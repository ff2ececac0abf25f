//! External streams and tables. Nothing needs to answer at their addresses.

use reqwest::Method;
use serde_json::{Value, json};

use super::server::Server;

fn settings(pairs: &[(&str, &str)]) -> Value {
    let pairs = pairs
        .iter()
        .map(|(key, value)| json!({"key": key, "value": value}));
    pairs.collect()
}

fn clause(pairs: &[(&str, &str)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(key, value)| format!("{key} = '{value}'"));
    pairs.collect::<Vec<_>>().join(", ")
}

pub(super) async fn streams(server: &mut Server) {
    let name = server.name("external");
    let pairs = [
        ("type", "kafka"),
        ("brokers", "127.0.0.1:9"),
        ("topic", "t"),
        ("data_format", "JSONEachRow"),
    ];
    let columns = json!([{"name": "a", "type": "int32"}]);
    let body = json!({"name": name, "columns": columns, "settings": settings(&pairs)});
    let ddl = format!(
        "CREATE EXTERNAL STREAM {name} (a int32) SETTINGS {}",
        clause(&pairs)
    );
    server.define("/v1beta2/external_streams", body, &ddl).await;
    server
        .listed("/v1beta2/external_streams", "name", &name)
        .await;
    let one = "/v1beta2/external_streams/{name}";
    server.get(one, &name).await;
    if server.old() {
        server
            .get("/v1beta2/external_streams/{name}/stats", &name)
            .await;
    }
    let preview = json!({"settings": settings(&pairs), "count": 1, "timeout": 1});
    // A broker that is away is an error, or has no messages until the time is over.
    let about = "POST /v1beta2/external_streams/preview";
    let request = server.request(&Method::POST, "/v1beta2/external_streams/preview");
    let (status, text) = server.send(request.body(preview.to_string())).await;
    if matches!(status, 400 | 500) || (status == 200 && text.trim() == "[]") {
        server.done.insert(about.into());
    } else {
        server.complain(about, format!("{status}: {text}"));
    }
    server.delete(one, &name).await;
}

pub(super) async fn tables(server: &mut Server) {
    let name = server.name("table");
    let pairs = [
        ("type", "clickhouse"),
        ("address", "127.0.0.1:9"),
        ("user", "u"),
        ("password", "p"),
        ("database", "d"),
        ("table", "t"),
    ];
    let body = json!({"name": name, "settings": settings(&pairs)});
    let ddl = format!("CREATE EXTERNAL TABLE {name} SETTINGS {}", clause(&pairs));
    server.define("/v1beta2/external_tables", body, &ddl).await;
    server
        .listed("/v1beta2/external_tables", "name", &name)
        .await;
    let one = "/v1beta2/external_tables/{name}";
    server.get(one, &name).await;
    server.delete(one, &name).await;
}
