//! What is refused, in which words, and where.

use weir_engine::{Position, parse};

use crate::fixture::Fixture;

fn fixture() -> Fixture {
    Fixture::new()
        .stream(
            "orders",
            &["id int32", "customer string", "amount decimal(10, 2)"],
        )
        .view_of("broken", "SELECT nothing FROM orders")
        .view_of("loop", "SELECT * FROM loop")
}

/// Message part, line and column.
fn refused(sql: &str, part: &str, line: u64, column: u64) {
    let error = fixture().error(sql);
    assert!(error.message.contains(part), "{sql}: {error}");
    assert_eq!(
        error.position,
        Some(Position { line, column }),
        "{sql}: {error}"
    );
}

#[test]
fn unknown_names_are_named_with_a_close_one() {
    refused(
        "SELECT custmer FROM orders",
        "unknown column 'custmer' (did you mean 'customer'?)",
        1,
        8,
    );
    refused(
        "SELECT id\nFROM order",
        "unknown stream or view 'order' (did you mean 'orders'?)",
        2,
        6,
    );
    refused(
        "SELECT o.idd FROM orders AS o",
        "unknown column 'o.idd' (did you mean 'id'?)",
        1,
        10,
    );
    refused(
        "SELECT\n  cuont(id) FROM orders",
        "unknown function 'cuont' (did you mean 'count'?)",
        2,
        3,
    );
    refused("SELECT zzzzz FROM orders", "unknown column 'zzzzz'", 1, 8);
    refused(
        "SELECT id FROM table(nowhere)",
        "unknown stream or view 'nowhere'",
        1,
        22,
    );
    refused("DESCRIBE ordrs", "did you mean 'orders'", 1, 10);
    refused("SELECT ID FROM orders", "did you mean 'id'", 1, 8);
}

#[test]
fn what_a_followed_stream_cannot_do_is_told() {
    refused(
        "SELECT * FROM orders JOIN orders AS b ON orders.id = b.id",
        "wrap 'orders' in table(…)",
        1,
        27,
    );
    refused(
        "SELECT id FROM orders ORDER BY id",
        "ORDER BY over a followed stream",
        1,
        32,
    );
    refused(
        "SELECT DISTINCT id FROM orders",
        "DISTINCT over a followed stream",
        1,
        1,
    );
    refused(
        "SELECT id FROM (SELECT id FROM orders LIMIT 5)",
        "LIMIT in a subquery",
        1,
        45,
    );
    refused(
        "SELECT sum(c) FROM (SELECT count() AS c FROM orders GROUP BY id)",
        "aggregation over an aggregation",
        1,
        1,
    );
    refused(
        "SELECT id FROM orders UNION ALL SELECT 1",
        "UNION over a followed stream",
        1,
        33,
    );
    refused(
        "SELECT 1 WHERE 1 IN (SELECT id FROM orders)",
        "table(…)",
        1,
        22,
    );
    refused(
        "SELECT 1 FROM table(orders) AS t LEFT JOIN orders AS o ON o.id = t.id",
        "LEFT JOIN cannot follow",
        1,
        44,
    );
    refused(
        "SELECT count() FROM orders EMIT AFTER WATERMARK",
        "window_start or window_end",
        1,
        28,
    );
    refused(
        "SELECT count() FROM table(orders) EMIT PERIODIC 5s",
        "follow a stream",
        1,
        35,
    );
    refused(
        "SELECT id FROM orders EMIT PERIODIC 5s",
        "EMIT is for aggregations",
        1,
        23,
    );
    refused(
        "SELECT count() FROM tumble(orders, 5s) GROUP BY window_end EMIT PERIODIC 5s",
        "not supported with windows",
        1,
        60,
    );
    refused("SELECT id FROM orders LIMIT 5 OFFSET 3", "OFFSET", 1, 29);
}

