//! Every operation of every system, asked by somebody who may only read.

use axum::http::{HeaderMap, Method};
use weir_api::{permission::KINDS, role::Role};
use weir_platform::operations::Operation;

/// With the address that they lie below.
fn rows() -> Vec<(&'static str, Operation)> {
    let timeplus = ("/default/api/v1beta2", weir_timeplus::operations().rows());
    let secmaster = ("/secmaster", weir_secmaster::operations().rows());
    let azion = weir_azion::operations().map(|(address, all)| (address, all.rows()));
    let systems = [timeplus, secmaster].into_iter().chain(azion);
    systems
        .flat_map(|(address, rows)| rows.into_iter().map(move |row| (address, row)))
        .collect()
}

#[test]
fn every_operation_has_a_kind_that_permissions_can_name() {
    let rows = rows();
    assert!(rows.len() > 150, "{}", rows.len());
    for (_, row) in rows {
        assert!(KINDS.contains(&row.kind), "{} {}", row.method, row.path);
    }
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
        "POST /iam/personal_tokens",
        "DELETE /iam/personal_tokens/{id}",
    ];
    let folder = tempfile::tempdir().expect("folder");
    let running = crate::start(crate::config::Config {
        listen: ([127, 0, 0, 1], 0).into(),
        data: folder.path().join("data"),
        console: Some(folder.path().join("dist")),
        ..crate::config::Config::default()
    })
    .await
    .expect("start");
    let auth = &running.platform.auth;
    auth.add_user("reader", Role::ReadOnly, "just looking")
        .await
        .expect("user");
    let headers = HeaderMap::new();
    let cookie = auth.sign_in("reader", &headers).await.expect("session");
    let cookie = cookie.split(';').next().unwrap_or_default();

    let client = reqwest::Client::new();
    for (address, row) in rows() {
        let (method, path) = (row.method, row.path);
        let parts = path.split('/').map(|part| match part {
            "{project}" | "{workspace}" => "default",
            part if part.starts_with('{') => "none",
            part => part,
        });
        let concrete = parts.collect::<Vec<_>>().join("/");
        let url = format!("http://{}{address}{concrete}", running.address);
        let answer = client
            .request(method.clone(), url)
            .header("accept", "application/json; version=3")
            .header("cookie", cookie)
            .body("{}")
            .send()
            .await
            .expect("an answer");
        let route = format!("{method} {path}");
        let finds = ["/search", "/export"].iter().any(|end| path.ends_with(end));
        let finds = address == "/secmaster" && finds;
        if method == Method::GET || finds || may.contains(&route.as_str()) {
            assert_ne!(answer.status(), 403, "{route}");
        } else {
            assert_eq!(answer.status(), 403, "{route}");
            let words = answer.text().await.expect("text");
            assert!(words.contains("your role read_only"), "{route}: {words}");
        }
    }
    running.stop().await;
}
