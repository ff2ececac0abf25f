//! Pages of other sites and names that lead here try to act in a signed-in browser.

use reqwest::Method;

use super::{
    common::{Backend, PASSWORD, answer},
    people::{audited, sign_in},
};

#[tokio::test]
async fn a_foreign_name_reaches_nothing() {
    let backend = Backend::start_with(|config| config.hosts = vec!["weir.example".into()]).await;
    let cookie = sign_in(&backend, "admin", PASSWORD).await;
    let asks = |host: &str, path: &str| {
        let request = backend.bare(Method::GET, path).header("Host", host);
        answer(request.header("Cookie", &cookie))
    };
    for path in [
        "/",
        "/api/session",
        "/default/api/info",
        "/dataworks/",
        "/signin?token=1",
    ] {
        for host in [
            "evil.example",
            "evil.example:8000",
            "127.0.0.1.evil.example",
            "localhost.evil.example",
            "127.0.0.1@evil.example",
            "weir.example.evil.example",
        ] {
            let refused = asks(host, path).await;
            assert_eq!(refused.status, 421, "{host} {path}: {}", refused.body);
        }
    }
    for host in [
        "127.0.0.1:1",
        "localhost:8000",
        "[::1]",
        "weir.example",
        "WEIR.example:443",
    ] {
        asks(host, "/default/api/info").await.expect(200);
    }
}

