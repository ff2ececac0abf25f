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
    let source = json!({
        "name": "forge", "type": "nats", "stream": "audit_log",
        "properties": {"url": "nats://127.0.0.1:1", "subject": "a", "data_type": "json"},
    });
    backend.post("/v1beta2/sources", source).await.expect(403);
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
async fn nobody_pushes_the_audit_log_out() {
    let backend = Backend::start().await;
    super::people::add_reader(&backend).await;
    let long = "x".repeat(20_000);
    let path = format!("/v1beta2/streams/{long}");
    for n in 0..400 {
        // Somebody unknown, whom nothing else slows down, and a reader.
        let unknown = backend
            .bare(reqwest::Method::GET, &format!("/default/api{path}"))
            .header("Sec-Fetch-Site", "cross-site");
        super::people::refused(unknown, "unknown").await;
        if n % 2 == 0 {
            let reader = super::people::by_reader(&backend, reqwest::Method::DELETE, &path);
            super::people::refused(reader, "reader").await;
        }
    }
    // Records are stored in their order.
    backend.create_stream("mark", &[("a", "int32")]).await;
    audited(&backend, "resource_name = 'mark'", 1).await;
    let recorded = rows(
        &backend,
        "SELECT actor, count() AS n, max(length(detail) + length(resource_name)) AS longest \
         FROM table(audit_log) WHERE status = 403 GROUP BY actor ORDER BY actor",
    )
    .await;
    let of = |at: usize, name: &str| recorded[at][name].as_u64().expect("a number");
    assert_eq!(recorded[0]["actor"], "", "{recorded:?}");
    assert!((300..=340).contains(&of(0, "n")), "{recorded:?}");
    assert_eq!(of(1, "n"), 200, "fewer are all there: {recorded:?}");
    assert!(
        of(0, "longest") < 1500 && of(1, "longest") < 1500,
        "{recorded:?}"
    );
    let kept = backend.get("/v1beta2/streams/audit_log").await.expect(200);
    let kept = kept.json()["logstore_retention_ms"]
        .as_i64()
        .expect("a time");
    assert!(kept >= 365 * 24 * 60 * 60 * 1000, "{kept}");
}

/// What a reader may do as often as they like changes nothing, and is told together.
#[tokio::test]
async fn a_reader_does_not_fill_the_audit_log() {
    let backend = Backend::start().await;
    super::people::add_reader(&backend).await;
    for n in 0..400 {
        let path = format!("/v1beta2/queries/{n}");
        let missing = super::people::by_reader(&backend, reqwest::Method::DELETE, &path);
        super::common::answer(missing).await.expect(404);
        let (user, password) = (super::people::READER, super::people::READERS_PASSWORD);
        super::people::sign_in(&backend, user, password).await;
    }
    backend.create_stream("mark", &[("a", "int32")]).await;
    audited(&backend, "resource_name = 'mark'", 1).await;
    let recorded = rows(
        &backend,
        "SELECT action, count() AS n FROM table(audit_log) WHERE actor = 'reader' \
         GROUP BY action ORDER BY action",
    )
    .await;
    for row in &recorded {
        let n = row["n"].as_u64().expect("a number");
        assert!((300..=340).contains(&n), "{recorded:?}");
    }
    assert_eq!(recorded.len(), 2, "{recorded:?}");
}

/// Not the rows: a row is no change of what is set up, and is to be seen by whom its stream is for.
#[tokio::test]
async fn who_sends_rows_is_recorded_once_and_without_them() {
    let backend = Backend::start().await;
    let key = backend
        .post("/v1beta2/auth/api_keys", json!({"name": "meter"}))
        .await
        .expect(201);
    let key = key.json()["api_key"].as_str().expect("key").to_string();
    for stream in ["one", "two"] {
        backend.create_stream(stream, &[("a", "string")]).await;
        let rows = json!({"columns": ["a"], "data": [["canary"]]});
        let path = format!("/v1beta2/streams/{stream}/ingest");
        for _ in 0..20 {
            backend.post(&path, &rows).await.expect(200);
            let by_key = backend
                .bare(reqwest::Method::POST, &format!("/default/api{path}"))
                .header("X-Api-Key", &key);
            let sent = super::common::answer(by_key.body(rows.to_string())).await;
            sent.expect(200);
        }
        let sql = format!("INSERT INTO {stream} (a) VALUES ('canary'), ('canary')");
        for _ in 0..50 {
            let inserted = backend.post("/v1beta2/queries", json!({"sql": sql})).await;
            inserted.expect(204);
        }
    }
    backend.create_stream("mark", &[("a", "int32")]).await;
    audited(&backend, "resource_name = 'mark'", 1).await;
    let told = async |filter: &str| audited(&backend, filter, 0).await;
    let ingested = told("action = 'ingest'").await;
    assert_eq!(ingested.len(), 4, "two callers, two streams: {ingested:?}");
    assert!(
        ingested.iter().any(|row| {
            let actor = row["actor"].as_str().unwrap_or_default();
            actor.contains("meter") && row["resource_name"] == "two"
        }),
        "{ingested:?}"
    );
    let inserted = told("resource_kind = 'row'").await;
    assert!((60..=64).contains(&inserted.len()), "{inserted:?}");
    assert!(
        inserted[0]["detail"]
            .as_str()
            .is_some_and(|detail| detail.contains("2 rows")),
        "{inserted:?}"
    );
    let leaked = told("detail LIKE '%canary%' OR before LIKE '%canary%' OR after LIKE '%canary%'");
    assert_eq!(leaked.await.len(), 0);
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
    std::fs::write(data.join("weir.db.version-1"), b"copy").expect("file");
    wide(&data.join("weir.db.version-1"), 0o644);
    std::fs::create_dir(data.join("tmp")).expect("folder");
    wide(&data.join("tmp"), 0o755);
    let backend = Backend::start_in(dir, |_| {}).await;
    backend.create_stream("a", &[("a", "int32")]).await;
    let data = backend.dir.path().join("data");
    let mode = |path: &std::path::Path| {
        let rights = std::fs::metadata(path).expect("file").permissions();
        rights.mode() & 0o777
    };
    assert_eq!(mode(&data), 0o700);
    assert_eq!(mode(&data.join("tmp")), 0o700);
    let mut seen = Vec::new();
    for entry in std::fs::read_dir(&data).expect("folder") {
        let entry = entry.expect("entry");
        if entry.file_type().expect("type").is_file() {
            let name = entry.file_name().to_string_lossy().into_owned();
            assert_eq!(mode(&entry.path()) & 0o077, 0, "{name}");
            seen.push(name);
        }
    }
    for file in ["weir.db", "weir.db-wal", "keys.secret", "weir.db.version-1"] {
        assert!(seen.iter().any(|name| name == file), "{file} in {seen:?}");
    }
}

