//! Files that are followed.

use std::io::Write;

use serde_json::{Value, json};

use super::{super::common::Backend, next_rows, rows, settings};

#[tokio::test]
async fn a_log_is_followed_through_its_rotation_and_read_whole() {
    let backend = Backend::start().await;
    let folder = backend.dir.path().join("data/logs");
    std::fs::create_dir_all(&folder).expect("folder");
    let file = folder.join("app.log");
    std::fs::write(
        &file,
        "2026-01-02 03:04:05.678 one\n2026-01-02 03:04:06.000 two\n",
    )
    .expect("log");
    let body = json!({"name": "app", "settings": settings(&[
        ("type", "log"), ("log_files", "app.log*"), ("log_dir", folder.to_str().expect("path")),
        ("timestamp_regex", r"^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d+)"),
    ])});
    let made = backend
        .post("/v1beta2/external_streams", &body)
        .await
        .expect(201)
        .json();
    assert_eq!(made["columns"][0]["name"], "raw");
    backend
        .post("/v1beta2/external_streams", &body)
        .await
        .expect(400);

    let whole = rows(&backend, "SELECT raw, _tp_time FROM table(app)").await;
    assert_eq!(
        whole,
        json!([
            ["2026-01-02 03:04:05.678 one", "2026-01-02T03:04:05.678Z"],
            ["2026-01-02 03:04:06.000 two", "2026-01-02T03:04:06.000Z"],
        ])
    );
    assert_eq!(
        rows(&backend, "SELECT count() FROM table(app)").await,
        json!([[2]])
    );
    assert_eq!(
        rows(
            &backend,
            "SELECT raw FROM app LIMIT 1 SETTINGS seek_to = '2026-01-02 03:04:06'"
        )
        .await,
        json!([["2026-01-02 03:04:06.000 two"]])
    );

    let mut live = backend.query("SELECT raw FROM app").await;
    let mut old = std::fs::OpenOptions::new()
        .append(true)
        .open(&file)
        .expect("file");
    old.write_all(b"three\n").expect("write");
    assert_eq!(next_rows(&mut live, 1).await, [json!(["three"])]);
    std::fs::rename(&file, folder.join("app.log.1")).expect("rename");
    old.write_all(b"four\n").expect("write");
    std::fs::write(&file, "five\n").expect("write");
    let mut seen = next_rows(&mut live, 2).await;
    seen.sort_by_key(Value::to_string);
    assert_eq!(seen, [json!(["five"]), json!(["four"])]);

    // A window over rows that come from outside, and a view on it.
    let run = |sql: &str| backend.post("/v1beta2/queries", json!({"sql": sql}));
    run("CREATE VIEW v AS SELECT count() AS n FROM app")
        .await
        .expect(204);
    let used = backend
        .delete("/v1beta2/external_streams/app")
        .await
        .expect(400);
    assert!(used.message().contains('v'), "{}", used.body);
    run("DROP VIEW v").await.expect(204);

    let stats = backend
        .get("/v1beta2/external_streams/app/stats?historyDays=1")
        .await;
    assert!(stats.expect(200).json()["read_eps"].as_f64() > Some(0.0));
    backend
        .delete("/v1beta2/external_streams/app")
        .await
        .expect(204);
    backend
        .get("/v1beta2/external_streams/app")
        .await
        .expect(404);
}

#[tokio::test]
async fn folders_that_are_not_allowed_are_refused() {
    let backend = Backend::start().await;
    let create = |folder: &str| {
        let settings = settings(&[("type", "log"), ("log_files", "*"), ("log_dir", folder)]);
        let body = json!({"name": "x", "settings": settings});
        backend.post("/v1beta2/external_streams", body)
    };
    let inside = backend.dir.path().join("data/logs");
    std::fs::create_dir_all(&inside).expect("folder");
    let link = inside.join("etc");
    std::os::unix::fs::symlink("/etc", &link).expect("link");
    let climbing = inside.join("../..");
    for folder in [
        "/etc",
        link.to_str().expect("path"),
        climbing.to_str().expect("path"),
    ] {
        let refused = create(folder).await.expect(400).json();
        assert_eq!(
            refused["fields"][0]["field"], "settings.log_dir",
            "{refused}"
        );
    }
}
