//! Statements that are made to exhaust the stack, the time or the memory of whoever reads them.
//! Each is either planned or refused with an error that says the bound, at once and on a small
//! stack.

use std::time::{Duration, Instant};

use weir_engine::{Limits, SqlError, format, parse};

use crate::fixture::Fixture;

/// Generous: other tests run beside it. What grows exponentially never ends at all.
const AT_ONCE: Duration = Duration::from_secs(10);

fn on_small_stack(attack: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(attack)
        .unwrap()
        .join()
        .unwrap();
}

/// Reads, plans and formats.
fn outcome(fixture: &Fixture, sql: &str) -> Result<(), SqlError> {
    let started = Instant::now();
    let result = fixture.plan(sql).map(|_| ());
    let formatted = format(sql);
    let shown: String = sql.chars().take(80).collect();
    assert!(
        started.elapsed() < AT_ONCE,
        "{shown}: {:?}",
        started.elapsed()
    );
    if let Err(error) = &result {
        assert!(error.message.len() < 1000, "{shown}: {error}");
    } else {
        formatted.unwrap();
    }
    result
}

fn refused(fixture: &Fixture, sql: &str, bound: &str) {
    let shown: String = sql.chars().take(80).collect();
    let error = outcome(fixture, sql).expect_err(&shown);
    assert!(error.message.contains(bound), "{shown}: {error}");
}

fn fixture() -> Fixture {
    Fixture::new().stream("s", &["a string", "n int64", "f float64", "w int256"])
}

#[test]
fn what_stands_inside_each_other_is_bounded() {
    on_small_stack(|| {
        let fixture = fixture();
        for (open, core, close) in [
            ("(", "1", ")"),
            ("[", "1", "]"),
            ("array(", "1", ")"),
            ("tuple(", "1", ")"),
            ("concat('a', ", "'b'", ")"),
            ("if(true, 1, ", "1", ")"),
            ("CASE WHEN true THEN ", "1", " END"),
            ("CASE ", "1", " WHEN 1 THEN 1 END"),
            ("NOT ", "true", ""),
            ("- ", "1", ""),
            ("+ ", "1", ""),
            ("-(", "1", ")"),
            ("NOT (", "true", ")"),
            ("(SELECT ", "1", ")"),
            ("EXISTS (SELECT ", "1", ")"),
            ("1 IN (", "1", ")"),
            ("1 IN (SELECT ", "1", ")"),
            ("CAST(", "1", " AS string)"),
            ("TRY_CAST(", "1", " AS string)"),
            ("cast(", "1", ", 'string')"),
            ("position(", "'a'", " IN 'a')"),
            ("extract(", "'a'", ", 'a')"),
            ("trim(", "'a'", ")"),
            ("substring(", "'a'", " FROM 1)"),
            ("coalesce(", "1", ")"),
            ("INTERVAL ", "1", " DAY"),
            ("{'a': ", "1", "}"),
            ("count(", "1", ")"),
            ("x -> ", "1", ""),
            ("", "1", "::string"),
            ("", "1", " IS NULL"),
            ("", "1", " IS NOT NULL"),
            ("", "1", " AT TIME ZONE 'UTC'"),
            ("", "1", " COLLATE x"),
            ("", "1", " + 1"),
            ("", "1", "+1"),
            ("1 - ", "1", ""),
            ("", "true", " AND true"),
            ("", "true", " OR true"),
            ("true AND ", "true", ""),
            ("", "'a'", " || 'a'"),
            ("", "1", " = 1"),
            ("", "'a'", " LIKE 'a'"),
            ("", "1", " BETWEEN 1 AND 2"),
            ("", "1", " IN (1)"),
            ("", "1", " NOT IN (1)"),
            ("", "[1]", "[1]"),
            ("", "s", ".s"),
            ("", "1", " UNION ALL SELECT 1"),
            ("", "1", " EXCEPT SELECT 1"),
            ("", "1", " FROM s JOIN s ON 1"),
            ("", "1 FROM s", ", s"),
            ("", "1 FROM s", " CROSS JOIN s"),
            ("1 FROM (SELECT ", "1", ")"),
            ("1 FROM (", "s", ")"),
            ("1 FROM (", "SELECT 1", ")"),
            ("1 UNION ALL (SELECT ", "1", ")"),
            ("1 FROM table(", "s", ")"),
            ("1 FROM tumble(", "s", ", 5s)"),
        ] {
            for count in [20, 60, 500, 20_000] {
                let sql = format!("SELECT {}{core}{}", open.repeat(count), close.repeat(count));
                let _ = outcome(&fixture, &sql);
                // Neither does one that is cut off.
                let _ = outcome(&fixture, &format!("SELECT {}{core}", open.repeat(count)));
            }
        }
        let bound = format!("{} levels", Limits::default().depth);
        for open in ["(", "[", "concat('a', ", "(SELECT "] {
            refused(&fixture, &format!("SELECT {}", open.repeat(500)), &bound);
        }
        for chain in [
            " + 1",
            " AND 1",
            " OR 1",
            " IS NULL",
            "::string",
            " AT TIME ZONE 'x'",
        ] {
            let sql = format!("SELECT 1{}", chain.repeat(20_000));
            refused(&fixture, &sql, "more than 300 operators");
        }
        let sql = format!("SELECT {}true", "NOT ".repeat(299));
        refused(&fixture, &sql, &bound);
    });
}

