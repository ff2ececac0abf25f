use reqwest::Method;
use serde_json::json;

use super::{
    server::{Server, id},
    streams,
};

pub(super) async fn walk(server: &mut Server) {
    if !server.old() {
        return;
    }
    let (stream, name) = (server.name("watched"), server.name("alert"));
    streams::make(server, &stream).await;
    let body = |description: &str| {
        json!({
            "name": name, "description": description, "action": "slack", "severity": 1,
            "trigger_sql": format!("SELECT n, t FROM {stream} WHERE n > 100"),
            "resolve_sql": format!("SELECT n, t FROM {stream} WHERE n < 0"),
            "properties": {
                "url": "http://127.0.0.1:9/", "trigger_template": "up", "resolve_template": "down",
            },
        })
    };
    let made = server.post("/v1beta2/alerts", "", body("")).await;
    let key = id(&made);
    server.listed("/v1beta2/alerts", "name", &name).await;
    let one = "/v1beta2/alerts/{id}";
    for action in ["stop", "start", "resolve"] {
        let address = format!("{one}/{action}");
        server.ok(Method::POST, &address, &key, "", None).await;
    }
    server.ok(Method::PUT, one, &key, "", Some(body("d"))).await;
    let alert = server.get(one, &key).await;
    server.same("GET a changed alert", &alert, "description", &json!("d"));
    server.delete(one, &key).await;
    streams::unmake(server, &stream).await;
}
