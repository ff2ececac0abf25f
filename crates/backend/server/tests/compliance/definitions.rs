//! Views, materialized views, schemas and functions.

use reqwest::Method;
use serde_json::json;

use super::{server::Server, streams};

pub(super) async fn views(server: &mut Server) {
    let (stream, name) = (server.name("viewed"), server.name("view"));
    streams::make(server, &stream).await;
    let query = format!("SELECT n FROM {stream}");
    let ddl = format!("CREATE VIEW {name} AS {query}");
    let body = json!({"name": name, "query": query, "description": ""});
    server.define("/v1beta2/views", body, &ddl).await;
    server.listed("/v1beta2/views", "name", &name).await;
    let one = "/v1beta2/views/{name}";
    if server.old() {
        let change = json!({"description": "d"});
        server.ok(Method::PATCH, one, &name, "", Some(change)).await;
        let view = server.get(one, &name).await;
        server.same("GET a changed view", &view, "description", &json!("d"));
        server.get("/v1beta2/views/{name}/stats", &name).await;
    } else {
        server.get(one, &name).await;
    }
    server.delete(one, &name).await;
    streams::unmake(server, &stream).await;
}

pub(super) async fn materialized_views(server: &mut Server) {
    let (stream, name) = (server.name("source"), server.name("mv"));
    streams::make(server, &stream).await;
    let query = format!("SELECT n FROM {stream}");
    let ddl = format!("CREATE MATERIALIZED VIEW {name} AS {query}");
    let body = json!({"name": name, "query": query, "description": ""});
    server
        .define("/v1beta2/materialized_views", body, &ddl)
        .await;
    server
        .listed("/v1beta2/materialized_views", "name", &name)
        .await;
    let one = "/v1beta2/materialized_views/{name}";
    server.get(one, &name).await;
    server
        .get("/v1beta2/materialized_views/{name}/stats", &name)
        .await;
    if server.old() {
        let change = json!({"description": "d"});
        server.ok(Method::PATCH, one, &name, "", Some(change)).await;
    } else {
        for action in ["pause", "resume"] {
            let address = format!("/v1beta2/materialized_views/{{name}}/{action}");
            let method = Method::POST;
            server.ok(method, &address, &name, "?sync=true", None).await;
        }
        let recover = format!("/v1beta2/materialized_views/{name}/recover");
        let request = server.request(&Method::POST, &recover);
        let about = "POST recover of a view that runs";
        server.refused(about, request, &[200, 400, 500]).await;
    }
    server.delete(one, &name).await;
    streams::unmake(server, &stream).await;
}

pub(super) async fn schemas(server: &mut Server) {
    let name = server.name("schema");
    let content = |field: &str| format!("syntax = \"proto3\"; message M {{ int32 {field} = 1; }}");
    let body = |field| json!({"name": name, "type": "Protobuf", "content": content(field)});
    let ddl = format!(
        "CREATE FORMAT SCHEMA {name} AS '{}' TYPE Protobuf",
        content("a")
    );
    server.define("/v1beta2/schemas", body("a"), &ddl).await;
    server.listed("/v1beta2/schemas", "name", &name).await;
    let one = "/v1beta2/schemas/{name}";
    if server.old() {
        server
            .ok(Method::PUT, one, &name, "", Some(body("b")))
            .await;
    }
    let schema = server.get(one, &name).await;
    let wanted = json!(content(if server.old() { "b" } else { "a" }));
    server.same("GET a schema", &schema, "content", &wanted);
    server.delete(one, &name).await;
}

pub(super) async fn functions(server: &mut Server) {
    let name = server.name("udf");
    let source =
        |factor: u8| format!("function {name}(values) {{ return values.map(v => v * {factor}); }}");
    let body = |factor| {
        json!({
            "name": name, "type": "javascript", "arguments": [{"name": "x", "type": "float64"}],
            "return_type": "float64", "is_aggregation": false, "source": source(factor),
        })
    };
    let ddl = format!(
        "CREATE FUNCTION {name}(x float64) RETURNS float64 LANGUAGE JAVASCRIPT AS $$\n{}\n$$",
        source(2)
    );
    server.define("/v1beta2/udfs", body(2), &ddl).await;
    server.listed("/v1beta2/udfs", "name", &name).await;
    let one = "/v1beta2/udfs/{name}";
    if server.old() {
        server.ok(Method::PUT, one, &name, "", Some(body(3))).await;
    }
    let function = server.get(one, &name).await;
    server.same("GET a function", &function, "type", &json!("javascript"));
    server.delete(one, &name).await;
}