#[test]
fn what_is_outside_the_subset_is_named() {
    refused(
        "SELECT sum(id) OVER () FROM orders",
        "OVER is not supported",
        1,
        8,
    );
    refused(
        "SELECT id FROM session(orders, 5s)",
        "'session()' in FROM",
        1,
        16,
    );
    refused(
        "SELECT id FROM orders EMIT CHANGELOG",
        "EMIT CHANGELOG",
        1,
        28,
    );
    refused(
        "SELECT id FROM orders SETTINGS max_threads = 4",
        "setting 'max_threads'",
        1,
        32,
    );
    refused(
        "SELECT id FROM (SELECT id FROM orders EMIT PERIODIC 1s)",
        "EMIT inside a subquery",
        1,
        39,
    );
    refused("SELECT id FROM orders LIMIT 1 BY id", "LIMIT BY", 1, 34);
    refused(
        "SELECT 1 INTERSECT SELECT 1",
        "INTERSECT is not supported",
        1,
        1,
    );
    refused(
        "WITH RECURSIVE a AS (SELECT 1) SELECT * FROM a",
        "WITH RECURSIVE",
        1,
        1,
    );
    refused("UPDATE orders", "'UPDATE' is not supported", 1, 1);
    refused(
        "CREATE EXTERNAL STREAM x (a int8)",
        "SETTINGS type = '…' is needed",
        1,
        33,
    );
    refused("CREATE RANDOM STREAM x (a int8)", "CREATE RANDOM", 1, 8);
}

#[test]
fn types_are_checked_before_a_row_is_read() {
    refused(
        "SELECT customer + 1 FROM orders",
        "+ cannot be applied to string and uint8",
        1,
        8,
    );
    refused(
        "SELECT 1 FROM orders WHERE customer",
        "a condition is a bool, not string",
        1,
        28,
    );
    refused(
        "SELECT 1 FROM orders WHERE id = 'x'",
        "'x' is not a valid int32",
        1,
        28,
    );
    refused(
        "SELECT 1 FROM orders WHERE customer = 5",
        "cannot be compared",
        1,
        28,
    );
    refused(
        "SELECT 1 FROM orders WHERE _tp_time > 'yesterday'",
        "'yesterday' is not a valid datetime64(3)",
        1,
        28,
    );
    refused(
        "SELECT sum(customer) FROM orders",
        "sum: takes a number, not string",
        1,
        8,
    );
    refused(
        "SELECT lower() FROM orders",
        "lower takes 1 arguments, not 0",
        1,
        8,
    );
    refused(
        "SELECT id::strin FROM orders",
        "'strin' is not a known type",
        1,
        8,
    );
    refused("SELECT 5s", "an interval", 1, 8);
    refused("SELECT [1, 'a']", "no type in common", 1, 9);
    refused(
        "SELECT quantile(id, 2) FROM orders",
        "a number from 0 to 1",
        1,
        8,
    );
}

#[test]
fn aggregates_stand_where_they_can() {
    refused(
        "SELECT id, count() FROM orders GROUP BY customer",
        "column 'id' is neither in GROUP BY",
        1,
        8,
    );
    refused(
        "SELECT 1 FROM orders WHERE count() > 1",
        "cannot stand in WHERE",
        1,
        28,
    );
    refused(
        "SELECT sum(count()) FROM orders",
        "cannot stand in WHERE, GROUP BY, ON or another aggregate",
        1,
        12,
    );
    refused(
        "SELECT * FROM orders GROUP BY id",
        "* cannot be selected from groups",
        1,
        8,
    );
    refused(
        "SELECT id FROM orders HAVING id > 1",
        "HAVING takes GROUP BY",
        1,
        30,
    );
    refused(
        "SELECT id FROM orders GROUP BY 7",
        "position 7 is not in the select list",
        1,
        32,
    );
}

#[test]
fn windows_are_checked() {
    refused("SELECT 1 FROM tumble(orders)", "tumble takes", 1, 15);
    refused(
        "SELECT 1 FROM tumble(orders, customer, 5s)",
        "a time, not string",
        1,
        30,
    );
    refused("SELECT 1 FROM tumble(orders, 1M)", "no fixed length", 1, 30);
    refused("SELECT 1 FROM hop(orders, 5s, 1s)", "hop's length", 1, 15);
    refused("SELECT tumble(1)", "stands in FROM", 1, 8);
}

#[test]
fn views_that_cannot_be_read_are_errors() {
    refused(
        "SELECT * FROM broken",
        "in view 'broken': unknown column 'nothing'",
        1,
        15,
    );
    let error = fixture().error("SELECT * FROM loop");
    assert!(error.message.contains("reads itself"), "{error}");
}

