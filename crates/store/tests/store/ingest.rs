use weir_api::timeplus::{ingest::Format, stream::Mode};
use weir_store::{
    Store,
    ingest::{RowErrors, parse, values},
};

use crate::common::{append, create, definition, number, open, rows};

fn errors(store: &Store, stream: &str, format: Format, body: &str) -> RowErrors {
    let info = store.catalog().stream(stream).expect("stream");
    parse(&info, format, body.as_bytes()).expect_err(body)
}

/// Name, type and a value in wire encoding.
const EVERY_TYPE: &[(&str, &str, &str)] = &[
    ("u64", "uint64", "18446744073709551615"),
    ("i64", "int64", "-9223372036854775808"),
    (
        "i128",
        "int128",
        "\"-170141183460469231731687303715884105728\"",
    ),
    (
        "u256",
        "uint256",
        "\"115792089237316195423570985008687907853269984665640564039457584007913129639935\"",
    ),
    (
        "dec",
        "decimal(38, 9)",
        "-12345678901234567890123456789.123456789",
    ),
    ("nan", "float64", "\"nan\""),
    ("inf", "float64", "\"-inf\""),
    ("f32", "float32", "0.1"),
    ("flag", "bool", "true"),
    ("text", "string", "\"ä\\r\\n\\\"\\u0000\u{1F600}\""),
    ("day", "date", "\"2023-02-01\""),
    ("at", "datetime", "\"2023-02-01T01:02:03Z\""),
    (
        "fine",
        "datetime64(9)",
        "\"2023-02-01T01:02:03.123456789Z\"",
    ),
    ("list", "array(uint64)", "[18446744073709551615,1]"),
    ("doc", "json", "{\"a\":[1,{\"b\":null}]}"),
    ("docs", "array(json)", "[{\"a\":\"it's\"},\"x\",1]"),
    (
        "table",
        "map(string, array(uint64))",
        "{\"it's\":[18446744073709551615],\"b\":[]}",
    ),
    (
        "byid",
        "map(uint32, nullable(string))",
        "{\"7\":null,\"8\":\"\\\\\"}",
    ),
    (
        "pair",
        "tuple(int8, array(tuple(string, float64)))",
        "[-1,[[\"x\",1.5]]]",
    ),
    ("kind", "enum8('a' = 1, 'b' = 2)", "\"b\""),
    ("id", "uuid", "\"00000000-0000-0000-0000-000000000001\""),
    ("ip4", "ipv4", "\"127.0.0.1\""),
    ("ip6", "ipv6", "\"::1\""),
    ("fixed", "fixed_string(3)", "\"abc\""),
    ("low", "low_cardinality(string)", "\"l\""),
    ("word", "json", "\"true\""),
    ("none", "nullable(int32)", "null"),
    ("_tp_time", "datetime64(3)", "\"2023-02-01T01:02:03.456Z\""),
];

#[tokio::test]
async fn values_of_every_type_read_back_exactly() {
    let (dir, store) = open();
    let columns = EVERY_TYPE;
    let names: Vec<&str> = columns.iter().map(|(name, ..)| *name).collect();
    let types: Vec<(&str, &str)> = columns.iter().map(|(name, t, _)| (*name, *t)).collect();
    let cells: Vec<&str> = columns.iter().map(|(.., json)| *json).collect();
    create(&store, definition("s", &types)).await;

    let row = format!("[{}]", cells.join(","));
    let header = serde_json::to_string(&names).expect("JSON");
    append(
        &store,
        "s",
        Format::Compact,
        &format!("{{\"data\":[{row}],\"columns\":{header}}}"),
    )
    .await;
    let object: Vec<String> = names
        .iter()
        .zip(&cells)
        .map(|(n, c)| format!("\"{n}\": {c}"))
        .collect();
    append(
        &store,
        "s",
        Format::Streaming,
        &format!("{{{}}}", object.join(", ")),
    )
    .await;
    drop(store);
    let store = Store::open(dir.path()).expect("store");
    assert_eq!(rows(&store, "s", &names), [row.clone(), row]);
}

