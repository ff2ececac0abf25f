//! Text that is no statement.
use weir_engine::{Position, parse};

use super::fixture;

#[test]
fn syntax_errors_have_a_place() {
    for (sql, line, column) in [
        ("SELECT", 1, 1),
        ("SELECT (1", 1, 8),
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
