//! `/v1beta2/users`, `/v1beta2/roles` and what a role allows.

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use super::common::{Answer, Backend, answer};

const READER: (&str, &str) = ("reader", "just looking");

async fn with_reader() -> Backend {
    let backend = Backend::start().await;
    let (name, password) = READER;
    let reader = json!({"username": name, "password": password, "role": "read_only"});
    backend.post("/v1beta2/users", reader).await.expect(201);
    backend
}

fn as_reader(backend: &Backend, method: Method, path: &str) -> RequestBuilder {
    backend
        .bare(method, &format!("/default/api/v1beta2{path}"))
        .basic_auth(READER.0, Some(READER.1))
}

async fn run(request: RequestBuilder, sql: &str) -> Answer {
    answer(request.body(json!({"sql": sql}).to_string())).await
}

#[tokio::test]
async fn users_are_created_changed_and_deleted() {
    let backend = with_reader().await;
    let roles = backend.get("/v1beta2/roles").await.expect(200);
    assert_eq!(roles.json(), json!(["admin", "read_only"]));
    let list = backend.get("/v1beta2/users").await.expect(200);
    let expected = json!([
        {"username": "admin", "role": "admin"},
        {"username": "reader", "role": "read_only"}
    ]);
    assert_eq!(list.json(), expected);

    let backend = backend.restart().await;
    let path = "/v1beta2/users/reader";
    assert_eq!(backend.get(path).await.expect(200).json(), expected[1]);
    backend
        .patch(path, json!({"role": "admin", "password": "another one"}))
        .await
        .expect(200);
    assert_eq!(backend.get(path).await.json()["role"], "admin");
    answer(as_reader(&backend, Method::GET, "/users"))
        .await
        .expect(401);
    backend.delete(path).await.expect(204);
    backend.delete(path).await.expect(404);
    backend.get(path).await.expect(404);
    backend.patch(path, json!({})).await.expect(404);
}

#[tokio::test]
async fn what_is_wrong_with_a_user_is_said_at_its_field() {
    let backend = with_reader().await;
    let (name, password) = ("somebody", "long enough");
    for (body, field) in [
        (json!({"username": "", "password": password}), "username"),
        (json!({"username": "a:b", "password": password}), "username"),
        (json!({"username": " a", "password": password}), "username"),
        (json!({"username": ".", "password": password}), "username"),
        (json!({"username": "..", "password": password}), "username"),
        (
            json!({"username": "reader", "password": password}),
            "username",
        ),
        (json!({"username": name, "password": "short"}), "password"),
        (
            json!({"username": name, "password": password, "role": "owner"}),
            "role",
        ),
    ] {
        let refused = backend.post("/v1beta2/users", &body).await.expect(400);
        assert_eq!(refused.json()["fields"][0]["field"], field, "{body}");
    }
    let body = json!({"username": name, "password": password});
    backend.post("/v1beta2/users", body).await.expect(201);
    let somebody = backend.get("/v1beta2/users/somebody").await;
    assert_eq!(somebody.json()["role"], "read_only");
}

#[tokio::test]
async fn the_last_admin_stays() {
    let backend = with_reader().await;
    let admin = "/v1beta2/users/admin";
    let refused = backend.delete(admin).await.expect(409);
    assert!(refused.message().contains("only admin"));
    let demotion = json!({"role": "read_only"});
    let refused = backend.patch(admin, &demotion).await.expect(409);
    assert_eq!(refused.json()["fields"][0]["field"], "role");
    backend
        .patch("/v1beta2/users/reader", json!({"role": "admin"}))
        .await
        .expect(200);
    backend.patch(admin, &demotion).await.expect(200);
    backend.patch(admin, &demotion).await.expect(403);
}