/// Which of two counts would be anybody's guess.
#[tokio::test]
async fn an_origin_that_is_said_twice_is_none() {
    let backend = Backend::start().await;
    let cookie = sign_in(&backend, "admin", PASSWORD).await;
    let own = format!("http://{}", backend.running.address);
    let asks = |first: (&'static str, &str), second: (&'static str, &str)| {
        let request = backend.bare(Method::POST, "/default/api/v1beta2/streams");
        let request = request
            .header("Cookie", &cookie)
            .body(r#"{"name": "made"}"#);
        answer(request.header(first.0, first.1).header(second.0, second.1))
    };
    let evil = "http://evil.example";
    for (first, second) in [
        (("Origin", own.as_str()), ("Origin", evil)),
        (("Origin", evil), ("Origin", own.as_str())),
        (
            ("Sec-Fetch-Site", "same-origin"),
            ("Sec-Fetch-Site", "cross-site"),
        ),
    ] {
        let refused = asks(first, second).await;
        assert_eq!(
            refused.status, 403,
            "{first:?} {second:?}: {}",
            refused.body
        );
    }
    let missing = asks(("Origin", own.as_str()), ("Sec-Fetch-Site", "same-origin")).await;
    assert_eq!(missing.status, 400, "it is read: {}", missing.body);
}

#[tokio::test]
async fn an_image_on_another_page_changes_and_reads_nothing() {
    let backend = Backend::start().await;
    let cookie = sign_in(&backend, "admin", PASSWORD).await;
    let with_cookie =
        |method: Method, path: &str| backend.bare(method, path).header("Cookie", &cookie);
    let create = "/dataworks/?Action=CreateDataServiceGroup&GroupName=made&ProjectId=1&TenantId=1&ApiGatewayGroupId=1";
    let by_image = answer(with_cookie(Method::GET, create)).await.expect(405);
    assert!(by_image.body.contains("POST"), "{}", by_image.body);
    let by_head = answer(with_cookie(Method::HEAD, create)).await;
    assert_eq!(by_head.status, 405);
    for site in ["same-site", "cross-site"] {
        for path in [
            create,
            "/dataworks/?Action=ListProjects",
            "/default/api/v1beta2/users",
            "/default/api/v1beta2/queries/1",
            "/azion/data_streaming/streamings",
            "/secmaster/v1/default/workspaces",
            "/relay/x/a",
            "/api/session",
            "/metrics",
        ] {
            let image = with_cookie(Method::GET, path)
                .header("Sec-Fetch-Site", site)
                .header("Sec-Fetch-Mode", "no-cors")
                .header("Sec-Fetch-Dest", "image");
            let refused = answer(image).await;
            assert_eq!(refused.status, 403, "{site} {path}: {}", refused.body);
        }
    }
    let list =
        "/dataworks/?Action=ListDataServiceGroups&ProjectId=1&TenantId=1&PageNumber=1&PageSize=10";
    let list = answer(with_cookie(Method::POST, list)).await.expect(200);
    assert!(!list.body.contains("made"), "{}", list.body);
}

#[tokio::test]
async fn answers_are_kept_by_nobody_and_sniffed_by_nobody() {
    let backend = Backend::start().await;
    for path in [
        "/default/api/info",
        "/default/api/v1beta2/users",
        "/api/session",
        "/dataworks/",
    ] {
        let request = backend
            .bare(Method::GET, path)
            .basic_auth("admin", Some(PASSWORD));
        let got = answer(request).await;
        assert_eq!(got.header("cache-control"), "no-store", "{path}");
        assert_eq!(got.header("x-content-type-options"), "nosniff", "{path}");
    }
}

#[tokio::test]
async fn refused_attempts_carry_a_name() {
    let backend = Backend::start().await;
    super::people::add_reader(&backend).await;
    let delete = super::people::by_reader(&backend, Method::DELETE, "/v1beta2/streams/http_access");
    super::people::refused(delete, "delete").await;
    let rows = audited(&backend, "status = 403", 1).await;
    assert_eq!(rows[0]["actor"], "reader");
    assert_eq!(rows[0]["resource_name"], "http_access");
}

/// Also what no handler answers, and what refuses.
#[tokio::test]
async fn every_answer_says_what_browsers_may_do_with_it() {
    let backend = Backend::start().await;
    for (method, path, host) in [
        (Method::GET, "/healthz", "localhost"),
        (Method::GET, "/signin?token=1", "localhost"),
        (
            Method::GET,
            "/signin/oidc/callback?code=1&state=2",
            "localhost",
        ),
        (Method::POST, "/", "localhost"),
        (Method::DELETE, "/nothing", "localhost"),
        (Method::POST, "/invite", "localhost"),
        (Method::GET, "/invite?token=1", "localhost"),
        (Method::GET, "/", "localhost"),
        (Method::GET, "/nothing.js", "localhost"),
        (Method::GET, "/metrics", "localhost"),
        (Method::GET, "/relay/a/b", "localhost"),
        (Method::GET, "/default/api/info", "localhost"),
        (Method::GET, "/api/session", "evil.example"),
    ] {
        let request = backend.bare(method.clone(), path).header("Host", host);
        let answer = answer(request).await;
        let says = |name: &str, part: &str| {
            let value = answer.header(name);
            assert!(value.contains(part), "{method} {path}: {name}: {value:?}");
        };
        says("x-content-type-options", "nosniff");
        says("referrer-policy", "no-referrer");
        says("cache-control", "no-");
        says("content-security-policy", "frame-ancestors 'none'");
    }
}

/// A path that begins with two slashes is an address of another host where a browser is led to it.
#[tokio::test]
async fn no_folder_of_the_console_leads_to_another_host() {
    let dir = tempfile::tempdir().expect("folder");
    std::fs::create_dir_all(dir.path().join("dist/evil.example")).expect("folder");
    std::fs::write(dir.path().join("dist/index.html"), "<p>console").expect("page");
    let backend = Backend::start_in(dir, |_| {}).await;
    for path in ["//evil.example", "///evil.example", "/evil.example"] {
        let answer = answer(backend.bare(Method::GET, path)).await;
        assert_eq!(answer.header("location"), "", "{path}: {}", answer.status);
    }
    let long = format!("/{}", "a".repeat(3000));
    for path in [&long, "/index.html/a.js"] {
        answer(backend.bare(Method::GET, path)).await.expect(404);
    }
}

/// Which would sign a browser in as somebody whom the page's owner knows.
#[tokio::test]
async fn nobody_accepts_an_invitation_for_another_site() {
    let backend = Backend::start().await;
    let form = "token=x&username=a&password=b&again=b";
    let accept = |site: &'static str| {
        let request = backend.bare(Method::POST, "/invite").body(form);
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        answer(request.header("Sec-Fetch-Site", site))
    };
    accept("cross-site").await.expect(403);
    accept("same-origin").await.expect(404);
    let attempts = audited(&backend, "detail LIKE '%by an invitation%'", 1).await;
    assert_eq!(attempts[0]["action"], "sign_in", "{attempts:?}");
}