/// What the console copies as `INSERT` can be run again.
#[tokio::test]
async fn rows_copied_as_insert_are_the_same_rows_again() {
    let (_dir, store) = open();
    let types: Vec<(&str, &str)> = EVERY_TYPE.iter().map(|(name, t, _)| (*name, *t)).collect();
    let names: Vec<&str> = types.iter().map(|(name, _)| *name).collect();
    create(&store, definition("s", &types)).await;
    let header: Vec<_> = types
        .iter()
        .map(|(name, data_type)| weir_api::Column {
            name: (*name).into(),
            data_type: (*data_type).into(),
        })
        .collect();
    let cells: Vec<&str> = EVERY_TYPE.iter().map(|(.., json)| *json).collect();
    let row = format!("[{}]", cells.join(","));
    let columns = weir_live::RingColumn::from_header(&header);
    let mut ring = weir_live::Ring::new(columns, weir_live::Limits::default());
    ring.push(format!("[{row}]").as_bytes()).expect("rows");
    let all: Vec<usize> = (0..names.len()).collect();
    let mut sql = String::new();
    weir_live::export::write_insert(&ring, "s", &all, 0..1, &mut sql);
    let Ok(weir_engine::Statement::Insert(insert)) = weir_engine::parse(&sql) else {
        panic!("{sql}");
    };
    let info = store.catalog().stream("s").expect("stream");
    let given = weir_engine::insert_rows(&insert).expect("values");
    let parsed = values(&info, &insert.columns, &given)
        .unwrap_or_else(|errors| panic!("{errors:?} in {sql}"));
    store.append("s", parsed).await.expect("rows");
    assert_eq!(rows(&store, "s", &names), [row]);
}

#[tokio::test]
async fn wide_numbers_sort_by_value() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("n", "uint64"), ("w", "int256")])).await;
    let body = r#"{"columns":["n","w"],"data":[[18446744073709551615,"-10"],[5,"9"],[9223372036854775807,"100"]]}"#;
    append(&store, "s", Format::Compact, body).await;
    let table = store.catalog().stream("s").expect("stream").table;
    let conn = store.reader().expect("reader");
    for (column, expected) in [("n", "2,3,1"), ("w", "1,2,3")] {
        let sql =
            format!("SELECT group_concat(_seq) FROM (SELECT _seq FROM {table} ORDER BY {column})");
        let order: String = conn.query_row(&sql, [], |row| row.get(0)).expect("order");
        assert_eq!(order, expected, "{column}");
    }
}

#[tokio::test]
async fn streaming_takes_lines_and_concatenated_objects() {
    let (_dir, store) = open();
    create(
        &store,
        definition(
            "s",
            &[("a", "int32"), ("b", "nullable(string)"), ("c", "string")],
        ),
    )
    .await;
    let body =
        "{\"b\":\"x\",\"a\":1,\"ignored\":{}}\n\n{\"a\":2}{\"a\":3,\"b\":null,\"c\":null}\r\n{}";
    assert_eq!(append(&store, "s", Format::Streaming, body).await, 4);
    assert_eq!(
        rows(&store, "s", &["a", "b", "c"]),
        [
            r#"[1,"x",""]"#,
            r#"[2,null,""]"#,
            r#"[3,null,""]"#,
            r#"[0,null,""]"#
        ]
    );
    let sizes = number(&store, "s", "sum(_size)");
    assert_eq!(sizes, 28 + 7 + 25 + 2);
}

#[tokio::test]
async fn text_goes_into_streams_of_one_string_column() {
    let (_dir, store) = open();
    create(&store, definition("logs", &[("raw", "string")])).await;
    assert_eq!(append(&store, "logs", Format::Raw, "a\nb\n").await, 1);
    assert_eq!(
        append(&store, "logs", Format::Lines, "c\r\n\nd \"q\"\n").await,
        2
    );
    assert_eq!(
        rows(&store, "logs", &["raw"]),
        [r#"["a\nb\n"]"#, r#"["c"]"#, r#"["d \"q\""]"#]
    );
    create(
        &store,
        definition("two", &[("a", "string"), ("b", "string")]),
    )
    .await;
    create(&store, definition("one", &[("a", "int8")])).await;
    for stream in ["two", "one"] {
        for format in [Format::Raw, Format::Lines] {
            let error = errors(&store, stream, format, "x").to_string();
            assert!(
                error.contains("exactly one column, of type string"),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn nothing_is_stored_unless_every_row_is_right() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("a", "int8"), ("b", "string")])).await;
    let mut data = vec!["[1,\"x\"]".to_owned()];
    data.extend((0..30).map(|n| format!("[{},\"x\"]", 300 + n)));
    data.push("[1]".to_owned());
    data.push("{}".to_owned());
    let body = format!(r#"{{"columns":["a","b"],"data":[{}]}}"#, data.join(","));
    let found = errors(&store, "s", Format::Compact, &body);
    assert_eq!((found.rows.len(), found.total), (20, 32));
    assert_eq!(found.rows[0].row, 1);
    assert_eq!(found.rows[0].column.as_deref(), Some("a"));
    assert_eq!(found.rows[0].message, "300 does not fit int8");
    assert_eq!(
        found.to_string(),
        "row 1, column 'a': 300 does not fit int8 (and 31 more rows with errors)"
    );

    let found = errors(
        &store,
        "s",
        Format::Streaming,
        "{\"a\":1}\n[1]\n{\"a\":\"x\"}",
    );
    assert_eq!(found.total, 2);
    assert_eq!(found.rows[0].to_string(), "row 1: a row is a JSON object");
    assert_eq!(
        found.rows[1].to_string(),
        "row 2, column 'a': 'x' is not a valid int8"
    );
    assert_eq!(number(&store, "s", "count(*)"), 0);
}

#[tokio::test]
async fn unreadable_bodies_say_why() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("a", "int8"), ("b", "string")])).await;
    for (format, body, words) in [
        (Format::Compact, "", "the body is not"),
        (Format::Compact, "[1]", "the body is not"),
        (
            Format::Compact,
            r#"{"columns":["a"]}"#,
            "missing field `data`",
        ),
        (
            Format::Compact,
            r#"{"columns":["a"],"data":5}"#,
            "an array of rows",
        ),
        (
            Format::Compact,
            r#"{"columns":["a"],"data":[[1],]}"#,
            "line 1 column",
        ),
        (
            Format::Compact,
            r#"{"columns":["z"],"data":[]}"#,
            "stream 's' has no column 'z'",
        ),
        (
            Format::Compact,
            r#"{"columns":["a","a"],"data":[]}"#,
            "'a' is given twice",
        ),
        (
            Format::Compact,
            r#"{"columns":["_seq"],"data":[]}"#,
            "no column '_seq'",
        ),
        (
            Format::Compact,
            r#"{"columns":["a"],"data":[[1,2]]}"#,
            "row 0: 2 values for 1 columns",
        ),
        (Format::Streaming, "{\"a\":1}\n{\"a\":", "row 1 is not JSON"),
        (Format::Streaming, "{\"a\":1}\nfalsch", "row 1 is not JSON"),
    ] {
        let error = errors(&store, "s", format, body).to_string();
        assert!(error.contains(words), "{body}: {error}");
    }
    let info = store.catalog().stream("s").expect("stream");
    let error = parse(&info, Format::Raw, b"ab\xff").expect_err("not UTF-8");
    assert_eq!(error.to_string(), "the body is not UTF-8 at byte 2");
}