#[test]
fn types_in_statements_are_bounded() {
    on_small_stack(|| {
        let fixture = fixture();
        for open in [
            "array(",
            "tuple(",
            "nullable(",
            "map(string, ",
            "tuple(a tuple(",
        ] {
            let close = ")".repeat(open.matches('(').count());
            for depth in [10, 40, 4_000] {
                let name = format!("{}int8{}", open.repeat(depth), close.repeat(depth));
                let _ = outcome(&fixture, &format!("SELECT '[]'::{name}"));
                let _ = outcome(&fixture, &format!("SELECT CAST('[]' AS {name})"));
                let _ = outcome(&fixture, &format!("SELECT cast('[]', '{name}')"));
                let started = Instant::now();
                let _ = parse(&format!("CREATE STREAM x (a {name})"));
                assert!(started.elapsed() < AT_ONCE);
            }
        }
        // Types that no text of a type stands for.
        let mut sql = "SELECT [1] AS a0".to_string();
        for level in 1..60 {
            sql.push_str(&format!(", [a{}] AS a{level}", level - 1));
        }
        refused(&fixture, &sql, "32 levels");
    });
}

#[test]
fn aliases_are_bounded_in_what_they_stand_for() {
    on_small_stack(|| {
        let fixture = fixture();
        let chain = |first: &str, next: &dyn Fn(&str) -> String, count: usize| {
            let mut sql = format!("SELECT {first} AS a0");
            for index in 1..=count {
                let before = format!("a{}", index - 1);
                sql.push_str(&format!(", {} AS a{index}", next(&before)));
            }
            sql
        };
        outcome(&fixture, &chain("1", &|a| format!("{a} + 1"), 100)).unwrap();
        refused(
            &fixture,
            &chain("1", &|a| format!("{a} + 1"), 1_000),
            "500 expressions inside each other",
        );
        refused(
            &fixture,
            &chain("n", &|a| format!("abs({a})"), 2_000).replace("AS a2000", "AS a2000 FROM s"),
            "500 expressions inside each other",
        );
        for next in [
            &(|a: &str| format!("concat({})", [a; 10].join(", "))) as &dyn Fn(&str) -> String,
            &|a| format!("{a} || {a}"),
            &|a| format!("if(length({a}) > 1, {a}, {a})"),
            &|a| format!("CASE {a} WHEN {a} THEN {a} ELSE {a} END"),
            &|a| format!("{a} IN ({a}, {a})"),
            &|a| format!("coalesce(null_if({a}, {a}), {a})"),
        ] {
            let error = outcome(&fixture, &chain("'abc'", next, 40));
            let error = error.expect_err("exponential");
            assert!(
                error.message.contains("bytes") || error.message.contains(" ms"),
                "{error}"
            );
        }
        // Over groups, where each expression is also compared with the keys.
        let grouped = chain("n", &|a| format!("{a} + {a}"), 40);
        let sql = format!("{grouped} FROM table(s) GROUP BY n");
        assert!(outcome(&fixture, &sql).is_err());
    });
}