#[tokio::test]
async fn a_deleted_user_is_out_with_sessions_and_keys() {
    let backend = with_reader().await;
    let role = |role| json!({"role": role});
    let path = "/v1beta2/users/reader";
    backend.patch(path, role("admin")).await.expect(200);
    let key = as_reader(&backend, Method::POST, "/auth/api_keys").body("{}");
    let key = answer(key).await.expect(201).json()["api_key"].clone();
    let body = json!({"user": READER.0, "password": READER.1}).to_string();
    let session = answer(backend.bare(Method::POST, "/api/session").body(body)).await;
    assert_eq!(session.json()["role"], "admin");
    let cookie = session
        .header("set-cookie")
        .split(';')
        .next()
        .expect("cookie")
        .to_string();

    let get = || backend.bare(Method::GET, "/default/api/v1beta2/users");
    let by_key = || get().header("X-Api-Key", key.as_str().expect("key"));
    let by_session = || get().header("Cookie", &cookie);
    answer(by_key()).await.expect(200);
    answer(by_session()).await.expect(200);

    // A new role counts at once, for what is signed in already as well.
    backend.patch(path, role("read_only")).await.expect(200);
    for request in [by_key(), by_session()] {
        let (client, request) = request.build_split();
        let mut request = request.expect("request");
        *request.method_mut() = Method::POST;
        let status = client.execute(request).await.expect("an answer").status();
        assert_eq!(status, 403);
    }
    backend.delete(path).await.expect(204);
    answer(by_key()).await.expect(401);
    answer(by_session()).await.expect(401);
    let keys = backend.get("/v1beta2/auth/api_keys").await;
    assert_eq!(keys.json(), json!([]));
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let backend = with_reader().await;
    let body = json!({"user": READER.0, "password": READER.1}).to_string();
    let session = answer(backend.bare(Method::POST, "/api/session").body(body)).await;
    let cookie = session
        .header("set-cookie")
        .split(';')
        .next()
        .expect("cookie")
        .to_string();
    let change = json!({"password": "something new"});
    backend
        .patch("/v1beta2/users/reader", change)
        .await
        .expect(200);
    let with_cookie = backend
        .bare(Method::GET, "/default/api/v1beta2/users")
        .header("Cookie", cookie);
    answer(with_cookie).await.expect(401);
}

