//! What pages of other origins may do.

use reqwest::Method;

use super::{
    common::{Backend, answer},
    signin::cookie,
};

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
        "x-auth-token",
        "x-sdk-date",
        "x-acs-action",
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
    assert_eq!(
        read.header("access-control-expose-headers"),
        "x-request-id,retry-after,x-subject-token"
    );
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