#[test]
fn with_and_views_are_bounded_in_what_they_stand_for() {
    on_small_stack(|| {
        let with = |next: &dyn Fn(usize) -> String, count: usize| {
            let mut sql = "WITH c0 AS (SELECT 1 AS x)".to_string();
            for index in 1..=count {
                sql.push_str(&format!(", c{index} AS ({})", next(index - 1)));
            }
            format!("{sql} SELECT * FROM c{count}")
        };
        let fixture = fixture();
        let one = |before| format!("SELECT x FROM c{before}");
        outcome(&fixture, &with(&one, 20)).unwrap();
        refused(&fixture, &with(&one, 1_000), "24 queries inside each other");
        let two = |before| format!("SELECT l.x FROM c{before} AS l CROSS JOIN c{before} AS r");
        refused(&fixture, &with(&two, 20), "too large");
        let again = |before| format!("SELECT x, (SELECT x FROM c{before}) AS y FROM c{before}");
        refused(&fixture, &with(&again, 10), "too large");
        let list = vec!["1"; 20_000].join(", ");
        let wide = |before: usize| match before {
            0 => format!("SELECT x FROM c0 WHERE x IN ({list})"),
            _ => format!("SELECT l.x FROM c{before} AS l CROSS JOIN c{before} AS r"),
        };
        let error = outcome(&fixture, &with(&wide, 9)).expect_err("exponential");
        assert!(
            ["bytes", " ms", "too large"]
                .iter()
                .any(|part| error.message.contains(part)),
            "{error}"
        );

        let mut fixture = fixture.view_of("v0", "SELECT n FROM s");
        for index in 1..40 {
            let before = format!("v{}", index - 1);
            let text =
                format!("SELECT l.n FROM table({before}) AS l CROSS JOIN table({before}) AS r");
            fixture = fixture.view_of(&format!("v{index}"), &text);
        }
        assert!(outcome(&fixture, "SELECT * FROM v39").is_err());
        let fixture = fixture.view_of("itself", "SELECT * FROM itself");
        refused(
            &fixture,
            "SELECT * FROM itself",
            "perhaps a view reads itself",
        );
    });
}

#[test]
fn long_lists_take_linear_time() {
    on_small_stack(|| {
        let fixture = fixture();
        let numbers: Vec<String> = (0..90_000).map(|n| n.to_string()).collect();
        let numbers = numbers.join(",");
        let some: Vec<String> = (0..20_000).map(|n| format!("{n}.5")).collect();
        let texts: Vec<String> = (0..20_000).map(|n| format!("'ä{n}'")).collect();
        for list in [
            format!("n IN ({numbers})"),
            format!("n NOT IN ({numbers})"),
            format!("a IN ({})", texts.join(", ")),
            format!("f IN ({})", some.join(", ")),
            // Each item is a call here, of which a statement has 10,000 at most.
            format!("w IN ({})", some[..9_000].join(", ").replace(".5", "")),
            format!("n + f IN (1, NULL, {})", some.join(", ")),
        ] {
            outcome(&fixture, &format!("SELECT a FROM s WHERE {list}")).unwrap();
            let both = format!("SELECT count() FROM table(s) WHERE {list} GROUP BY a");
            outcome(&fixture, &both).unwrap();
        }
        let many = vec!["1"; 100_001].join(",");
        refused(
            &fixture,
            &format!("SELECT 1 IN ({many})"),
            "more than 100000 items",
        );
        refused(
            &fixture,
            &format!("SELECT [{many}]"),
            "more than 100000 items",
        );
        let columns = vec!["1"; 3_000].join(", ");
        refused(&fixture, &format!("SELECT {columns}"), "2000 columns");
        let joins = " CROSS JOIN s".repeat(100);
        refused(
            &fixture,
            &format!("SELECT 1 FROM table(s){}", joins.replace('s', "table(s)")),
            "64",
        );
        refused(
            &fixture,
            &format!("SELECT '{}'", "x".repeat(2 << 20)),
            "more than 1048576",
        );
        let name = "x".repeat(500_000);
        assert!(outcome(&fixture, &format!("SELECT {name} FROM s")).is_err());
        assert!(outcome(&fixture, &format!("SELECT {name}(1)")).is_err());
        outcome(&fixture, &format!("SELECT '{}' AS x", "ä".repeat(400_000))).unwrap();
        let comments = "/* x */ ".repeat(100_000);
        outcome(&fixture, &format!("SELECT 1 {comments}")).unwrap();
    });
}