#[tokio::test]
async fn small_bodies_do_not_fill_memory() {
    let (_dir, store) = open();
    let names: Vec<String> = (0..1000).map(|n| format!("c{n}")).collect();
    let columns: Vec<(&str, &str)> = names.iter().map(|name| (&**name, "int8")).collect();
    create(&store, definition("s", &columns)).await;
    let error = errors(&store, "s", Format::Streaming, &"{}".repeat(300_000));
    assert!(error.to_string().contains("smaller parts"), "{error}");
}

#[tokio::test]
async fn times_are_given_or_now() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("a", "int8")])).await;
    let before = now_ms();
    append(
        &store,
        "s",
        Format::Streaming,
        r#"{"a":1}{"a":2,"_tp_time":"2023-02-01 01:02:03.456"}"#,
    )
    .await;
    let given = rows(&store, "s", &["_tp_time"]);
    assert_eq!(given[1], r#"["2023-02-01T01:02:03.456Z"]"#);
    let now = number(&store, "s", "max(_tp_time)");
    assert!((before..=now_ms()).contains(&now), "{now}");
}

fn now_ms() -> i64 {
    let elapsed = std::time::UNIX_EPOCH.elapsed().expect("clock");
    i64::try_from(elapsed.as_millis()).expect("time")
}

#[tokio::test]
async fn a_changelog_row_adds_unless_it_says_otherwise() {
    let (_dir, store) = open();
    let mut changelog = definition("s", &[("a", "int8")]);
    changelog.mode = Some(Mode::Changelog);
    create(&store, changelog).await;
    append(
        &store,
        "s",
        Format::Streaming,
        r#"{"a":1}{"a":1,"_tp_delta":-1}"#,
    )
    .await;
    assert_eq!(rows(&store, "s", &["a", "_tp_delta"]), ["[1,1]", "[1,-1]"]);
}

#[tokio::test]
async fn defaults_are_expressions_over_the_columns_before() {
    let (_dir, store) = open();
    let mut with_defaults = definition(
        "s",
        &[
            ("a", "int32"),
            ("b", "int64"),
            ("c", "string"),
            ("day", "datetime"),
        ],
    );
    with_defaults.columns[1].default = Some("a * 2".into());
    with_defaults.columns[2].default = Some("'it''s'".into());
    with_defaults.event_time_column = Some("day".into());
    create(&store, with_defaults).await;
    let body = r#"{"a":5,"day":1675213323}{"a":1,"b":7,"c":"given","_tp_time":0}{"a":3,"b":null}"#;
    append(&store, "s", Format::Streaming, body).await;
    append(
        &store,
        "s",
        Format::Compact,
        r#"{"columns":["a"],"data":[[9]]}"#,
    )
    .await;
    assert_eq!(
        rows(&store, "s", &["a", "b", "c", "_tp_time"]),
        [
            r#"[5,10,"it's","2023-02-01T01:02:03.000Z"]"#,
            r#"[1,7,"given","1970-01-01T00:00:00.000Z"]"#,
            r#"[3,6,"it's","1970-01-01T00:00:00.000Z"]"#,
            r#"[9,18,"it's","1970-01-01T00:00:00.000Z"]"#,
        ]
    );
}

