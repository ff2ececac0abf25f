//! Statements that change something.

use weir_api::timeplus::stream::{Mode, UpdateStream};
use weir_engine::{Control, Ddl, Statement, insert_rows, parse};

fn ddl(sql: &str) -> Ddl {
    match parse(sql) {
        Ok(Statement::Ddl(ddl, _)) => *ddl,
        other => panic!("{sql}: {other:?}"),
    }
}

fn refused(sql: &str, part: &str) {
    let error = parse(sql).expect_err(sql);
    assert!(
        error.message.contains(part) && error.position.is_some(),
        "{sql}: {error}"
    );
}

#[test]
fn create_stream() {
    let sql = "CREATE STREAM IF NOT EXISTS `my stream` (
        id int64 DEFAULT 1 + 1 CODEC(ZSTD(3)),
        name low_cardinality(string),
        price DECIMAL(10,2) NULL,
        tags array(map(string, int8)) DEFAULT []
    ) PRIMARY KEY (id, name) TTL to_datetime(_tp_time) + INTERVAL 7 DAY
    SETTINGS mode='versioned_kv', shards=2, logstore_retention_ms=-1, event_time_column='to_time(name)'
    COMMENT 'what it is';";
    let Ddl::CreateStream {
        definition,
        if_not_exists,
    } = ddl(sql)
    else {
        panic!("not a stream");
    };
    assert!(if_not_exists);
    assert_eq!(definition.name, "my stream");
    let types: Vec<_> = definition
        .columns
        .iter()
        .map(|c| c.data_type.as_str())
        .collect();
    assert_eq!(
        types,
        [
            "int64",
            "low_cardinality(string)",
            "nullable(decimal(10, 2))",
            "array(map(string, int8))"
        ]
    );
    assert_eq!(definition.columns[0].default.as_deref(), Some("1 + 1"));
    assert_eq!(
        definition.columns[0].codec.as_deref(),
        Some("CODEC(ZSTD(3))")
    );
    assert_eq!(definition.columns[3].default.as_deref(), Some("[]"));
    assert_eq!(definition.primary_key.as_deref(), Some("id, name"));
    assert_eq!(
        definition.ttl_expression.as_deref(),
        Some("to_datetime(_tp_time) + INTERVAL 7 DAY")
    );
    assert_eq!(definition.mode, Some(Mode::VersionedKv));
    assert_eq!(
        (definition.shards, definition.logstore_retention_ms),
        (Some(2), Some(-1))
    );
    assert_eq!(
        definition.event_time_column.as_deref(),
        Some("to_time(name)")
    );
    assert_eq!(definition.description.as_deref(), Some("what it is"));
}

#[test]
fn create_mutable_stream() {
    let sql = "CREATE MUTABLE STREAM m (a int32, b string, family string, FAMILY f (b), \
               UNIQUE INDEX i (b) STORING (a)) PRIMARY KEY a";
    let Ddl::CreateStream { definition, .. } = ddl(sql) else {
        panic!("not a stream");
    };
    assert_eq!(definition.engine.as_deref(), Some("MutableStream"));
    assert_eq!(definition.columns.len(), 3);
    assert_eq!(definition.column_families[0].columns, ["b"]);
    assert!(definition.secondary_indexes[0].unique);
    assert_eq!(definition.secondary_indexes[0].storing, ["a"]);
}

#[test]
fn definitions_are_checked() {
    refused("CREATE STREAM s (a strin)", "'strin' is not a known type");
    refused(
        "CREATE STREAM s (a int8 DEFAULT 1 +)",
        "expected an expression",
    );
    refused(
        "CREATE STREAM s (a int8) SETTINGS mode='x'",
        "'x' is not a mode",
    );
    refused(
        "CREATE STREAM s (a int8) SETTINGS speed=1",
        "setting 'speed'",
    );
    refused("CREATE STREAM s (a int8) ENGINE = Kafka", "engine 'Kafka'");
    refused(
        "CREATE STREAM s (a int8) SETTINGS mode='versioned_kv'",
        "PRIMARY KEY",
    );
    refused("CREATE MUTABLE STREAM s (a int8)", "PRIMARY KEY");
    refused("CREATE STREAM s a int8", "expected (");
    refused("CREATE STREAM s (a int8) nonsense", "expected ENGINE");
    refused("CREATE TABLE s (a int8)", "CREATE TABLE");
}

