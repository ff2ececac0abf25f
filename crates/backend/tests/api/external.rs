//! External streams, external tables and schemas, with the real systems they read.

use std::{io::Write, time::Duration};

use reqwest::Method;
use serde_json::{Value, json};
use weir_services::{DATABASE, MariaDb, Nats, PASSWORD, Postgres, USER};

use super::common::{Backend, answer};

fn settings(pairs: &[(&str, &str)]) -> Value {
    let pairs = pairs.iter();
    pairs
        .map(|(key, value)| json!({"key": key, "value": value}))
        .collect()
}

/// All rows of a query that ends.
async fn rows(backend: &Backend, sql: &str) -> Value {
    let mut events = backend.query(sql).await;
    let mut all = Vec::new();
    while let Some(event) = events.next().await {
        if event.is_rows() {
            all.extend(event.json().as_array().expect("rows").clone());
        } else if event.name == "query" && event.json()["status"] == "failed" {
            panic!("{sql}: {}", event.data);
        }
    }
    Value::Array(all)
}

/// The next rows of a query that goes on.
async fn next_rows(events: &mut super::common::Events, count: usize) -> Vec<Value> {
    let mut all = Vec::new();
    while all.len() < count {
        let event = events.next().await.expect("the query goes on");
        assert_ne!(event.json()["status"], "failed", "{}", event.data);
        if event.is_rows() {
            all.extend(event.json().as_array().expect("rows").clone());
        }
    }
    all
}

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

#[tokio::test]
async fn what_is_not_run_is_kept_and_says_so() {
    let backend = Backend::start().await;
    let body = json!({"name": "p", "columns": [{"name": "a", "type": "int64"}], "settings": settings(&[
        ("type", "pulsar"), ("service_url", "pulsar://x"), ("topic", "t"), ("jwt", "secret"),
    ])});
    backend
        .post("/v1beta2/external_streams", body)
        .await
        .expect(201);
    let kept = backend.get("/v1beta2/external_streams/p").await.expect(200);
    assert!(!kept.body.contains("secret"), "{}", kept.body);
    assert_eq!(
        kept.json()["settings"][0],
        json!({"key": "type", "value": "pulsar"})
    );
    for sql in ["SELECT * FROM p", "SELECT * FROM table(p)"] {
        let refused = backend
            .post("/v1beta2/queries", json!({"sql": sql}))
            .await
            .expect(400);
        assert!(
            refused
                .message()
                .contains("not run by the embedded backend"),
            "{}",
            refused.body
        );
    }
    let body =
        json!({"name": "m", "settings": settings(&[("type", "mongodb"), ("uri", "mongodb://x")])});
    backend
        .post("/v1beta2/external_tables", body)
        .await
        .expect(201);
    let refused = backend
        .post("/v1beta2/queries", json!({"sql": "SELECT * FROM m"}))
        .await;
    assert!(refused.expect(400).message().contains("not run"));
    let nobody = json!({"name": "k", "columns": [{"name": "a", "type": "string"}], "settings": settings(&[
        ("type", "kafka"), ("brokers", "127.0.0.1:1"), ("topic", "t"),
    ])});
    backend
        .post("/v1beta2/external_streams", nobody)
        .await
        .expect(201);
}

