//! Tables of PostgreSQL and MySQL.

use serde_json::{Value, json};
use weir_services::{DATABASE, MariaDb, PASSWORD, Postgres, USER};

use super::{super::common::Backend, next_rows, rows, settings};

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
    let field = |answer: super::super::common::Answer| answer.json()["fields"][0]["field"].clone();
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

/// With the right authority it works; without it, or in clear, the password does not leave.
async fn only_with_its_authority(kind: &str, address: &str, authority: &str) {
    let backend = Backend::start().await;
    let create = async |name: &str, secure: &str, authority: &str, check: &str| {
        let mut settings = database(kind, address, "goods", PASSWORD);
        let more = super::settings(&[
            ("secure", secure),
            ("ssl_ca_pem", authority),
            ("skip_ssl_cert_check", check),
        ]);
        let all = settings.as_array_mut().expect("settings");
        all.extend(more.as_array().expect("settings").iter().cloned());
        let body = json!({"name": name, "settings": settings});
        backend.post("/v1beta2/external_tables", body).await
    };
    create("right", "true", authority, "false")
        .await
        .expect(201);
    assert_eq!(rows(&backend, "SELECT id FROM right").await, json!([[7]]));
    let unknown = create("unknown", "true", "", "false").await.expect(400);
    assert!(
        unknown.message().to_lowercase().contains("certificate"),
        "{}",
        unknown.body
    );
    create("clear", "false", "", "false").await.expect(400);
    create("wrong", "true", "no PEM", "false").await.expect(400);
    create("unchecked", "true", "", "true").await.expect(201);
}

#[tokio::test]
async fn postgresql_is_spoken_to_with_tls_and_its_certificate_is_checked() {
    let postgres = Postgres::start_with_tls().expect("postgres");
    let table = "CREATE TABLE goods (id bigint PRIMARY KEY); INSERT INTO goods VALUES (7)";
    postgres.run(table).expect("table");
    only_with_its_authority("postgresql", &postgres.address(), &postgres.authority).await;
}

#[tokio::test]
async fn mysql_is_spoken_to_with_tls_and_its_certificate_is_checked() {
    let mariadb = MariaDb::start_with_tls().expect("mariadb");
    let table = "CREATE TABLE goods (id bigint PRIMARY KEY); INSERT INTO goods VALUES (7)";
    mariadb.run(table).expect("table");
    only_with_its_authority("mysql", &mariadb.address(), &mariadb.authority).await;
}
