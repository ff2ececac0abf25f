//! What holds for every operation alike: without a credential, for a reader, malformed, missing.

use reqwest::Method;
use serde_json::json;

use super::{
    operations::Operation,
    server::{Server, place},
};

const NOBODY: &str = "wc_nobody";

/// What a reader may send besides reading.
const READERS_MAY: [&str; 5] = [
    "/v1beta2/exec",
    "/v1beta2/format",
    "/v1beta2/pipeline/parseddl",
    "/v1beta2/queries",
    "/v1beta2/sqlanalyze",
];

pub(super) async fn without_credential(server: &mut Server) {
    if !server.wants_credential() {
        return;
    }
    for operation in server.operations.clone() {
        let about = format!("{} without credential", operation.name());
        let path = place(operation.address, NOBODY);
        let request = server.bare(&operation.method, &path).body("{}");
        server.refused(&about, request, &[401, 403]).await;
    }
}

pub(super) async fn malformed(server: &mut Server) {
    for operation in server.operations.clone() {
        // A file in a form is not JSON.
        if !operation.sends_body || operation.address == "/v1beta2/licenses" {
            continue;
        }
        let about = format!("{} malformed", operation.name());
        let path = place(operation.address, NOBODY);
        let variable = path != operation.address;
        let allowed: &[u16] = if variable { &[400, 404] } else { &[400] };
        let request = server.request(&operation.method, &path).body("{\"a\":");
        server.refused(&about, request, allowed).await;
    }
}

/// Nothing of that name.
pub(super) async fn missing(server: &mut Server) {
    for operation in server.operations.clone() {
        let path = place(operation.address, NOBODY);
        if path == operation.address {
            continue;
        }
        let query = if operation.address.ends_with("/logs") {
            "?lines=1"
        } else {
            ""
        };
        let about = format!("{} missing", operation.name());
        let mut request = server.request(&operation.method, &format!("{path}{query}"));
        if operation.sends_body {
            request = request.body(complete(&operation).to_string());
        }
        server.refused(&about, request, &[404]).await;
    }
}

/// A body that is right but for the name in the address.
fn complete(operation: &Operation) -> serde_json::Value {
    let sql = "SELECT 1";
    match operation.address {
        "/v1beta2/streams/{name}/ingest" => json!({"columns": ["a"], "data": [[1]]}),
        "/v1beta2/alerts/{id}" => json!({
            "name": NOBODY, "action": "slack", "severity": 1, "trigger_sql": sql,
            "properties": {"url": "http://127.0.0.1:9/", "trigger_template": "x"},
        }),
        "/v1beta2/dashboards/{id}" => json!({"name": NOBODY, "description": "", "panels": []}),
        "/v1beta2/savedqueries/{id}" => {
            json!({"name": NOBODY, "description": "", "sql": sql, "tags": []})
        }
        "/v1beta2/schemas/{name}" => json!({
            "name": NOBODY, "type": "Protobuf",
            "content": "syntax = \"proto3\"; message M { int32 a = 1; }",
        }),
        "/v1beta2/udfs/{name}" => json!({
            "name": NOBODY, "type": "javascript", "arguments": [{"name": "x", "type": "float64"}],
            "return_type": "float64", "source": format!("function {NOBODY}(x) {{ return x; }}"),
        }),
        "/v1beta2/sinks/{id}" => json!({
            "name": NOBODY, "type": "http", "query": sql,
            "properties": {"url": "http://127.0.0.1:9/"},
        }),
        "/v1beta2/sources/{id}" => json!({
            "name": NOBODY, "type": "stream_generator", "stream": NOBODY,
            "properties": {"template": "iot"},
        }),
        "/v1beta2/pipelines/{id}/append" => json!({"nodes": ["x"]}),
        "/v1beta2/materialized_views/{name}/transfer" => json!({"from": 1, "to": 2, "shard": 1}),
        _ => json!({}),
    }
}

/// A user who may only read is refused every change, and none of the reading.
pub(super) async fn forbidden(server: &mut Server) {
    let (name, password) = (server.name("reader"), "only looking around");
    let user = json!({"username": name, "password": password, "role": "read_only"});
    let request = server
        .request(&Method::POST, "/v1beta2/users")
        .body(user.to_string());
    let (status, text) = server.send(request).await;
    if !(200..300).contains(&status) {
        return server.complain(
            "POST /v1beta2/users of a reader",
            format!("{status}: {text}"),
        );
    }
    for operation in server.operations.clone() {
        let reads = operation.method == Method::GET || READERS_MAY.contains(&operation.address);
        let path = place(operation.address, NOBODY);
        let request = server
            .bare(&operation.method, &path)
            .basic_auth(&name, Some(password));
        let about = format!("{} of a reader", operation.name());
        if reads {
            // A preview has nothing to read here; what counts is that it is allowed.
            let (status, text) = server.send(request.body("{}")).await;
            if matches!(status, 0 | 401 | 403) {
                server.complain(&about, format!("answers {status}: {text}"));
            }
        } else {
            // Queries of one's own may be ended; this one is nobody's.
            let own = operation.address.starts_with("/v1beta2/queries/");
            let statuses: &[u16] = if own { &[403, 404] } else { &[403] };
            server.refused(&about, request.body("{}"), statuses).await;
        }
    }
    let change = json!({"sql": "DROP STREAM wc_nobody", "type": "ddl"}).to_string();
    for address in ["/v1beta2/queries", "/v1beta2/exec"] {
        if address.ends_with("exec") && server.old() {
            continue;
        }
        let request = server
            .bare(&Method::POST, address)
            .basic_auth(&name, Some(password));
        let about = format!("POST {address} with DDL of a reader");
        server
            .refused(&about, request.body(change.clone()), &[403])
            .await;
    }
    let path = format!("/v1beta2/users/{name}");
    let request = server.request(&Method::DELETE, &path);
    server.send(request).await;
}
