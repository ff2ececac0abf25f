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

#[tokio::test]
async fn a_list_that_names_no_permission_makes_no_key() {
    let backend = Backend::start().await;
    let made = |permissions: serde_json::Value| {
        let body = json!({"name": "k", "permissions": permissions});
        backend.post("/v1beta2/auth/api_keys", body)
    };
    let refused = made(json!([])).await.expect(400);
    assert!(
        refused.message().starts_with("permissions: "),
        "{}",
        refused.body
    );
    for wrong in [
        json!([""]),
        json!([null]),
        json!({}),
        json!("read:*"),
        json!(["*:*"]),
    ] {
        made(wrong.clone()).await.expect(400);
    }
    made(json!(null)).await.expect(201);
    let left_out = json!({"name": "k"});
    backend
        .post("/v1beta2/auth/api_keys", left_out)
        .await
        .expect(201);
}

/// What there is of a name counts, and not what a statement or an address calls it.
#[tokio::test]
async fn a_key_changes_the_kinds_it_names_and_no_others() {
    let backend = Backend::start().await;
    for sql in [
        "CREATE STREAM s(a int32, b string)",
        "CREATE STREAM target(a int32)",
        "CREATE VIEW v AS SELECT a FROM s",
        "CREATE MATERIALIZED VIEW mv AS SELECT a FROM s",
        "CREATE EXTERNAL STREAM ext(raw string) SETTINGS type='kafka', brokers='127.0.0.1:1', topic='t'",
        "CREATE DICTIONARY d(a int32, b string) PRIMARY KEY a SOURCE(TIMEPLUS(STREAM 's')) \
         LAYOUT(FLAT()) LIFETIME(10)",
        "CREATE FUNCTION f(x int32) RETURNS int32 LANGUAGE JAVASCRIPT AS $$function f(x) {return x}$$",
    ] {
        backend
            .post("/v1beta2/queries", json!({"sql": sql}))
            .await
            .expect(204);
    }
    let sql = |text: &str| {
        (
            Method::POST,
            "/v1beta2/queries".to_string(),
            json!({"sql": text}),
        )
    };
    let cases = [
        ("view", sql("DROP VIEW mv")),
        ("view", sql("ALTER VIEW mv MODIFY COMMENT 'x'")),
        (
            "view",
            sql("ALTER VIEW mv MODIFY QUERY SELECT a + 1 AS a FROM s"),
        ),
        ("view", sql("CREATE OR REPLACE VIEW mv AS SELECT 1")),
        (
            "view",
            (Method::DELETE, "/v1beta2/views/mv".into(), json!({})),
        ),
        (
            "view",
            (
                Method::PATCH,
                "/v1beta2/views/mv".into(),
                json!({"description": "x"}),
            ),
        ),
        (
            "view",
            (
                Method::POST,
                "/v1beta2/views".into(),
                json!({"name": "made", "query": "SELECT a FROM s", "materialized": true}),
            ),
        ),
        ("stream", sql("DROP STREAM ext")),
        ("stream", sql("DROP EXTERNAL STREAM ext")),
        ("stream", sql("DELETE FROM mv WHERE true")),
        ("stream", sql("DROP STREAM mv")),
        ("stream", sql("ALTER STREAM mv MODIFY COMMENT 'x'")),
        ("stream", sql("RENAME STREAM mv TO other")),
        (
            "dictionary",
            sql(
                "CREATE OR REPLACE DICTIONARY v(a int32, b string) PRIMARY KEY a \
             SOURCE(TIMEPLUS(STREAM 's')) LAYOUT(FLAT()) LIFETIME(10)",
            ),
        ),
        (
            "materialized_view",
            sql("CREATE MATERIALIZED VIEW made INTO target AS SELECT a FROM s"),
        ),
        (
            "materialized_view",
            (
                Method::POST,
                "/v1beta2/materialized_views".into(),
                json!({"name": "made", "query": "SELECT a FROM s", "target_stream": "target"}),
            ),
        ),
    ];
    for (kind, (method, path, body)) in cases {
        let write = format!("write:{kind}");
        let key = key(&backend, &["read:*", "write:query", &write]).await;
        let request = backend.bare(method.clone(), &format!("/default/api{path}"));
        let request = request.header("X-Api-Key", key).body(body.to_string());
        let answer = answer(request).await;
        assert_eq!(
            answer.status, 403,
            "{kind}: {method} {path} {body}: {}",
            answer.body
        );
        assert!(
            answer.body.contains("lacks the permission"),
            "{}",
            answer.body
        );
    }
    let own = [
        (
            "udf",
            "CREATE OR REPLACE FUNCTION f(x int32) RETURNS int32 LANGUAGE JAVASCRIPT AS $$function f(x) {return 2}$$",
        ),
        ("view", "DROP VIEW v"),
        ("materialized_view", "DROP VIEW mv"),
        (
            "materialized_view",
            "CREATE MATERIALIZED VIEW made AS SELECT a FROM s",
        ),
        ("external_stream", "DROP STREAM ext"),
        ("dictionary", "DROP DICTIONARY d"),
        ("stream", "DROP STREAM target"),
    ];
    for (kind, sql) in own {
        // `DROP VIEW` and `DROP STREAM` say a kind, too.
        let said = if sql.starts_with("DROP STREAM") {
            "write:stream"
        } else {
            "write:view"
        };
        let key = key(
            &backend,
            &["read:*", "write:query", said, &format!("write:{kind}")],
        )
        .await;
        let request = backend.bare(Method::POST, "/default/api/v1beta2/queries");
        let body = json!({"sql": sql}).to_string();
        answer(request.header("X-Api-Key", key).body(body))
            .await
            .expect(204);
    }
}

/// What is said of keys is held in memory, and everybody makes keys for themselves.
#[tokio::test]
async fn nobodys_keys_fill_the_memory() {
    let backend = Backend::start().await;
    super::people::add_reader(&backend).await;
    let (user, password) = (super::people::READER, super::people::READERS_PASSWORD);
    let cookie = super::people::sign_in(&backend, user, password).await;
    let make = |name: &str, description: &str| {
        let token = json!({"name": name, "description": description});
        let request = backend
            .bare(Method::POST, "/azion/iam/personal_tokens")
            .header("Cookie", &cookie)
            .header("Accept", "application/json; version=3");
        answer(request.body(token.to_string()))
    };
    let (name, long) = ("n".repeat(201), "d".repeat(4001));
    let refused = make(&name, "").await.expect(400);
    assert!(refused.body.contains("200 characters"), "{}", refused.body);
    let refused = make("a", &long).await.expect(400);
    assert!(refused.body.contains("4000 characters"), "{}", refused.body);
    for n in 0..500 {
        make(&n.to_string(), "").await.expect(201);
    }
    let refused = make("one more", "").await;
    assert!(refused.status.is_client_error(), "{}", refused.body);
    let key = json!({"name": name});
    backend
        .post("/v1beta2/auth/api_keys", key)
        .await
        .expect(400);
    let key = json!({"name": "another user's"});
    backend
        .post("/v1beta2/auth/api_keys", key)
        .await
        .expect(201);
}
