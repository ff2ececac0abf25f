//! Signing in by link, password and HTTP Basic; who is refused.

use reqwest::Method;
use serde_json::json;

use super::common::{Answer, Backend, PASSWORD, answer, config};

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
pub(crate) async fn cookie(backend: &Backend) -> String {
    let signed_in = get(backend, &link(backend)).await.expect(303);
    let cookie = signed_in.header("set-cookie");
    cookie.split(';').next().expect("pair").to_string()
}

#[tokio::test]
async fn a_link_signs_in_once_with_a_strict_cookie() {
    let backend = Backend::start().await;
    let link = link(&backend);
    let signed_in = get(&backend, &link).await.expect(303);
    assert_eq!(signed_in.header("location"), "./");
    let cookie = signed_in.header("set-cookie");
    for part in ["weir_session_", "HttpOnly", "SameSite=Strict", "Path=/"] {
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
    let backend = Backend::start_in(backend.dir, |c| {
        c.admin_password = Some("battery staple".into())
    })
    .await;
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