/// In every way in which a secret can be entered.
async fn enter_secrets(backend: &Backend) {
    backend.create_stream("s", &[("a", "string")]).await;
    let sink = json!({
        "name": "sink", "type": "http", "query": "SELECT a FROM s",
        "properties": {"url": "http://u:hush-9f2c@127.0.0.1:1/",
            "http_header": {"Authorization": "Bearer hush-9f2c"}},
    });
    let alert = json!({
        "name": "alert", "severity": 1, "action": "slack", "trigger_sql": "SELECT a FROM s",
        "properties": {"url": "http://127.0.0.1:1/hush-9f2c"},
    });
    let source = json!({
        "name": "source", "type": "nats", "stream": "s",
        "properties": {"url": ["nats://u:hush-9f2c@127.0.0.1:1"], "subject": "a",
            "data_type": "text", "tls": {"disable": true}},
    });
    let function = json!({
        "name": "shout", "type": "remote", "arguments": [{"name": "word", "type": "string"}],
        "return_type": "string", "url": "http://127.0.0.1:1/", "auth_method": "auth_header",
        "auth_context": {"key_name": "X-Key", "key_value": "hush-9f2c"},
    });
    let external = json!({
        "name": "ext", "columns": [{"name": "raw", "type": "string"}],
        "settings": [
            {"key": "type", "value": "nats_jetstream"}, {"key": "url", "value": "nats://127.0.0.1:1"},
            {"key": "stream_name", "value": "a"}, {"key": "subject", "value": "a"},
            {"key": "username", "value": "u"}, {"key": "password", "value": "hush-9f2c"},
        ],
    });
    for (path, body) in [
        ("sinks", sink),
        ("alerts", alert),
        ("sources", source),
        ("udfs", function),
        ("external_streams", external),
    ] {
        let made = backend.post(&format!("/v1beta2/{path}"), body).await;
        assert_eq!(made.status, 201, "{path}: {}", made.body);
        assert!(!made.body.contains("hush-9f2c"), "{path}: {}", made.body);
    }
    for sql in [
        "CREATE EXTERNAL STREAM by_sql (raw string) SETTINGS type = 'nats_jetstream', \
         url = 'nats://127.0.0.1:1', stream_name = 'a', subject = 'a', token = 'hush-9f2c'",
        "SELECT a FROM table(s) WHERE a = 'hush-9f2c'",
    ] {
        let answer = backend.post("/v1beta2/queries", json!({"sql": sql})).await;
        assert!(answer.status.is_success(), "{sql}: {}", answer.body);
    }
    let streaming = json!({
        "name": "a", "domain_ids": [4], "active": false,
        "template_model": r#"{"m":"$request_method"}"#,
        "endpoint": {"endpoint_type": "standard", "url": "http://127.0.0.1:1/a",
            "log_line_separator": "\\n", "payload_format": "$dataset", "max_size": 1_000_000,
            "headers": {"Authorization": "hush-9f2c"}},
    });
    let cookie = super::people::sign_in(backend, "admin", super::common::PASSWORD).await;
    let request = backend
        .bare(reqwest::Method::POST, "/azion/data_streaming/streamings")
        .header("Cookie", &cookie)
        .header("Accept", "application/json; version=3");
    let made = super::common::answer(request.body(streaming.to_string())).await;
    assert!(made.status.is_success(), "{}", made.body);
}

#[tokio::test]
async fn no_secret_is_in_the_files_of_the_database() {
    let backend = Backend::start().await;
    enter_secrets(&backend).await;
    let tells_nothing = |data: &std::path::Path| {
        for file in ["weir.db", "weir.db-wal"] {
            let bytes = std::fs::read(data.join(file)).unwrap_or_default();
            let at = bytes.windows(9).position(|part| part == b"hush-9f2c");
            let around = at.map(|at| &bytes[at.saturating_sub(200)..at + 9]);
            let around = around.map(String::from_utf8_lossy);
            assert_eq!(around, None, "{file}");
        }
    };
    tells_nothing(&backend.dir.path().join("data"));
    let backend = backend.restart().await;
    tells_nothing(&backend.dir.path().join("data"));
    // And all is still known.
    for path in [
        "sinks",
        "alerts",
        "sources",
        "udfs",
        "external_streams",
        "queries",
    ] {
        let list = backend.get(&format!("/v1beta2/{path}")).await.expect(200);
        let known = list.json().as_array().map(Vec::len);
        assert!(
            known.is_some_and(|known| known > 0),
            "{path}: {}",
            list.body
        );
    }
}
