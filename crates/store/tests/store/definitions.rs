use weir_api::timeplus::stream::{ColumnFamily, Mode, SecondaryIndex, StreamDef, UpdateStream};
use weir_store::{Store, StoreError};

use crate::common::{append, column, create, definition, number, open, owner, rows};
use weir_api::timeplus::ingest::Format;

async fn refused(store: &Store, definition: StreamDef) -> (String, String) {
    match store.create_stream(definition, owner()).await {
        Err(StoreError::Invalid { field, message }) => (field, message),
        other => panic!("{other:?}"),
    }
}

fn with(change: impl FnOnce(&mut StreamDef)) -> StreamDef {
    let mut definition = definition("s", &[("a", "int32"), ("b", "string")]);
    change(&mut definition);
    definition
}

fn mutable(change: impl FnOnce(&mut StreamDef)) -> StreamDef {
    with(|d| {
        d.engine = Some("MutableStream".into());
        d.primary_key = Some("a".into());
        change(d);
    })
}

fn index(name: &str, columns: &[&str], unique: bool) -> SecondaryIndex {
    SecondaryIndex {
        name: name.into(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
        storing: Vec::new(),
        unique,
    }
}

fn family(name: &str, columns: &[&str]) -> ColumnFamily {
    ColumnFamily {
        name: name.into(),
        columns: columns.iter().map(|c| (*c).to_owned()).collect(),
    }
}

#[tokio::test]
async fn every_field_is_checked_and_named() {
    let (_dir, store) = open();
    let long = "x".repeat(65);
    let cases: Vec<(StreamDef, &str, &str)> = vec![
        (with(|d| d.name = "1a".into()), "name", "'1a' is not a name"),
        (with(|d| d.name = "a-b".into()), "name", "not a name"),
        (with(|d| d.name = long), "name", "64"),
        (with(|d| d.name = String::new()), "name", "not a name"),
        (with(|d| d.columns.clear()), "columns", "at least one"),
        (
            with(|d| d.columns = vec![column("_tp_time", "datetime64(3)")]),
            "columns",
            "at least one",
        ),
        (
            with(|d| d.columns[1].name = "a".into()),
            "columns[1].name",
            "twice",
        ),
        (
            with(|d| d.columns[1].name = "A".into()),
            "columns[1].name",
            "only in case",
        ),
        (
            with(|d| d.columns[1].name = "_seq".into()),
            "columns[1].name",
            "reserved",
        ),
        (
            with(|d| d.columns[1].name = "_tp_other".into()),
            "columns[1].name",
            "reserved",
        ),
        (
            with(|d| d.columns[1].name = "a\"b".into()),
            "columns[1].name",
            "without quotes",
        ),
        (
            with(|d| d.columns[1].name = "b\u{200b}".into()),
            "columns[1].name",
            "(U+200B)",
        ),
        (
            with(|d| d.columns[1].name = "b\u{a0}c".into()),
            "columns[1].name",
            "(U+00A0)",
        ),
        (
            with(|d| d.columns[1].data_type = "datetime64(3, 'Nowhere/X')".into()),
            "columns[1].type",
            "'Nowhere/X' is not a time zone",
        ),
        (
            with(|d| d.columns[1].name = " ".into()),
            "columns[1].name",
            "needs a name",
        ),
        (
            with(|d| d.columns[1].data_type = "strin".into()),
            "columns[1].type",
            "'strin'",
        ),
        (
            with(|d| d.columns.push(column("_tp_time", "string"))),
            "columns[2].type",
            "datetime64(3)",
        ),
        (
            with(|d| d.columns[0].ttl_expression = Some("x".into())),
            "columns[0].ttl_expression",
            "not supported",
        ),
        (with(|d| d.engine = Some("Log".into())), "engine", "'Log'"),
        (
            with(|d| d.engine = Some("MutableStream".into())),
            "primary_key",
            "needs one",
        ),
        (
            with(|d| d.mode = Some(Mode::VersionedKv)),
            "primary_key",
            "versioned_kv",
        ),
        (
            with(|d| d.primary_key = Some("nope".into())),
            "primary_key",
            "'nope' is not a column",
        ),
        (
            with(|d| d.primary_key = Some("(a, a)".into())),
            "primary_key",
            "twice",
        ),
        (
            mutable(|d| d.mode = Some(Mode::Changelog)),
            "mode",
            "has no mode",
        ),
        (
            with(|d| d.column_families = vec![family("f", &["b"])]),
            "column_families",
            "only a MutableStream",
        ),
        (
            mutable(|d| d.column_families = vec![family("f", &["a"])]),
            "column_families[0].columns",
            "primary key",
        ),
        (
            mutable(|d| d.column_families = vec![family("f", &["c"])]),
            "column_families[0].columns",
            "'c' is not a column",
        ),
        (
            mutable(|d| d.column_families = vec![family("f", &["b"]), family("g", &["b"])]),
            "column_families[1].columns",
            "more than one",
        ),
        (
            with(|d| d.secondary_indexes = vec![index("i", &["c"], false)]),
            "secondary_indexes[0].columns",
            "'c'",
        ),
        (
            with(|d| d.secondary_indexes = vec![index("i", &[], false)]),
            "secondary_indexes[0].columns",
            "at least one",
        ),
        (
            with(|d| d.secondary_indexes = vec![index("", &["a"], false)]),
            "secondary_indexes[0].name",
            "needed",
        ),
        (
            with(|d| d.secondary_indexes = vec![index("i", &["a"], true)]),
            "secondary_indexes[0].unique",
            "MutableStream",
        ),
        (
            with(|d| d.event_time_timezone = Some("Mars/Base".into())),
            "event_time_timezone",
            "UTC",
        ),
        (with(|d| d.shards = Some(0)), "shards", "1 to 64"),
        (
            with(|d| d.replication_factor = Some(4)),
            "replication_factor",
            "1 to 3",
        ),
    ];
    for (definition, expected, words) in cases {
        let (field, message) = refused(&store, definition).await;
        assert_eq!(field, expected, "{message}");
        assert!(message.contains(words), "{field}: {message}");
    }
    assert!(store.streams().is_empty());
}

#[tokio::test]
async fn expressions_are_checked() {
    let (_dir, store) = open();
    for (definition, expected, words) in [
        (
            with(|d| d.columns[1].default = Some("nope + 1".into())),
            "columns[1].default",
            "nope",
        ),
        (
            with(|d| d.columns[0].default = Some("b".into())),
            "columns[0].default",
            "b",
        ),
        (
            with(|d| d.event_time_column = Some("b".into())),
            "event_time_column",
            "not a time",
        ),
        (
            with(|d| d.event_time_column = Some("nope".into())),
            "event_time_column",
            "nope",
        ),
        (
            with(|d| d.ttl_expression = Some("a".into())),
            "ttl_expression",
            "not a time",
        ),
        (
            with(|d| d.ttl_expression = Some("now()".into())),
            "ttl_expression",
            "columns",
        ),
        (
            with(|d| d.ttl_expression = Some("to_datetime(_tp_time) +".into())),
            "ttl_expression",
            "",
        ),
    ] {
        let (field, message) = refused(&store, definition).await;
        assert_eq!(field, expected, "{message}");
        assert!(message.contains(words), "{field}: {message}");
    }
    assert!(store.streams().is_empty());
}

#[tokio::test]
async fn defaults_are_filled_in_and_survive_a_restart() {
    let (dir, store) = open();
    create(&store, with(|d| d.description = Some("first".into()))).await;
    drop(store);
    let store = Store::open(dir.path()).expect("store");
    let stream = store.stream("s").expect("stream");
    assert_eq!(stream.engine, "Stream");
    assert_eq!(stream.mode, Mode::Append);
    assert_eq!(stream.description, "first");
    assert_eq!(stream.logstore_retention_bytes, 10 << 30);
    assert_eq!(stream.logstore_retention_ms, 7 * 86_400_000);
    let columns: Vec<_> = stream
        .columns
        .iter()
        .map(|c| (&*c.name, &*c.data_type))
        .collect();
    assert_eq!(
        columns,
        [
            ("a", "int32"),
            ("b", "string"),
            ("_tp_time", "datetime64(3)")
        ]
    );
    let created = stream.created_at.as_deref().expect("time");
    assert_eq!((created.len(), &created[10..11]), (19, " "), "{created}");
    assert_eq!(stream.created_by, Some(owner()));
}

#[tokio::test]
async fn names_are_unique_and_free_again_after_deletion() {
    let (_dir, store) = open();
    create(&store, with(|_| {})).await;
    let again = store.create_stream(with(|_| {}), owner()).await;
    assert_eq!(again.expect_err("exists").to_string(), "stream 's' exists");
    append(
        &store,
        "s",
        Format::Compact,
        r#"{"columns":["a"],"data":[[1]]}"#,
    )
    .await;
    let old = store.catalog().stream("s").expect("stream");
    let late =
        weir_store::ingest::parse(&old, Format::Compact, br#"{"columns":["a"],"data":[[2]]}"#);

    let mut head = store.watch("s").expect("watch");
    store.delete_stream("s").await.expect("deleted");
    head.mark_unchanged();
    assert!(head.changed().await.is_err(), "closed");
    let gone = store.delete_stream("s").await.expect_err("gone");
    assert_eq!(gone.to_string(), "stream 's' does not exist");

    create(&store, definition("s", &[("z", "string")])).await;
    let refused = store.append("s", late.expect("rows")).await;
    assert!(
        matches!(refused, Err(StoreError::NotFound(_))),
        "{refused:?}"
    );
    assert_eq!(number(&store, "s", "count(*)"), 0);
}

#[tokio::test]
async fn changes_keep_what_they_do_not_name() {
    let (dir, store) = open();
    create(&store, with(|d| d.logstore_retention_ms = Some(5))).await;
    let change = UpdateStream {
        description: Some("new".into()),
        logstore_retention_bytes: Some(-1),
        ..UpdateStream::default()
    };
    let other = weir_api::Owner {
        id: "2".into(),
        name: "other".into(),
    };
    store
        .update_stream("s", change, other.clone())
        .await
        .expect("changed");
    drop(store);
    let store = Store::open(dir.path()).expect("store");
    let stream = store.stream("s").expect("stream");
    assert_eq!(stream.description, "new");
    assert_eq!(stream.logstore_retention_bytes, -1);
    assert_eq!(stream.logstore_retention_ms, 5);
    assert_eq!(stream.created_by, Some(owner()));
    assert_eq!(stream.last_updated_by, Some(other));
    let missing = store
        .update_stream("x", UpdateStream::default(), owner())
        .await;
    assert!(matches!(missing, Err(StoreError::NotFound(_))));
}

#[tokio::test]
async fn a_keyed_stream_holds_the_latest_row_of_each_key() {
    let (dir, store) = open();
    let modes = [
        with(|d| {
            d.name = "kv".into();
            d.mode = Some(Mode::ChangelogKv);
            d.primary_key = Some("a".into());
        }),
        with(|d| {
            d.name = "versioned".into();
            d.mode = Some(Mode::VersionedKv);
            d.primary_key = Some("(`a`)".into());
        }),
        mutable(|d| d.name = "mutable".into()),
    ];
    for definition in modes {
        let name = definition.name.clone();
        create(&store, definition).await;
        let body = r#"{"columns":["b","a"],"data":[["x",1],["y",2],["z",1]]}"#;
        assert_eq!(append(&store, &name, Format::Compact, body).await, 3);
        append(
            &store,
            &name,
            Format::Compact,
            r#"{"columns":["a","b"],"data":[[2,"w"]]}"#,
        )
        .await;
        assert_eq!(
            rows(&store, &name, &["a", "b"]),
            [r#"[1,"z"]"#, r#"[2,"w"]"#]
        );
        assert_eq!(
            number(&store, &name, "max(_seq)"),
            4,
            "each change is a new _seq"
        );
        let stats = store.stats(&name, None).expect("stats");
        assert_eq!(stats.row_count, 2);
        assert_eq!(
            stats.historical_data_bytes,
            number(&store, &name, "sum(_size)")
        );
    }
    let before: Vec<_> = store
        .streams()
        .iter()
        .map(|s| {
            store
                .stats(&s.name, None)
                .expect("stats")
                .historical_data_bytes
        })
        .collect();
    drop(store);
    let store = Store::open(dir.path()).expect("store");
    for (stream, bytes) in store.streams().iter().zip(before) {
        let stats = store.stats(&stream.name, None).expect("stats");
        assert_eq!((stats.row_count, stats.historical_data_bytes), (2, bytes));
    }
}

#[tokio::test]
async fn a_unique_index_refuses_the_whole_request() {
    let (_dir, store) = open();
    create(
        &store,
        mutable(|d| d.secondary_indexes = vec![index("by b", &["b"], true)]),
    )
    .await;
    append(
        &store,
        "s",
        Format::Compact,
        r#"{"columns":["a","b"],"data":[[1,"x"]]}"#,
    )
    .await;
    let info = store.catalog().stream("s").expect("stream");
    let body = br#"{"columns":["a","b"],"data":[[2,"y"],[3,"x"]]}"#;
    let rows_given = weir_store::ingest::parse(&info, Format::Compact, body).expect("rows");
    let error = store.append("s", rows_given).await.expect_err("not unique");
    assert_eq!(
        error.to_string(),
        "data[1]: another row has the same value of b, which is unique"
    );
    assert_eq!(rows(&store, "s", &["a", "b"]), [r#"[1,"x"]"#]);
    // The same key may keep its value.
    append(
        &store,
        "s",
        Format::Compact,
        r#"{"columns":["a","b"],"data":[[1,"x"]]}"#,
    )
    .await;
    assert_eq!(store.stats("s", None).expect("stats").row_count, 1);
}

#[tokio::test]
async fn secondary_indexes_are_used() {
    let (_dir, store) = open();
    create(
        &store,
        with(|d| d.secondary_indexes = vec![index("by_b", &["b"], false)]),
    )
    .await;
    let table = store.catalog().stream("s").expect("stream").table;
    let plan: String = store
        .reader()
        .expect("reader")
        .query_row(
            &format!("EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE b = 'x'"),
            [],
            |row| row.get(3),
        )
        .expect("plan");
    assert!(plan.contains("by_b"), "{plan}");
}
