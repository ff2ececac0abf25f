//! What only servers of 2026 have.

use serde_json::json;

use super::server::{Server, id};

pub(super) async fn walk(server: &mut Server) {
    if server.old() {
        return;
    }
    server.get("/info", "").await;
    server.listed("/v1beta2/databases", "name", "default").await;
    dictionaries(server).await;
    server.get("/v1beta2/cluster", "").await;
    server.get("/v1beta2/licenses", "").await;
    server.get("/v1beta2/licenses/usage", "").await;
    server.get("/v1beta2/licenses/validations", "").await;
    let parsed = server
        .post(
            "/v1beta2/pipeline/parseddl",
            "",
            json!("CREATE STREAM s (a int)"),
        )
        .await;
    server.same(
        "POST /v1beta2/pipeline/parseddl",
        &parsed,
        "parsed",
        &json!(true),
    );
    server.same(
        "POST /v1beta2/pipeline/parseddl",
        &parsed,
        "resourceName",
        &json!("s"),
    );
    pipelines(server).await;
}

async fn dictionaries(server: &mut Server) {
    let (stream, name) = (server.name("zones"), server.name("dictionary"));
    server
        .exec(&format!(
            "CREATE MUTABLE STREAM {stream} (id int, v string) PRIMARY KEY id"
        ))
        .await;
    server
        .exec(&format!(
            "CREATE DICTIONARY {name} (id int, v string) PRIMARY KEY id \
             SOURCE(TIMEPLUS(STREAM '{stream}')) LAYOUT(HASHED())"
        ))
        .await;
    server.listed("/v1beta2/dictionaries", "name", &name).await;
    server.get("/v1beta2/dictionaries/{name}", &name).await;
    server.delete("/v1beta2/dictionaries/{name}", &name).await;
    server.exec(&format!("DROP STREAM {stream}")).await;
}

async fn pipelines(server: &mut Server) {
    let name = server.name("pipeline");
    let steps = json!([{"nodes": [{"ddl": "CREATE STREAM s (a int)"}]}]);
    let body = json!({"name": name, "description": "d", "nodes_history": steps});
    let made = server.post("/v1beta2/pipelines", "", body).await;
    let key = id(&made);
    server.listed("/v1beta2/pipelines", "name", &name).await;
    let step = json!({"nodes": ["x"]});
    server
        .post("/v1beta2/pipelines/{id}/append", &key, step)
        .await;
    let pipeline = server.get("/v1beta2/pipelines/{id}", &key).await;
    let count = pipeline["nodes_history"].as_array().map_or(0, Vec::len);
    server.same(
        "GET an appended pipeline",
        &json!({"steps": count}),
        "steps",
        &json!(2),
    );
    server.delete("/v1beta2/pipelines/{id}", &key).await;
}