#[test]
fn alter_and_drop() {
    let change = UpdateStream {
        logstore_retention_bytes: Some(7),
        logstore_retention_ms: Some(5),
        ttl_expression: Some("_tp_time + 5d".into()),
        description: Some("x".into()),
    };
    assert_eq!(
        ddl(
            "ALTER STREAM s MODIFY SETTING logstore_retention_ms = 5, logstore_retention_bytes = 7, \
             MODIFY TTL _tp_time + 5d, MODIFY COMMENT 'x'"
        ),
        Ddl::AlterStream {
            name: "s".into(),
            change
        }
    );
    assert_eq!(
        ddl("DROP STREAM IF EXISTS s"),
        Ddl::DropStream {
            name: "s".into(),
            if_exists: true
        }
    );
    assert_eq!(
        ddl("drop view v"),
        Ddl::DropView {
            name: "v".into(),
            if_exists: false
        }
    );
    let no_ttl = UpdateStream {
        ttl_expression: Some(String::new()),
        logstore_retention_ms: Some(5),
        ..UpdateStream::default()
    };
    assert_eq!(
        ddl("ALTER STREAM s MODIFY SETTING logstore_retention_ms = 5, REMOVE TTL"),
        Ddl::AlterStream {
            name: "s".into(),
            change: no_ttl
        }
    );
    refused("ALTER STREAM s ADD a int8", "expected");
    refused(
        "ALTER STREAM s MODIFY SETTING shards = 3",
        "setting 'shards'",
    );
}

#[test]
fn views() {
    assert_eq!(
        ddl("CREATE OR REPLACE VIEW v AS\nSELECT 1 -- one\n"),
        Ddl::CreateView {
            name: "v".into(),
            query: "SELECT 1".into(),
            description: None,
            if_not_exists: false,
            or_replace: true
        }
    );
    assert_eq!(
        ddl(
            "CREATE MATERIALIZED VIEW IF NOT EXISTS mv INTO t AS SELECT count() FROM s EMIT PERIODIC 5s"
        ),
        Ddl::CreateMaterializedView {
            name: "mv".into(),
            target: Some("t".into()),
            query: "SELECT count() FROM s EMIT PERIODIC 5s".into(),
            description: None,
            keep: Default::default(),
            if_not_exists: true
        }
    );
    assert_eq!(
        ddl(
            "CREATE MATERIALIZED VIEW mv AS SELECT a FROM s SETTINGS seek_to = '-1h' COMMENT 'it''s'"
        ),
        Ddl::CreateMaterializedView {
            name: "mv".into(),
            target: None,
            query: "SELECT a FROM s SETTINGS seek_to = '-1h'".into(),
            description: Some("it's".into()),
            keep: Default::default(),
            if_not_exists: false
        }
    );
    assert_eq!(
        ddl("ALTER VIEW mv MODIFY COMMENT 'c';"),
        Ddl::AlterView {
            name: "mv".into(),
            description: "c".into()
        }
    );
    for (sql, control) in [
        ("SYSTEM PAUSE MATERIALIZED VIEW mv", Control::Pause),
        ("system unpause materialized view `mv`", Control::Resume),
        ("SYSTEM RECOVER MATERIALIZED VIEW mv", Control::Recover),
    ] {
        let name = "mv".to_string();
        assert_eq!(ddl(sql), Ddl::ControlMaterializedView { name, control });
    }
    assert_eq!(
        ddl("ALTER VIEW mv MODIFY QUERY SELECT a FROM s"),
        Ddl::AlterViewQuery {
            name: "mv".into(),
            query: "SELECT a FROM s".into()
        }
    );
    refused("ALTER VIEW mv MODIFY QUERY", "expected a SELECT");
    refused(
        "ALTER VIEW mv RENAME TO w",
        "MODIFY COMMENT and MODIFY QUERY",
    );
    refused("SYSTEM PAUSE VIEW mv", "expected MATERIALIZED");
    refused("CREATE VIEW v AS COMMENT 'c'", "expected");
    refused("CREATE VIEW v AS", "expected a SELECT");
    refused("CREATE VIEW v AS SELECT", "expected an expression");
}

#[test]
fn insert_values() {
    let Ok(Statement::Insert(insert)) = parse(
        r"INSERT INTO s (a, b) VALUES (1, 'x\'y'), (-2.50, [1, 2]), (null, {'k': 1}), (18446744073709551615, to_date('2024-01-01') + 1)",
    ) else {
        panic!("not an insert");
    };
    let rows = [
        ["1", r#""x'y""#],
        ["-2.50", "[1,2]"],
        ["null", r#"{"k":1}"#],
        ["18446744073709551615", r#""2024-01-02""#],
    ];
    assert_eq!(insert.stream, "s");
    assert_eq!(insert.columns, ["a", "b"]);
    assert_eq!(insert_rows(&insert).unwrap(), rows);
    refused("INSERT INTO s (a, b) VALUES (1)", "1 values, not 2");
    let Ok(Statement::Insert(insert)) = parse("INSERT INTO s VALUES (1, x)") else {
        panic!("not an insert");
    };
    let error = insert_rows(&insert).expect_err("no column");
    assert!(error.message.contains("unknown column 'x'"), "{error}");
    assert!(error.position.is_some());
}
