//! Every route of Timeplus' API, asked by somebody who may only read.

use axum::http::Method;
use weir_api::role::Role;

/// Every method and path of the router's own table, which only its `Debug` form tells.
fn routes() -> Vec<(Method, String)> {
    let table = format!("{:?}", weir_timeplus::v1beta2());
    let (table, _) = table.split_once("fallback_router: ").expect("fallback");
    let methods = [
        ("get", Method::GET),
        ("delete", Method::DELETE),
        ("patch", Method::PATCH),
        ("post", Method::POST),
        ("put", Method::PUT),
    ];
    let (endpoints, paths) = table.split_once("node: ").expect("paths");
    let mut all = Vec::new();
    for entry in paths.split("RouteId(").skip(1) {
        let Some((id, rest)) = entry.split_once("): \"") else {
            continue;
        };
        let path = rest.split('"').next().expect("path");
        let endpoint = endpoints
            .split(&format!("RouteId({id}): "))
            .nth(1)
            .expect("endpoint");
        for (name, method) in &methods {
            let field = endpoint.split(&format!("{name}: ")).nth(1).expect("method");
            if !field.starts_with("None") {
                all.push((method.clone(), path.to_string()));
            }
        }
    }
    all.sort_by(|a, b| (&a.1, a.0.as_str()).cmp(&(&b.1, b.0.as_str())));
    all.dedup();
    all
}

#[tokio::test]
async fn a_read_only_user_reaches_what_reads_and_nothing_else() {
    let may = [
        "POST /queries",
        "POST /queries/{id}/cancel",
        "DELETE /queries/{id}",
        "POST /exec",
        "POST /format",
        "POST /sqlanalyze",
        "POST /pipeline/parseddl",
    ];
    let folder = tempfile::tempdir().expect("folder");
    let running = crate::start(crate::config::Config {
        listen: ([127, 0, 0, 1], 0).into(),
        data: folder.path().join("data"),
        console: folder.path().join("dist"),
        ..crate::config::Config::default()
    })
    .await
    .expect("start");
    let auth = &running.platform.auth;
    auth.add_user("reader", Role::ReadOnly, "just looking")
        .await
        .expect("user");

    let client = reqwest::Client::new();
    let routes = routes();
    assert!(routes.len() > 20, "the table was read: {routes:?}");
    for (method, path) in routes {
        let parts = path.split('/');
        let parts = parts.map(|part| if part.starts_with('{') { "none" } else { part });
        let concrete = parts.collect::<Vec<_>>().join("/");
        let url = format!("http://{}/default/api/v1beta2{concrete}", running.address);
        let answer = client
            .request(method.clone(), url)
            .basic_auth("reader", Some("just looking"))
            .body("{}")
            .send()
            .await
            .expect("an answer");
        let route = format!("{method} {path}");
        if method == Method::GET || may.contains(&route.as_str()) {
            assert_ne!(answer.status(), 403, "{route}");
        } else {
            assert_eq!(answer.status(), 403, "{route}");
            let words = answer.text().await.expect("text");
            assert!(words.contains("your role read_only"), "{route}: {words}");
        }
    }
    running.stop().await;
}
