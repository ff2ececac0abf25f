//! Every route of Timeplus' API, asked by somebody who may only read.

use axum::http::Method;
use weir_api::role::Role;

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
        console: Some(folder.path().join("dist")),
        ..crate::config::Config::default()
    })
    .await
    .expect("start");
    let auth = &running.platform.auth;
    auth.add_user("reader", Role::ReadOnly, "just looking")
        .await
        .expect("user");

    let client = reqwest::Client::new();
    for row in weir_timeplus::operations().rows() {
        let (method, path) = (row.method, row.path);
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