#[test]
fn syntax_errors_have_a_place() {
    for (sql, line, column) in [
        ("SELECT", 1, 1),
        ("SELECT (1", 1, 9),
        ("SELECT 1\nFROM", 2, 1),
        ("SELECT 'a", 1, 8),
        ("SELECT 1 1", 1, 10),
        ("SELECT 5x", 1, 8),
        ("SELECT 1; SELECT 2", 1, 9),
        ("SELECT \u{e9}\u{e9} ,, b", 1, 12),
        ("SELECT id FROM orders SETTINGS seek_to = 5", 1, 42),
    ] {
        let error = parse(sql).expect_err(sql);
        assert_eq!(
            error.position,
            Some(Position { line, column }),
            "{sql}: {error}"
        );
    }
    assert!(parse("").is_err());
    assert_eq!(
        parse("SELECT 1 1")
            .unwrap_err()
            .to_string()
            .split(" at ")
            .last(),
        Some("line 1, column 10")
    );
}

#[test]
fn deep_statements_are_refused_not_run_out_of_stack() {
    let chain = format!("SELECT {}1", "1+".repeat(50_000));
    assert!(parse(&chain).unwrap_err().message.contains("operators"));
    let nested = format!("SELECT {}1{}", "(".repeat(5_000), ")".repeat(5_000));
    assert!(parse(&nested).is_err());
    let unions = "SELECT 1 UNION ALL ".repeat(20_000) + "SELECT 1";
    assert!(parse(&unions).is_err());
    let list = format!("SELECT 1 IN ({}1)", "1, ".repeat(5_000));
    assert!(parse(&list).is_ok());
    let most = format!("SELECT {}1", "1+".repeat(290));
    assert_eq!(fixture().rows(&most).len(), 1);
}

const WORDS: &[&str] = &[
    "SELECT",
    "FROM",
    "WHERE",
    "GROUP BY",
    "HAVING",
    "ORDER BY",
    "LIMIT",
    "UNION ALL",
    "WITH",
    "AS",
    "JOIN",
    "ON",
    "orders",
    "table(orders)",
    "tumble(orders, 5s)",
    "hop(orders, 1s, 3s)",
    "id",
    "customer",
    "amount",
    "_tp_time",
    "window_start",
    "*",
    ",",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ".",
    "::",
    "+",
    "-",
    "/",
    "%",
    "||",
    "=",
    "<",
    "AND",
    "NOT",
    "IN",
    "IS NULL",
    "BETWEEN",
    "LIKE",
    "CASE",
    "WHEN",
    "THEN",
    "END",
    "CAST",
    "int8",
    "decimal(10, 2)",
    "1",
    "1.5",
    "18446744073709551616",
    "'x'",
    "'2024-01-01'",
    "NULL",
    "true",
    "5s",
    "9223372036854775807M",
    "INTERVAL",
    "DAY",
    "count",
    "sum",
    "quantile",
    "lower",
    "date_add",
    "to_start_of_interval",
    "now()",
    "EMIT",
    "PERIODIC",
    "AFTER WATERMARK",
    "SETTINGS",
    "seek_to",
    "CREATE",
    "STREAM",
    "VIEW",
    "INSERT INTO",
    "VALUES",
    "DROP",
    "ALTER",
    "MODIFY",
    "TTL",
    "\"",
    "`",
    "'",
    "--",
    "/*",
    ";",
    "é",
];

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_makes_it_panic(
        words in proptest::collection::vec(proptest::sample::select(WORDS), 0..24),
        select in proptest::bool::ANY,
    ) {
        let f = fixture();
        f.insert("orders", r#"[1,"a","1.50",0]"#);
        let sql = format!("{}{}", if select { "SELECT " } else { "" }, words.join(" "));
        let _ = weir_engine::format(&sql);
        let _ = weir_engine::analyze(&sql, &f);
        if let Ok(plan) = parse(&sql).and_then(|statement| match statement {
            weir_engine::Statement::Select(select) => weir_engine::plan(&select, &f, 0),
            _ => Err(weir_engine::SqlError { message: String::new(), position: None }),
        }) {
            let go = &mut |_: &[rusqlite::types::ValueRef<'_>]| std::ops::ControlFlow::Continue(());
            let mut runner = weir_engine::Runner::new(plan, &f.conn, 0).unwrap();
            // Errors of SQLite itself would be errors of the compiled text.
            if let Err(error) = runner.step(&f.conn, 5000, 10, go) {
                proptest::prop_assert!(!error.message.contains("syntax error"), "{}: {}", sql, error);
                proptest::prop_assert!(!error.message.contains("no such"), "{}: {}", sql, error);
            }
        }
    }
}
