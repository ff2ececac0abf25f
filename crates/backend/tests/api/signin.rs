//! Signing in by link, password, HTTP Basic and API key; who is refused.

use super::common::{Answer, Backend, PASSWORD, answer, config};
use reqwest::Method;
use serde_json::json;

/// Path and query of a new sign-in link.
fn link(backend: &Backend) -> String {
    let link = backend.running.sign_in_link();
    let start = link.find("/signin").expect("path");
    link[start..].to_string()
}

async fn get(backend: &Backend, path: &str) -> Answer {
    answer(backend.bare(Method::GET, path)).await
}

/// Signs in by link; the answer is the cookie to send.
async fn cookie(backend: &Backend) -> String {
    let signed_in = get(backend, &link(backend)).await.expect(303);
    let cookie = signed_in.header("set-cookie");
    cookie.split(';').next().expect("pair").to_string()
}

#[tokio::test]
async fn a_link_signs_in_once_with_a_strict_cookie() {
    let backend = Backend::start().await;
    let link = link(&backend);
    let signed_in = get(&backend, &link).await.expect(303);
    assert_eq!(signed_in.header("location"), "/");
    let cookie = signed_in.header("set-cookie");
    for part in ["weir_session=", "HttpOnly", "SameSite=Strict", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let again = get(&backend, &link).await.expect(401);
    assert!(again.header("content-type").starts_with("text/html"));
    assert!(again.body.contains("does not work any more"));
    assert_eq!(again.header("set-cookie"), "");
    get(&backend, "/signin").await.expect(401);
    get(&backend, "/signin?token=guess").await.expect(401);
}

#[tokio::test]
async fn an_expired_link_is_refused() {
    let backend = Backend::start_with(|c| c.limits.link_life = std::time::Duration::ZERO).await;
    get(&backend, &link(&backend)).await.expect(401);
}

#[tokio::test]
async fn a_session_survives_a_restart_and_ends_by_sign_out() {
    let backend = Backend::start().await;
    let cookie = cookie(&backend).await;
    let backend = backend.restart().await;
    let session = |method| {
        backend
            .bare(method, "/api/session")
            .header("Cookie", &cookie)
    };
    let current = answer(session(Method::GET)).await.expect(200);
    assert_eq!(current.json(), json!({"user": "admin", "role": "admin"}));
    let info = backend
        .bare(Method::GET, "/default/api/info")
        .header("Cookie", &cookie);
    answer(info).await.expect(200);

    let out = answer(session(Method::DELETE)).await.expect(204);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    answer(session(Method::GET)).await.expect(401);
}

#[tokio::test]
async fn a_password_signs_in_and_a_wrong_one_does_not() {
    let backend = Backend::start().await;
    let sign_in = |user: &str, password: &str| {
        let body = json!({"user": user, "password": password}).to_string();
        answer(backend.bare(Method::POST, "/api/session").body(body))
    };
    let done = sign_in("admin", PASSWORD).await.expect(200);
    assert!(done.header("set-cookie").contains("HttpOnly"));
    assert_eq!(done.json()["user"], "admin");
    for (user, password) in [("admin", "wrong"), ("nobody", PASSWORD), ("admin", "")] {
        let refused = sign_in(user, password).await.expect(401);
        assert_eq!(refused.message(), "user or password is wrong");
        assert_eq!(refused.header("set-cookie"), "");
    }
    let missing = answer(backend.bare(Method::POST, "/api/session").body("{}"))
        .await
        .expect(400);
    assert!(
        missing.message().contains("missing field `user`"),
        "{}",
        missing.body
    );
}

#[tokio::test]
async fn a_new_password_ends_sessions() {
    let backend = Backend::start().await;
    let cookie = cookie(&backend).await;
    backend.running.stop().await;
    let backend = Backend::start_in(backend.dir, |c| c.admin_password = Some("new".into())).await;
    let session = backend
        .bare(Method::GET, "/api/session")
        .header("Cookie", &cookie);
    answer(session).await.expect(401);
    backend.get("/info").await.expect(401);
}

#[tokio::test]
async fn without_a_credential_everything_of_the_api_is_401_and_opens_no_dialog() {
    let backend = Backend::start().await;
    for (method, path) in [
        (Method::GET, "/default/api/info"),
        (Method::GET, "/default/api/v1beta2/streams"),
        (Method::POST, "/default/api/v1beta2/queries"),
        (Method::DELETE, "/default/api/v1beta2/streams/host_metrics"),
        (Method::GET, "/api/session"),
    ] {
        let refused = answer(backend.bare(method, path)).await.expect(401);
        let body = refused.json();
        assert_eq!(body["code"], 401, "{path}");
        assert_eq!(body["system"], "neutron");
        assert_eq!(body["message"], "not signed in");
        assert_eq!(body["request_id"], refused.header("x-request-id"));
        assert_eq!(refused.header("www-authenticate"), "");
    }
    let wrong = backend
        .bare(Method::GET, "/default/api/info")
        .basic_auth("admin", Some("no"));
    assert_eq!(
        answer(wrong).await.expect(401).message(),
        "user or password is wrong"
    );
    let bearer = backend
        .bare(Method::GET, "/default/api/info")
        .bearer_auth("x");
    assert!(
        answer(bearer)
            .await
            .expect(401)
            .message()
            .contains("HTTP Basic")
    );
}

#[tokio::test]
async fn api_keys_are_shown_once_and_stored_hashed() {
    let backend = Backend::start().await;
    let keys = "/v1beta2/auth/api_keys";
    let created = backend
        .post(keys, json!({"name": "ci", "expire_in": "24h"}))
        .await
        .expect(201);
    let created = created.json();
    let secret = created["api_key"].as_str().expect("key").to_string();
    let masked = format!("ci ({}****{})", &secret[..4], &secret[secret.len() - 4..]);
    assert_eq!(created["name"], masked.as_str());
    let life = created["expire_at"].as_i64().expect("expiry")
        - created["created_at"].as_i64().expect("creation");
    assert_eq!(life, 24 * 60 * 60);

    let list = backend.get(keys).await.expect(200);
    assert!(!list.body.contains(&secret));
    assert_eq!(list.json()[0]["id"], created["id"]);
    assert_eq!(list.json()[0]["created_by"]["name"], "admin");

    let backend = backend.restart().await;
    let with_key = || {
        backend
            .bare(Method::GET, "/default/api/info")
            .header("X-Api-Key", &secret)
    };
    answer(with_key()).await.expect(200);
    for file in std::fs::read_dir(backend.dir.path().join("data")).expect("folder") {
        let path = file.expect("entry").path();
        let bytes = if path.is_file() {
            std::fs::read(&path).expect("file")
        } else {
            continue;
        };
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "the key is readable in {}", path.display());
    }

    let path = format!("{keys}/{}", created["id"].as_str().expect("id"));
    backend.delete(&path).await.expect(204);
    backend.delete(&path).await.expect(404);
    assert_eq!(
        answer(with_key()).await.expect(401).message(),
        "the API key is not known"
    );
}