#[tokio::test]
async fn nats_jetstream_is_followed_read_whole_and_previewed() {
    let nats = Nats::start_with_password().expect("nats");
    nats.create_stream("orders").expect("stream");
    nats.publish("orders.a", r#"{"id": 9007199254740993, "item": "x"}"#)
        .expect("publish");
    nats.publish("orders.b", r#"{"id": 2, "item": "é", "more": 1}"#)
        .expect("publish");
    let backend = Backend::start().await;
    let place = |more: &[(&str, &str)]| {
        let mut all = vec![
            ("type", "nats_jetstream"),
            ("url", nats.url.as_str()),
            ("stream_name", "orders"),
            ("username", USER),
            ("password", PASSWORD),
            ("data_format", "JSONEachRow"),
        ];
        all.extend_from_slice(more);
        settings(&all)
    };
    let preview = |settings: Value, count: u32| {
        let body =
            json!({"settings": settings, "count": count, "offset": "earliest", "timeout": 20});
        backend.post("/v1beta2/external_streams/preview", body)
    };
    let seen = preview(place(&[]), 2).await.expect(200).json();
    assert_eq!(
        seen[0],
        json!({"id": 9_007_199_254_740_993_i64, "item": "x"})
    );
    let seen = preview(place(&[("subject", "orders.b")]), 1)
        .await
        .expect(200)
        .json();
    assert_eq!(seen[0]["more"], 1);

    let columns = json!([{"name": "id", "type": "int64"}, {"name": "item", "type": "string"}]);
    let body = json!({"name": "o", "columns": columns, "settings": place(&[])});
    backend
        .post("/v1beta2/external_streams", body)
        .await
        .expect(201);
    let expected = json!([[9_007_199_254_740_993_i64, "x"], [2, "é"]]);
    assert_eq!(
        rows(&backend, "SELECT id, item FROM table(o)").await,
        expected
    );
    let early = "SELECT id, item FROM o LIMIT 2 SETTINGS seek_to = 'earliest'";
    assert_eq!(rows(&backend, early).await, expected);

    let mut live = backend.query("SELECT id FROM o").await;
    let mut sums = backend
        .query("SELECT sum(id) AS s FROM o WHERE id < 1000 EMIT PERIODIC 100ms")
        .await;
    nats.publish("orders.a", r#"{"id": 30, "item": "y"}{"id": 40}"#)
        .expect("publish");
    assert_eq!(next_rows(&mut live, 2).await, [json!([30]), json!([40])]);
    loop {
        if next_rows(&mut sums, 1).await[0] == json!([70]) {
            break;
        }
    }
    // A message that does not fit ends the query and says which one it is.
    nats.publish("orders.a", r#"{"id": "no number"}"#)
        .expect("publish");
    let ended = backend.ended(&live.id).await;
    let message = ended["message"].as_str().expect("message");
    assert!(
        message.contains("message 4") && message.contains("'id'"),
        "{message}"
    );

    let wrong = place(&[]).to_string().replace("river", "lake");
    let refused = preview(serde_json::from_str(&wrong).expect("json"), 1)
        .await
        .expect(400);
    assert!(refused.message().contains("NATS at"), "{}", refused.body);
}

#[tokio::test]
async fn schemas_are_compiled_and_decode_messages() {
    let backend = Backend::start().await;
    let schema = |content: &str| json!({"name": "orders", "type": "Protobuf", "content": content});
    let wrong = backend
        .post(
            "/v1beta2/schemas",
            schema("syntax = \"proto3\";\nmessage A {\n  Nope x = 1;\n}"),
        )
        .await
        .expect(400)
        .json();
    assert_eq!(wrong["fields"][0]["field"], "content");
    assert_eq!(
        wrong["position"],
        json!({"line": 3, "column": 3}),
        "{wrong}"
    );
    let good = "syntax = \"proto3\";\nmessage Order {\n  int64 id = 1;\n  string item = 2;\n}";
    backend
        .post("/v1beta2/schemas", schema(good))
        .await
        .expect(201);
    backend
        .post("/v1beta2/schemas", schema(good))
        .await
        .expect(400);
    let put = |name: &str, body: Value| {
        let path = format!("/v1beta2/schemas/{name}");
        answer(backend.request(Method::PUT, &path).body(body.to_string()))
    };
    put(
        "nope",
        json!({"name": "nope", "type": "Protobuf", "content": good}),
    )
    .await
    .expect(404);
    let more = format!("{good}\nmessage Other {{\n}}");
    put("orders", schema(&more)).await.expect(200);
    let kept = backend
        .get("/v1beta2/schemas/orders")
        .await
        .expect(200)
        .json();
    assert_eq!(kept["content"], json!(more));

    let nats = Nats::start().expect("nats");
    nats.create_stream("pb").expect("stream");
    nats.publish("pb.a", [8, 42, 18, 1, b'z']).expect("publish");
    let body = json!({
        "name": "pb", "columns": [{"name": "id", "type": "int64"}, {"name": "item", "type": "string"}],
        "settings": settings(&[
            ("type", "nats_jetstream"), ("url", &nats.url), ("stream_name", "pb"),
            ("data_format", "ProtobufSingle"), ("format_schema", "orders:Order"),
        ]),
    });
    backend
        .post("/v1beta2/external_streams", body)
        .await
        .expect(201);
    assert_eq!(
        rows(&backend, "SELECT id, item FROM table(pb)").await,
        json!([[42, "z"]])
    );
    let used = backend.delete("/v1beta2/schemas/orders").await.expect(400);
    assert!(used.message().contains("pb"), "{}", used.body);

    let run = |sql: &str| backend.post("/v1beta2/queries", json!({"sql": sql}));
    run("DROP STREAM pb").await.expect(204);
    run("CREATE OR REPLACE FORMAT SCHEMA orders AS 'syntax = \"proto3\";\nmessage B {}' TYPE Protobuf").await.expect(204);
    run("DROP FORMAT SCHEMA orders").await.expect(204);
    backend.get("/v1beta2/schemas/orders").await.expect(404);
    assert_eq!(
        backend.get("/v1beta2/schemas").await.expect(200).json(),
        json!([])
    );
}

fn database(kind: &str, address: &str, table: &str, password: &str) -> Value {
    settings(&[
        ("type", kind),
        ("address", address),
        ("user", USER),
        ("password", password),
        ("database", DATABASE),
        ("table", table),
    ])
}

#[tokio::test]
async fn postgresql_is_read_with_exact_types() {
    let postgres = Postgres::start().expect("postgres");
    postgres.run("CREATE TABLE goods (
            id bigint PRIMARY KEY, price numeric(20, 4), name text NOT NULL, sold boolean,
            at timestamptz, day date, weight double precision, extra jsonb, tags text[]);
        INSERT INTO goods VALUES
            (9007199254740993, 1234567890123456.7891, 'é \"x\"', true, '2026-01-02 03:04:05.678901+02', '2026-01-02', 0.1, '{\"a\": [1, null]}', '{a,b}'),
            (2, NULL, '', NULL, NULL, NULL, 'NaN', NULL, NULL)").expect("table");
    let backend = Backend::start().await;
    let address = postgres.address();
    let create = |name: &str, table: &str, password: &str| {
        let settings = database("postgresql", &address, table, password);
        backend.post(
            "/v1beta2/external_tables",
            json!({"name": name, "settings": settings}),
        )
    };
    let field = |answer: super::common::Answer| answer.json()["fields"][0]["field"].clone();
    assert_eq!(
        field(create("g", "goods", "wrong").await.expect(400)),
        "settings.password"
    );
    assert_eq!(
        field(create("g", "nope", PASSWORD).await.expect(400)),
        "settings.table"
    );
    create("g", "goods", PASSWORD).await.expect(201);
    let kept = backend.get("/v1beta2/external_tables/g").await.expect(200);
    assert!(
        !kept.body.contains("river") && kept.body.contains("[HIDDEN]"),
        "{}",
        kept.body
    );

    assert_eq!(
        rows(&backend, "DESCRIBE g").await,
        json!([
            ["id", "int64"],
            ["price", "nullable(decimal(20, 4))"],
            ["name", "string"],
            ["sold", "nullable(bool)"],
            ["at", "nullable(datetime64(6))"],
            ["day", "nullable(date)"],
            ["weight", "nullable(float64)"],
            ["extra", "json"],
            ["tags", "nullable(string)"],
        ])
    );
    let mut events = backend.query("SELECT * FROM g").await;
    let raw = loop {
        let event = events.next().await.expect("rows");
        if event.is_rows() {
            break event.data;
        }
    };
    assert!(
        raw.contains("1234567890123456.7891"),
        "exact on the wire: {raw}"
    );
    let all = rows(
        &backend,
        "SELECT id, name, sold, at, day, weight, extra, tags FROM table(g) ORDER BY id DESC",
    )
    .await;
    assert_eq!(
        all,
        json!([
            [9_007_199_254_740_993_i64, "é \"x\"", true, "2026-01-02T01:04:05.678901Z", "2026-01-02", 0.1, {"a": [1, null]}, "{a,b}"],
            [2, "", null, null, null, "nan", null, null],
        ])
    );
    assert_eq!(
        rows(&backend, "SELECT count() FROM g WHERE sold").await,
        json!([[1]])
    );
    assert_eq!(
        rows(&backend, "SELECT id FROM g LIMIT 1")
            .await
            .as_array()
            .map(Vec::len),
        Some(1)
    );

    // Joined to a followed stream.
    backend.create_stream("s", &[("id", "int64")]).await;
    let mut joined = backend
        .query("SELECT s.id, g.name FROM s JOIN g ON s.id = g.id")
        .await;
    backend
        .ingest("s", r#"["id"]"#, "[[1], [9007199254740993]]")
        .await;
    assert_eq!(
        next_rows(&mut joined, 1).await,
        [json!([9_007_199_254_740_993_i64, "é \"x\""])]
    );

    postgres.run("DROP TABLE goods").expect("drop");
    let gone = backend
        .post("/v1beta2/queries", json!({"sql": "SELECT * FROM g"}))
        .await
        .expect(400);
    assert!(gone.message().contains("goods"), "{}", gone.body);
    backend
        .post("/v1beta2/queries", json!({"sql": "DROP EXTERNAL TABLE g"}))
        .await
        .expect(204);
}

#[tokio::test]
async fn mysql_is_read_with_exact_types() {
    let mariadb = MariaDb::start().expect("mariadb");
    mariadb.run("CREATE TABLE goods (id bigint unsigned, price decimal(20, 4), name text, sold boolean NOT NULL,
            at datetime(3), seen timestamp NULL, day date, weight double, small smallint);
        INSERT INTO goods VALUES (18446744073709551615, 1234567890123456.7891, 'é', true,
            '2026-01-02 03:04:05.678', '2026-01-02 03:04:05', '2026-01-02', 0.1, -5),
            (1, NULL, NULL, false, NULL, NULL, NULL, NULL, NULL)").expect("table");
    let backend = Backend::start().await;
    let settings = database("mysql", &mariadb.address(), "goods", PASSWORD);
    let sql = settings.as_array().expect("list").iter().map(|one| {
        let value = one["value"].as_str().expect("text").replace('\'', "\\'");
        format!("{} = '{value}'", one["key"].as_str().expect("key"))
    });
    let sql = sql.collect::<Vec<_>>().join(", ");
    let sql = format!("CREATE EXTERNAL TABLE g SETTINGS {sql}");
    backend
        .post("/v1beta2/queries", json!({"sql": sql}))
        .await
        .expect(204);
    let mut events = backend
        .query("SELECT id, price FROM g WHERE sold = 1")
        .await;
    let raw = loop {
        let event = events.next().await.expect("rows");
        if event.is_rows() {
            break event.data;
        }
    };
    assert_eq!(raw, "[[18446744073709551615,1234567890123456.7891]]");
    let all = rows(
        &backend,
        "SELECT name, sold, at, seen, day, weight, small FROM g ORDER BY sold DESC",
    )
    .await;
    assert_eq!(
        all,
        json!([
            [
                "é",
                1,
                "2026-01-02T03:04:05.678Z",
                "2026-01-02T03:04:05Z",
                "2026-01-02",
                0.1,
                -5
            ],
            [null, 0, null, null, null, null, null],
        ])
    );
    let wrong =
        json!({"name": "h", "settings": database("mysql", &mariadb.address(), "goods", "wrong")});
    let refused = backend
        .post("/v1beta2/external_tables", wrong)
        .await
        .expect(400)
        .json();
    assert_eq!(
        refused["fields"][0]["field"], "settings.password",
        "{refused}"
    );
    assert_eq!(
        backend
            .get("/v1beta2/external_tables")
            .await
            .expect(200)
            .json()
            .as_array()
            .map(Vec::len),
        Some(1)
    );
}

#[tokio::test]
async fn externals_are_there_after_a_restart() {
    let backend = Backend::start().await;
    let logs = backend.dir.path().join("data/logs");
    std::fs::create_dir_all(&logs).expect("folder");
    std::fs::write(logs.join("a.log"), "{\n  one\n{\n  two\n").expect("log");
    let body = json!({"name": "app", "description": "d", "settings": settings(&[
        ("type", "log"), ("log_files", "a.log"), ("log_dir", logs.to_str().expect("path")),
        ("row_delimiter", r"\{"),
    ])});
    backend
        .post("/v1beta2/external_streams", body)
        .await
        .expect(201);
    let before = backend
        .get("/v1beta2/external_streams")
        .await
        .expect(200)
        .json();
    let backend = backend.restart().await;
    assert_eq!(
        backend
            .get("/v1beta2/external_streams")
            .await
            .expect(200)
            .json(),
        before
    );
    assert_eq!(
        rows(&backend, "SELECT raw FROM table(app)").await,
        json!([["{\n  one"], ["{\n  two"]])
    );
    // Silence ends a row that could go on.
    let mut live = backend.query("SELECT raw FROM app").await;
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(logs.join("a.log"))
        .expect("file");
    file.write_all(b"{\n  three\n").expect("write");
    let next = tokio::time::timeout(Duration::from_secs(30), next_rows(&mut live, 1)).await;
    assert_eq!(next.expect("a row"), [json!(["{\n  three"])]);
}
