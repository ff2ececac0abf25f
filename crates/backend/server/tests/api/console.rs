//! The static bundle, deep links, and the headers around them.

use super::common::{Answer, Backend, answer};
use reqwest::Method;

const HASHED: &str = "weir-0123456789abcdef.js";

async fn backend() -> Backend {
    let dir = tempfile::tempdir().expect("folder");
    let dist = dir.path().join("dist");
    std::fs::create_dir(&dist).expect("folder");
    let index = "<!doctype html><title>Weir</title><script>start()</script>";
    for (name, text) in [
        ("index.html", index),
        ("config.json", "{}"),
        (HASHED, "plain"),
        (&format!("{HASHED}.br"), "compressed"),
    ] {
        std::fs::write(dist.join(name), text).expect("file");
    }
    Backend::start_in(dir, |_| {}).await
}

async fn page(backend: &Backend, path: &str) -> Answer {
    let request = backend.bare(Method::GET, path);
    answer(request.header("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")).await
}

#[tokio::test]
async fn deep_links_get_the_console_also_where_they_look_like_the_api() {
    let backend = backend().await;
    for path in [
        "/",
        "/index.html",
        "/c/local/streams/x",
        "/c/api/streams",
        "/c/a/streams/v1.2",
    ] {
        let page = page(&backend, path).await.expect(200);
        assert!(page.body.contains("<title>Weir"), "{path}: {}", page.body);
        assert_eq!(page.header("cache-control"), "no-cache");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(
            !policy.contains("script-src 'self' 'unsafe-inline'"),
            "{policy}"
        );
        assert!(policy.contains("'sha256-"), "{policy}");
    }
}

/// A vendor's client would take the page for success.
#[tokio::test]
async fn who_does_not_ask_for_html_gets_no_page() {
    let backend = backend().await;
    for path in ["/c/local", "/v1/p/workspaces/w/nonsense", "/nonsense"] {
        let plain = backend.bare(Method::GET, path);
        answer(plain).await.expect(404);
        let json = backend.bare(Method::GET, path);
        answer(json.header("Accept", "application/json"))
            .await
            .expect(404);
    }
    answer(backend.bare(Method::GET, "/")).await.expect(200);
}

#[tokio::test]
async fn files_are_served_with_fitting_caching() {
    let backend = backend().await;
    let get = |path: String| backend.bare(Method::GET, &path);
    let hashed = answer(get(format!("/{HASHED}"))).await.expect(200);
    assert_eq!(hashed.body, "plain");
    assert!(hashed.header("cache-control").contains("immutable"));
    let brotli = get(format!("/{HASHED}")).header("Accept-Encoding", "br");
    let brotli = answer(brotli).await.expect(200);
    assert_eq!(
        (brotli.header("content-encoding"), brotli.body.as_str()),
        ("br", "compressed")
    );
    let config = answer(get("/config.json".into())).await.expect(200);
    assert_eq!(config.header("cache-control"), "no-cache");
    answer(get("/missing.wasm".into())).await.expect(404);
    let outside = answer(get("/%2e%2e/data/weir.db".into())).await;
    assert_ne!(outside.status.as_u16(), 200);
    answer(backend.bare(Method::POST, "/c/local"))
        .await
        .expect(404);
}

#[tokio::test]
async fn without_a_bundle_a_page_says_how_to_build_it() {
    let backend = Backend::start().await;
    let page = page(&backend, "/").await.expect(404);
    assert!(page.body.contains("make run"));
}

#[tokio::test]
async fn unknown_addresses_of_the_api_answer_in_json() {
    let backend = Backend::start().await;
    let unknown = backend.get("/v1beta2/nonsense").await.expect(404);
    assert_eq!(
        unknown.message(),
        "there is no GET /default/api/v1beta2/nonsense"
    );
    let method = backend.delete("/v1beta2/streams").await.expect(405);
    assert!(
        method.message().contains("DELETE is not possible"),
        "{}",
        method.body
    );
    assert!(method.header("allow").contains("GET"));
    let other = backend
        .bare(Method::GET, "/other/api/v1beta2/streams")
        .basic_auth("admin", Some(super::common::PASSWORD));
    let other = answer(other).await.expect(404);
    assert!(
        other.message().contains("workspace 'other'"),
        "{}",
        other.body
    );
}