#[tokio::test]
async fn api_key_expiry_is_checked() {
    let backend = Backend::start().await;
    let keys = "/v1beta2/auth/api_keys";
    for (body, field) in [
        (json!({"expire_in": "soon"}), "expire_in"),
        (
            json!({"expire_in": "1h", "expire_at": "2099-01-01T00:00:00Z"}),
            "expire_in",
        ),
        (json!({"expire_at": "tomorrow"}), "expire_at"),
        (json!({"expire_at": "2001-01-01T00:00:00Z"}), "expire_at"),
    ] {
        let refused = backend.post(keys, &body).await.expect(400);
        assert_eq!(refused.json()["fields"][0]["field"], field, "{body}");
    }
    let short = backend
        .post(keys, json!({"expire_in": "1ms"}))
        .await
        .expect(201);
    let secret = short.json()["api_key"].as_str().expect("key").to_string();
    let used = backend
        .bare(Method::GET, "/default/api/info")
        .header("X-Api-Key", secret);
    assert_eq!(
        answer(used).await.expect(401).message(),
        "the API key has expired"
    );
}

#[tokio::test]
async fn pages_of_other_origins_change_nothing() {
    let backend = Backend::start().await;
    let cookie = cookie(&backend).await;
    let host = format!("http://{}", backend.running.address);
    let post = |name: &str| {
        backend
            .bare(Method::POST, "/default/api/v1beta2/format")
            .header("Cookie", &cookie)
            .header("X-Case", name)
            .body(r#"{"sql":"select 1"}"#)
    };
    let cross = post("fetch metadata").header("Sec-Fetch-Site", "cross-site");
    let refused = answer(cross).await.expect(403);
    assert!(
        refused.message().contains("cors.allowed_origins"),
        "{}",
        refused.body
    );
    let same_site = post("other port").header("Sec-Fetch-Site", "same-site");
    answer(same_site).await.expect(403);
    answer(post("origin").header("Origin", "http://evil.example"))
        .await
        .expect(403);
    answer(post("null").header("Origin", "null"))
        .await
        .expect(403);
    answer(post("ours").header("Origin", &host))
        .await
        .expect(200);
    let ours = post("ours")
        .header("Sec-Fetch-Site", "same-origin")
        .header("Origin", &host);
    answer(ours).await.expect(200);
    answer(post("script")).await.expect(200);
    let sign_out = backend
        .bare(Method::DELETE, "/api/session")
        .header("Cookie", &cookie)
        .header("Sec-Fetch-Site", "cross-site");
    answer(sign_out).await.expect(403);
}

#[tokio::test]
async fn only_configured_origins_may_read() {
    let console = "https://console.example";
    let backend = Backend::start_with(|c| c.cors_origins = vec![console.into()]).await;
    let preflight = |origin: &str| {
        backend
            .bare(Method::OPTIONS, "/default/api/v1beta2/queries")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header(
                "Access-Control-Request-Headers",
                "x-api-key,content-type,last-event-id",
            )
    };
    let allowed = answer(preflight(console)).await.expect(200);
    assert_eq!(allowed.header("access-control-allow-origin"), console);
    let headers = allowed
        .header("access-control-allow-headers")
        .to_lowercase();
    for name in [
        "x-api-key",
        "authorization",
        "content-type",
        "last-event-id",
        "accept",
    ] {
        assert!(headers.contains(name), "{headers}");
    }
    for method in ["GET", "POST", "PATCH", "DELETE"] {
        assert!(
            allowed
                .header("access-control-allow-methods")
                .contains(method)
        );
    }
    for origin in [
        "https://console.example.evil",
        "http://console.example",
        "null",
    ] {
        let denied = answer(preflight(origin)).await;
        assert_eq!(denied.header("access-control-allow-origin"), "", "{origin}");
    }

    let get = |origin: &str| {
        backend
            .request(Method::GET, "/info")
            .header("Origin", origin)
    };
    let read = answer(get(console)).await.expect(200);
    assert_eq!(read.header("access-control-allow-origin"), console);
    assert_eq!(read.header("access-control-expose-headers"), "x-request-id");
    let unread = answer(get("https://evil.example")).await;
    assert_eq!(unread.header("access-control-allow-origin"), "");
    // A refusal must be readable, too, or the page could not tell why.
    let refused = backend
        .bare(Method::GET, "/default/api/info")
        .header("Origin", console);
    let refused = answer(refused).await.expect(401);
    assert_eq!(refused.header("access-control-allow-origin"), console);
    let change = backend
        .request(Method::POST, "/v1beta2/format")
        .header("Origin", console)
        .header("Sec-Fetch-Site", "cross-site")
        .body(r#"{"sql":"select 1"}"#);
    answer(change).await.expect(200);
}

#[tokio::test]
async fn other_addresses_need_a_password() {
    let dir = tempfile::tempdir().expect("folder");
    let mut open = config(dir.path());
    open.listen = ([0, 0, 0, 0], 0).into();
    open.admin_password = None;
    let refused = weir_backend::start(open.clone())
        .await
        .err()
        .expect("refused");
    assert!(
        refused.to_string().contains("WEIR_ADMIN_PASSWORD"),
        "{refused}"
    );
    open.admin_password = Some(PASSWORD.into());
    let running = weir_backend::start(open.clone())
        .await
        .expect("with password");
    running.stop().await;
    open.admin_password = None;
    let running = weir_backend::start(open).await.expect("password is kept");
    running.stop().await;
}
