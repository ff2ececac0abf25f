//! Users, keys, the workspace and figures of the whole.

use reqwest::Method;
use serde_json::json;

use super::server::{Server, id};

pub(super) async fn walk(server: &mut Server) {
    server.get("/v1beta2/roles", "").await;
    let user = server.name("user");
    let body = json!({"username": user, "password": "long enough", "role": "read_only"});
    server.post("/v1beta2/users", "", body.clone()).await;
    server.duplicate("/v1beta2/users", &body).await;
    server.listed("/v1beta2/users", "username", &user).await;
    let one = "/v1beta2/users/{name}";
    let change = json!({"role": "admin"});
    server.ok(Method::PATCH, one, &user, "", Some(change)).await;
    let changed = server.get(one, &user).await;
    server.same("GET a changed user", &changed, "role", &json!("admin"));
    server.delete(one, &user).await;

    server.get("/v1beta2/workspace", "").await;
    let settings = json!({"settings": {"enabled_user_tracking": false}});
    server
        .ok(Method::PATCH, "/v1beta2/workspace", "", "", Some(settings))
        .await;
    server.get("/v1beta2/global-metrics", "").await;
    server.get("/v1beta2/topology", "").await;
    if server.old() {
        keys(server).await;
        server.get("/v1beta2/subscription", "").await;
        invitations(server).await;
    }
}

async fn keys(server: &mut Server) {
    let name = server.name("key");
    let made = server
        .post("/v1beta2/auth/api_keys", "", json!({"name": name}))
        .await;
    // The ends of the key are added to its name.
    let address = "/v1beta2/auth/api_keys";
    server.listed(address, "id", &id(&made)).await;
    let key = made["api_key"].as_str().unwrap_or_default().to_string();
    let request = server.bare(&Method::GET, "/v1beta2/workspace");
    let (status, text) = server.send(request.header("X-Api-Key", key)).await;
    if status != 200 {
        server.complain("GET with a new API key", format!("{status}: {text}"));
    }
    server
        .delete("/v1beta2/auth/api_keys/{id}", &id(&made))
        .await;
}

async fn invitations(server: &mut Server) {
    let email = format!("{}@example.com", server.mark);
    server
        .post("/v1beta2/invitations", "", json!({"email": email}))
        .await;
    server.listed("/v1beta2/invitations", "email", &email).await;
    let list = server.get("/v1beta2/invitations", "").await;
    let all = list.as_array().into_iter().flatten();
    let made = all.into_iter().find(|one| one["email"] == email.as_str());
    let key = made.map(id).unwrap_or_default();
    server.delete("/v1beta2/invitations/{id}", &key).await;
}