#[tokio::test]
async fn an_event_time_that_is_computed_is_of_a_year_that_can_be_written() {
    let (_dir, store) = open();
    let mut computed = definition("s", &[("ms", "int64")]);
    computed.event_time_column = Some("from_unix_timestamp64_milli(ms)".into());
    create(&store, computed).await;
    append(
        &store,
        "s",
        Format::Streaming,
        r#"{"ms":-62167219200000}{"ms":253402300799999}"#,
    )
    .await;
    assert_eq!(
        rows(&store, "s", &["_tp_time"]),
        [
            r#"["0000-01-01T00:00:00.000Z"]"#,
            r#"["9999-12-31T23:59:59.999Z"]"#
        ]
    );
    let info = store.catalog().stream("s").expect("stream");
    for ms in [i64::MAX, i64::MIN, 253_402_300_800_000, -62_167_219_200_001] {
        let body = format!(r#"{{"ms":{ms}}}"#);
        let row = parse(&info, Format::Streaming, body.as_bytes()).expect("a row");
        let refused = store.append("s", row).await.expect_err(&body).to_string();
        assert!(
            refused.contains("outside the years 0000 to 9999"),
            "{refused}"
        );
    }
}

#[tokio::test]
async fn defaults_can_build_on_each_other_and_on_the_time() {
    let (_dir, store) = open();
    let mut chained = definition(
        "s",
        &[
            ("a", "int64"),
            ("b", "int64"),
            ("c", "int64"),
            ("at", "datetime64(3)"),
            ("id", "uint64"),
        ],
    );
    chained.columns[1].default = Some("a + 1".into());
    chained.columns[2].default = Some("b * 10".into());
    chained.columns[3].default = Some("now64(3)".into());
    chained.columns[4].default = Some("18446744073709551615".into());
    create(&store, chained).await;
    let before = now_ms();
    append(&store, "s", Format::Streaming, r#"{"a":1}{"a":1,"b":5}"#).await;
    assert_eq!(
        rows(&store, "s", &["b", "c", "id"]),
        ["[2,20,18446744073709551615]", "[5,50,18446744073709551615]"]
    );
    let at = number(&store, "s", "min(at)");
    assert!(
        (before..=now_ms()).contains(&at),
        "the time of the row, not of the stream"
    );
}

#[tokio::test]
async fn many_columns_can_have_defaults() {
    let (_dir, store) = open();
    let names: Vec<String> = (0..500).map(|n| format!("c{n}")).collect();
    let columns: Vec<(&str, &str)> = names.iter().map(|name| (&**name, "int64")).collect();
    let mut wide = definition("s", &columns);
    for (index, column) in wide.columns.iter_mut().enumerate().skip(1) {
        column.default = Some(format!("c0 + {index}"));
    }
    create(&store, wide).await;
    append(&store, "s", Format::Streaming, r#"{"c0":1000}"#).await;
    assert_eq!(rows(&store, "s", &["c1", "c499"]), ["[1001,1499]"]);
}

#[tokio::test]
async fn insert_statements_take_the_same_path() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("a", "int8"), ("b", "string")])).await;
    let info = store.catalog().stream("s").expect("stream");
    let row = |cells: &[&str]| cells.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
    let all = values(&info, &[], &[row(&["1", "\"x\""]), row(&["2", "\"y\""])]).expect("rows");
    assert_eq!(store.append("s", all).await.expect("appended"), 2);
    let some = values(&info, &["b".into()], &[row(&["\"z\""])]).expect("rows");
    store.append("s", some).await.expect("appended");
    assert_eq!(
        rows(&store, "s", &["a", "b"]),
        [r#"[1,"x"]"#, r#"[2,"y"]"#, r#"[0,"z"]"#]
    );
    let wrong = values(&info, &[], &[row(&["1"])]).expect_err("too few");
    assert_eq!(wrong.to_string(), "row 0: 1 values for 3 columns");
}

#[tokio::test]
async fn a_request_larger_than_the_queue_is_still_stored() {
    let (_dir, store) = open();
    create(&store, definition("logs", &[("raw", "string")])).await;
    let body = "x".repeat(70 << 20);
    let (large, small) = tokio::join!(
        append(&store, "logs", Format::Raw, &body),
        append(&store, "logs", Format::Raw, "y"),
    );
    assert_eq!((large, small), (1, 1));
    assert_eq!(number(&store, "logs", "sum(length(raw))"), (70 << 20) + 1);
}