#[tokio::test]
async fn a_read_only_user_queries_and_changes_nothing() {
    let backend = with_reader().await;
    backend.create_stream("orders", &[("id", "int64")]).await;
    backend.ingest("orders", r#"["id"]"#, "[[1],[2]]").await;
    let post = |path: &str| as_reader(&backend, Method::POST, path);

    let rows = run(
        post("/queries").header("Accept", "text/event-stream"),
        "SELECT id FROM table(orders)",
    );
    let rows = rows.await.expect(200);
    assert!(rows.body.contains("[[1],[2]]"), "{}", rows.body);
    for sql in [
        "CREATE STREAM mine (id int64)",
        "DROP STREAM orders",
        "ALTER STREAM orders MODIFY TTL to_datetime(_tp_time) + INTERVAL 1 DAY",
        "CREATE VIEW v AS SELECT id FROM orders",
        "INSERT INTO orders (id) VALUES (3)",
    ] {
        let refused = run(post("/queries"), sql).await.expect(403);
        let words = refused.message();
        assert!(
            words.starts_with("your role read_only cannot change anything"),
            "{words}"
        );
    }
    run(post("/format"), "select 1").await.expect(200);
    run(post("/sqlanalyze"), "select 1").await.expect(200);
    let refused = answer(post("/streams/orders/ingest").body("{}")).await;
    assert_eq!(refused.status, 403);
    let count = backend
        .query("SELECT count(id) FROM table(orders)")
        .await
        .rows(1)
        .await;
    assert_eq!(count, [json!([2])]);
}

#[tokio::test]
async fn a_read_only_user_cancels_own_queries_only() {
    let backend = with_reader().await;
    backend.create_stream("orders", &[("id", "int64")]).await;
    let theirs = backend.query("SELECT id FROM orders").await;
    let start = as_reader(&backend, Method::POST, "/queries").header("Prefer", "respond-async");
    let own = run(start, "SELECT id FROM orders").await.expect(202);
    let own = own.json()["id"].as_str().expect("id").to_string();
    let send = |method, path: String| answer(as_reader(&backend, method, &path));
    for (method, path) in [
        (Method::POST, format!("/queries/{}/cancel", theirs.id)),
        (Method::DELETE, format!("/queries/{}", theirs.id)),
    ] {
        let words = send(method, path).await.expect(403).message();
        assert!(words.contains("is of user admin, not yours"), "{words}");
    }
    send(Method::POST, format!("/queries/{own}/cancel"))
        .await
        .expect(204);
    send(Method::DELETE, format!("/queries/{own}"))
        .await
        .expect(204);
    send(Method::DELETE, format!("/queries/{own}"))
        .await
        .expect(404);
}

#[tokio::test]
async fn a_key_may_what_its_permissions_say() {
    let backend = Backend::start().await;
    backend.create_stream("orders", &[("id", "int64")]).await;
    let keys = "/v1beta2/auth/api_keys";
    let create = |permissions: Value| json!({"name": "k", "permissions": permissions});
    let refused = backend.post(keys, create(json!(["read:query", "run:query"])));
    let refused = refused.await.expect(400);
    assert_eq!(refused.json()["fields"][0]["field"], "permissions[1]");

    let wanted = json!(["read:stream", "write:query", "write:api_key"]);
    let made = backend
        .post(keys, create(wanted.clone()))
        .await
        .expect(201)
        .json();
    assert_eq!(made["permissions"], wanted);
    let backend = backend.restart().await;
    let listed = backend.get(keys).await.json();
    assert_eq!(listed[0]["permissions"], wanted);
    let send = |method, path: &str| {
        backend
            .bare(method, &format!("/default/api/v1beta2{path}"))
            .header("X-Api-Key", made["api_key"].as_str().expect("key"))
    };
    answer(send(Method::GET, "/streams")).await.expect(200);
    let refused = answer(send(Method::GET, "/users")).await.expect(403);
    assert!(
        refused
            .message()
            .ends_with("lacks the permission read:user")
    );
    run(
        send(Method::POST, "/queries"),
        "SELECT id FROM table(orders)",
    )
    .await
    .expect(200);
    for sql in ["DROP STREAM orders", "INSERT INTO orders (id) VALUES (1)"] {
        let refused = run(send(Method::POST, "/queries"), sql).await.expect(403);
        assert!(
            refused
                .message()
                .ends_with("lacks the permission write:stream")
        );
    }
    // A key cannot make a stronger one.
    let stronger = send(Method::POST, "/auth/api_keys").body("{}");
    answer(stronger).await.expect(400);
    let weaker = create(json!(["read:stream"])).to_string();
    let weaker = send(Method::POST, "/auth/api_keys").body(weaker);
    answer(weaker).await.expect(201);
}

#[tokio::test]
async fn refused_attempts_to_change_something_are_in_the_audit_log() {
    let backend = with_reader().await;
    let mut audit = backend
        .query(
            "SELECT actor, action, resource_kind, resource_name, status FROM audit_log \
             WHERE status IN (401, 403)",
        )
        .await;
    for (method, path) in [
        (Method::DELETE, "/alerts/gone"),
        (Method::POST, "/sinks/none/start"),
        (Method::PUT, "/dashboards/none"),
        (Method::POST, "/pipelines"),
    ] {
        answer(as_reader(&backend, method, path).body("{}"))
            .await
            .expect(403);
    }
    let unknown = backend.bare(Method::DELETE, "/default/api/v1beta2/udfs/f");
    answer(unknown).await.expect(401);
    assert_eq!(
        audit.rows(5).await,
        [
            json!(["reader", "delete", "alert", "gone", 403]),
            json!(["reader", "start", "sink", "none", 403]),
            json!(["reader", "update", "dashboard", "none", 403]),
            json!(["reader", "create", "pipeline", "", 403]),
            json!(["", "delete", "function", "f", 401]),
        ]
    );
}
