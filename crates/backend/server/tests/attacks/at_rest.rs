//! The audit log and the files of the backend are attacked.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::{
    common::Backend,
    people::{audited, rows},
};

#[tokio::test]
async fn the_audit_log_is_neither_forged_nor_removed() {
    let backend = Backend::start().await;
    backend.create_stream("mark", &[("a", "int32")]).await;
    audited(&backend, "resource_name = 'mark'", 1).await;
    for sql in [
        "INSERT INTO audit_log (actor, action) VALUES ('nobody', 'create')",
        "INSERT INTO `audit_log` (actor) VALUES ('nobody')",
        "DROP STREAM audit_log",
        "DROP STREAM IF EXISTS audit_log",
        "DROP VIEW audit_log",
        "ALTER STREAM audit_log MODIFY TTL to_datetime(_tp_time) + INTERVAL 1 SECOND",
        "CREATE MATERIALIZED VIEW forge INTO audit_log AS SELECT 'nobody' AS actor FROM mark",
        "CREATE OR REPLACE VIEW audit_log AS SELECT 1",
    ] {
        let answer = backend.post("/v1beta2/queries", json!({"sql": sql})).await;
        assert!(
            answer.status.is_client_error(),
            "{sql}: {} {}",
            answer.status,
            answer.body
        );
    }
    let ingest = json!({"columns": ["actor"], "data": [["nobody"]]});
    let path = "/v1beta2/streams/audit_log";
    backend
        .post(&format!("{path}/ingest"), &ingest)
        .await
        .expect(403);
    backend.delete(path).await.expect(403);
    let shorter = json!({"logstore_retention_ms": 1, "ttl_expression": ""});
    let answer = backend.patch(path, shorter).await;
    assert!(answer.status.is_client_error(), "{}", answer.body);
    let forged = rows(
        &backend,
        "SELECT actor FROM table(audit_log) WHERE actor = 'nobody'",
    )
    .await;
    assert_eq!(forged, Vec::<serde_json::Value>::new());
    let kept = rows(
        &backend,
        "SELECT action FROM table(audit_log) WHERE resource_name = 'mark'",
    )
    .await;
    assert_eq!(kept.len(), 1);
    let attempts = audited(&backend, "status = 403", 3).await;
    assert!(
        attempts.iter().all(|row| row["actor"] == "admin"),
        "{attempts:?}"
    );
}

#[tokio::test]
async fn only_the_backends_user_reads_its_files() {
    let dir = tempfile::tempdir().expect("folder");
    let data = dir.path().join("data");
    // What an earlier version left.
    std::fs::create_dir_all(&data).expect("folder");
    let wide = |path: &std::path::Path, mode: u32| {
        let rights = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(path, rights).expect("rights");
    };
    wide(&data, 0o755);
    std::fs::write(data.join("weir.db"), b"").expect("file");
    wide(&data.join("weir.db"), 0o644);
    let backend = Backend::start_in(dir, |_| {}).await;
    backend.create_stream("a", &[("a", "int32")]).await;
    let data = backend.dir.path().join("data");
    let mode = |path: &std::path::Path| {
        let rights = std::fs::metadata(path).expect("file").permissions();
        rights.mode() & 0o777
    };
    assert_eq!(mode(&data), 0o700);
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(&data).expect("folder") {
        let entry = entry.expect("entry");
        if entry.file_type().expect("type").is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            assert_eq!(mode(&entry.path()) & 0o077, 0, "{name}");
            seen.push(name);
        }
    }
    for file in ["weir.db", "weir.db-wal", "keys.secret"] {
        assert!(seen.iter().any(|name| name == file), "{file} in {seen:?}");
    }
}