#[test]
fn lists_find_what_they_found_before() {
    let fixture = fixture();
    fixture.insert("s", r#"["a", 1, 0.5, "7", 0]"#);
    fixture.insert("s", r#"["b", 2, 1.0, "123456789012345678901234567890", 0]"#);
    for (test, found) in [
        ("n IN (2, 3)", "b"),
        ("n IN (1.0, 5)", "a"),
        ("f IN (1, 2)", "b"),
        ("f IN (0.5, NULL)", "a"),
        ("w IN (7, 8)", "a"),
        ("w IN ('123456789012345678901234567890')", "b"),
        ("a IN ('a', 'c')", "a"),
        ("n NOT IN (1, 5)", "b"),
        ("w NOT IN (7)", "b"),
    ] {
        let sql = format!("SELECT a FROM table(s) WHERE {test}");
        assert_eq!(fixture.rows(&sql), [format!("[\"{found}\"]")], "{test}");
    }
    // NULL in a list is no value that anything could be.
    assert_eq!(
        fixture.rows("SELECT a FROM table(s) WHERE n NOT IN (5, NULL)"),
        fixture.rows("SELECT a FROM table(s) WHERE n NOT IN (5)")
    );
}

#[test]
fn json_is_bounded_in_depth() {
    on_small_stack(|| {
        let json = weir_api::DataType::Json;
        for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
            for depth in [200, 100_000] {
                let text = format!("{}1{}", open.repeat(depth), close.repeat(depth));
                let error = weir_engine::codec::decode(&text, &json).expect_err("too deep");
                assert!(error.contains("more than 100 levels"), "{error}");
            }
            let text = format!("{}1{}", open.repeat(90), close.repeat(90));
            weir_engine::codec::decode(&text, &json).unwrap();
        }
        // Brackets in texts do not count.
        weir_engine::codec::decode(&format!("[\"{}\"]", "[".repeat(1000)), &json).unwrap();
    });
}

/// SQLite puts a subquery's expressions where they are referred to: seven levels of ten references
/// would be ten million expressions.
#[test]
fn subqueries_do_not_multiply_inside_sqlite() {
    let fixture = Fixture::new().stream("s", &["a string"]);
    fixture.insert("s", r#"["x", 0]"#);
    let ten = ["x"; 10].join(", ");
    let mut sql = "WITH c0 AS (SELECT a AS x FROM table(s))".to_string();
    for index in 1..=7 {
        let before = index - 1;
        sql.push_str(&format!(
            ", c{index} AS (SELECT concat({ten}) AS x FROM c{before} WHERE x <> '')"
        ));
    }
    let started = Instant::now();
    assert_eq!(
        fixture.rows(&format!("{sql} SELECT length(x) FROM c7")),
        ["[10000000]"]
    );
    assert_eq!(
        fixture.rows(&format!("{sql} SELECT length(max(x)) FROM c4")),
        ["[10000]"]
    );
    assert!(started.elapsed() < AT_ONCE, "{:?}", started.elapsed());
}
