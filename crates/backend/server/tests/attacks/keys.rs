//! An API key with few permissions tries to do more.

use reqwest::Method;
use serde_json::json;

use super::{
    common::{Backend, answer},
    people::refused,
};

async fn key(backend: &Backend, permissions: &[&str]) -> String {
    let body = json!({"name": permissions.join(" "), "permissions": permissions});
    let made = backend.post("/v1beta2/auth/api_keys", body).await;
    let key = made.expect(201).json()["api_key"].clone();
    key.as_str().expect("a key").to_string()
}

#[tokio::test]
async fn a_key_with_few_permissions_makes_nobody_who_has_more() {
    let backend = Backend::start().await;
    super::people::add_reader(&backend).await;
    let person = |role: &str| {
        json!({"username": "evil", "role": role, "password": "battery staple 9"}).to_string()
    };
    let cases = [
        (Method::POST, "/v1beta2/users", person("admin")),
        (Method::POST, "/v1beta2/users", person("read_only")),
        (
            Method::PATCH,
            "/v1beta2/users/reader",
            r#"{"role": "admin"}"#.into(),
        ),
        (
            Method::PATCH,
            "/v1beta2/users/admin",
            r#"{"password": "battery staple 9"}"#.into(),
        ),
        (
            Method::POST,
            "/v1beta2/invitations",
            r#"{"email": "a@b", "role": "admin"}"#.into(),
        ),
        (
            Method::POST,
            "/v1beta2/auth/api_keys",
            r#"{"name": "all"}"#.into(),
        ),
    ];
    for permissions in [
        &["write:user", "write:invitation", "write:api_key"][..],
        &["read:*", "write:*"],
    ] {
        let key = key(&backend, permissions).await;
        for (method, path, body) in &cases {
            let request = backend.bare(method.clone(), &format!("/default/api{path}"));
            let request = request.header("X-Api-Key", &key).body(body.clone());
            let answer = answer(request).await;
            assert!(
                [400, 403].contains(&answer.status.as_u16()),
                "{permissions:?} {method} {path}: {} {}",
                answer.status,
                answer.body
            );
            assert!(answer.body.contains("more than it has"), "{}", answer.body);
        }
    }
    let users = backend.get("/v1beta2/users").await.expect(200).json();
    let admins = users.as_array().expect("users").iter();
    let admins = admins.filter(|user| user["role"] == "admin");
    assert_eq!(admins.count(), 1, "{users}");
}

#[tokio::test]
async fn figures_are_for_keys_that_may_read_them() {
    let backend = Backend::start().await;
    let metrics = |key: String| {
        let request = backend.bare(Method::GET, "/metrics");
        request.header("X-Api-Key", key)
    };
    let other = key(&backend, &["read:dashboard", "write:query"]).await;
    refused(metrics(other), "another key").await;
    let own = key(&backend, &["read:metrics"]).await;
    answer(metrics(own)).await.expect(200);
    answer(backend.bare(Method::GET, "/metrics"))
        .await
        .expect(401);
    let well = answer(backend.bare(Method::GET, "/healthz")).await;
    assert_eq!(well.expect(200).body, "ok\n", "it says nothing else");
}
