//! What whoever runs it asks: is it well, what does it do, is the configuration right.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
};

use super::{
    common::{Backend, PASSWORD, answer},
    crash::Program,
};
use reqwest::Method;

#[tokio::test]
async fn health_needs_no_sign_in_and_metrics_do() {
    let backend = Backend::start().await;
    let health = answer(backend.bare(Method::GET, "/healthz"))
        .await
        .expect(200);
    assert_eq!(health.body, "ok\n");
    answer(backend.bare(Method::GET, "/metrics"))
        .await
        .expect(401);

    backend.create_stream("s", &[("n", "int64")]).await;
    backend.ingest("s", r#"["n"]"#, "[[1],[2]]").await;
    let request = backend.bare(Method::GET, "/metrics");
    let metrics = answer(request.basic_auth("admin", Some(PASSWORD)))
        .await
        .expect(200);
    assert!(
        metrics
            .header("content-type")
            .starts_with("text/plain; version=0.0.4")
    );
    let value = |name: &str| -> f64 {
        let mut lines = metrics.body.lines();
        let line = lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.and_then(|value| value.parse().ok())
            .unwrap_or_else(|| panic!("no {name} in\n{}", metrics.body))
    };
    assert!(value("weir_http_requests_total{code=\"4xx\"}") >= 1.0);
    assert!(value("weir_stream_rows") >= 2.0);
    assert_eq!(value("weir_queries_running"), 0.0);
    // Each sample belongs to a metric that is described.
    for line in metrics.body.lines().filter(|line| !line.starts_with('#')) {
        let name = line.split(['{', ' ']).next().expect("name");
        assert!(metrics.body.contains(&format!("# TYPE {name} ")), "{line}");
    }
}

#[tokio::test]
async fn the_page_says_where_a_proxy_shows_it_and_offers_the_named_connections() {
    let dir = tempfile::tempdir().expect("folder");
    let dist = dir.path().join("dist");
    std::fs::create_dir(&dist).expect("folder");
    std::fs::write(dist.join("index.html"), r#"<base href="/" />"#).expect("file");
    std::fs::write(dist.join("config.json"), "{}").expect("file");
    let connections = dir.path().join("connections.json");
    std::fs::write(&connections, r#"{"connections":[]}"#).expect("file");
    let backend = Backend::start_in(dir, move |config| {
        config.base_path = "/weir/".to_string();
        config.connections = Some(connections);
    })
    .await;
    let page = backend.bare(Method::GET, "/c/local/sql");
    let page = answer(page.header("Accept", "text/html")).await.expect(200);
    assert_eq!(page.body, r#"<base href="/weir/" />"#);
    let offered = answer(backend.bare(Method::GET, "/config.json")).await;
    assert_eq!(offered.expect(200).body, r#"{"connections":[]}"#);
}

fn weir(dir: &Path, args: &[&str]) -> (bool, String) {
    weir_with(dir, args, &[])
}

fn weir_with(dir: &Path, args: &[&str], environment: &[(&str, &str)]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_weir-backend"))
        .current_dir(dir)
        .args(args)
        .envs(environment.iter().copied())
        .output()
        .expect("program");
    let mut text = String::from_utf8_lossy(&output.stdout).into_owned();
    text += &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), text)
}

#[test]
fn check_names_what_is_wrong_and_changes_nothing() {
    let dir = tempfile::tempdir().expect("folder");
    std::fs::create_dir(dir.path().join("dist")).expect("folder");
    std::fs::write(dir.path().join("dist/index.html"), "").expect("file");
    let here = ["check", "--listen", "127.0.0.1:0", "--data", "data"];
    let (right, text) = weir(dir.path(), &here);
    assert!(right, "{text}");
    assert!(!dir.path().join("data").exists());

    let relay = "[relay.\"a b\"]\nupstream = \"https://vendor.example\"";
    std::fs::write(dir.path().join("weir.toml"), relay).expect("file");
    let (right, text) = weir(dir.path(), &here);
    assert!(!right && text.contains("wrong  relay: relay.a b"), "{text}");
}

/// Also what an earlier start left that nobody can sign in to from elsewhere.
#[test]
fn whom_other_machines_reach_has_a_password_that_is_not_guessed() {
    let dir = tempfile::tempdir().expect("folder");
    let there = ["--listen", "0.0.0.0:0", "--data", "data"];
    let checked = [&["check"][..], &there].concat();
    for args in [&checked[..], &there] {
        let (right, text) = weir(dir.path(), args);
        assert!(!right && text.contains("WEIR_ADMIN_PASSWORD"), "{text}");
        assert!(!dir.path().join("data").exists(), "{text}");
    }
    for weak in ["short", "password123", "aaaaaaaaaaaa"] {
        for args in [&checked[..], &there] {
            let (right, text) = weir_with(dir.path(), args, &[("WEIR_ADMIN_PASSWORD", weak)]);
            assert!(!right && text.contains("WEIR_ADMIN_PASSWORD"), "{text}");
            assert!(!dir.path().join("data").exists(), "{text}");
        }
    }
    // Started on this machine only, it has none either.
    let mut here = Command::new(env!("CARGO_BIN_EXE_weir-backend"))
        .current_dir(dir.path())
        .args(["--listen", "127.0.0.1:0", "--data", "data"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("program");
    let mut said = String::new();
    let out = here.stdout.take().expect("output");
    BufReader::new(out).read_line(&mut said).expect("line");
    here.kill().expect("SIGKILL");
    here.wait().expect("end");
    let (right, text) = weir(dir.path(), &checked);
    assert!(!right && text.contains("WEIR_ADMIN_PASSWORD"), "{text}");
    let good = [("WEIR_ADMIN_PASSWORD", "battery staple 9")];
    let (_, text) = weir_with(dir.path(), &checked, &good);
    assert!(text.contains("ok     WEIR_ADMIN_PASSWORD"), "{text}");
}

#[test]
fn health_tells_a_running_one_from_none() {
    let dir = tempfile::tempdir().expect("folder");
    let mut program = Program::start(dir.path());
    let address = program.address();
    let (well, text) = weir(dir.path(), &["health", "--listen", &address]);
    assert!(well, "{text}");
    let (free, text) = weir(dir.path(), &["check", "--listen", &address]);
    assert!(!free && text.contains("in use"), "{text}");
    program.kill();
    let (well, _) = weir(dir.path(), &["health", "--listen", &address]);
    assert!(!well);
}
