//! Statements that are planned at once and then cost much: before their first row, or in one call of
//! a function.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use weir_engine::{Runner, SqlError};

use crate::fixture::{Fixture, NOW};

/// Generous: other tests run beside it.
const AT_ONCE: Duration = Duration::from_secs(10);

fn run(fixture: &Fixture, sql: &str) -> Result<(), SqlError> {
    let mut runner = Runner::new(fixture.plan(sql)?, &fixture.conn, NOW)?;
    let (conn, all) = (&fixture.conn, u32::MAX);
    runner.step(conn, NOW, all, &mut |_| ControlFlow::Continue(()))?;
    Ok(())
}

/// Nobody can stop a call meanwhile: each ends soon, with a result or with words.
#[test]
fn one_call_of_a_function_ends_soon() {
    let fixture = Fixture::new();
    let numbers = "range(0, 300000)";
    let map = "map_from_arrays(range(0, 100000), range(0, 100000))";
    for expression in [
        "match(repeat('a', 16000000), '(a{0,90}){0,90}b')",
        "match(repeat('ab', 8000000), '((a|b|ab){0,50}){0,9}q')",
        "length(extract_all(repeat('a', 16000000), '(a?){0,100}b'))",
        "length(extract_all_groups(repeat('a', 1000000), '(a?){0,100}b'))",
        "length(extract_all_groups_horizontal(repeat('a', 1000000), '(a?){0,100}b'))",
        "extract(repeat('a', 16000000), '(a{0,90}){0,90}b')",
        "regexp_extract(repeat('a', 16000000), '(a{0,90}){0,90}b')",
        "count_matches(repeat('a', 16000000), '(a{0,90}){0,90}b')",
        "count_matches_case_insensitive(repeat('a', 16000000), '(a{0,90}){0,90}b')",
        "length(replace_regex(repeat('a', 16000000), '(a{0,90}){0,90}b', 'c'))",
        "length(split_by_regexp('(a{0,90}){0,90}b', repeat('a', 16000000)))",
        "multi_match_any(repeat('a', 16000000), ['(a{0,90}){0,90}b', '(a{0,90}){0,90}c'])",
        "grok(repeat('a ', 8000000), '%{GREEDYDATA:a} %{GREEDYDATA:b} %{NUMBER:c}')",
        &format!("has_all({numbers}, {numbers})"),
        &format!("has_any({numbers}, range(300000, 600000))"),
        &format!("length(array_intersect({numbers}, range(150000, 450000)))"),
        &format!("length(array_except({numbers}, range(150000, 450000)))"),
        &format!("length(map_keys(map_add({map}, {map})))"),
        &format!("length(map_keys(map_concat({map}, {map})))"),
        "to_float64(repeat('9', 16000000))",
        "to_datetime(repeat('9', 16000000))",
        "to_int256(repeat('9', 16000000))",
        "to_decimal256(repeat('9', 1000000), 10)",
        "parse_datetime_or_null(repeat('1', 8000000), repeat('%Y', 4000000))",
        "has_token(repeat('a ', 1000000), repeat('x', 10000000))",
        &format!("length(array_string_concat({numbers}, repeat('x', 10000000)))"),
        "length(array_resize(['a'], 1000000, repeat('x', 10000000)))",
        "length(array_resize(['a'], -1000000, repeat('x', 10000000)))",
        &format!(
            "length(array_shift_left(array_map(n -> '', {numbers}), 300000, repeat('x', 10000000)))"
        ),
        &format!(
            "length(array_shift_right(array_map(n -> '', {numbers}), 300000, repeat('x', 10000000)))"
        ),
        "length(translate(repeat('a', 8000000), concat(repeat('b', 8000000), 'a'), repeat('c', 8000001)))",
        "length(trim(repeat('a', 8000000), concat(repeat('b', 8000000), 'a')))",
        "length(trim_left(repeat('a', 8000000), concat(repeat('b', 8000000), 'a')))",
        "length(trim_right(repeat('a', 8000000), concat(repeat('b', 8000000), 'a')))",
        "length(map_keys(extract_key_value_pairs(repeat('a', 16000000), repeat('a', 8000000))))",
        "length(map_keys(extract_key_value_pairs(repeat('a', 16000000), ':', repeat('x', 8000000))))",
        &format!(
            "length(concat_ws(repeat('x', 16000000), {}))",
            ["'a'"; 90].join(", ")
        ),
    ] {
        let started = Instant::now();
        let sql = format!("SELECT {expression} AS x");
        if let Err(error) = run(&fixture, &sql) {
            assert!(error.message.len() < 10_000, "{expression}");
        }
        let took = started.elapsed();
        assert!(took < AT_ONCE, "{expression}: {took:?}");
    }
}

#[test]
fn what_is_searched_in_sets_is_found_as_before() {
    let fixture = Fixture::new();
    for (expression, value) in [
        ("has_all([1, 2, 2], [2, 1])", "true"),
        ("has_all([1.0, 2.5], [1])", "true"),
        ("has_all([1], [])", "true"),
        ("has_any([1, 2], [3, 2])", "true"),
        ("has_any([1], [])", "false"),
        ("has_substr([1, 2, 3], [2, 3])", "true"),
        ("has_substr([1, 2, 3], [3, 2])", "false"),
        ("has_substr([1], [1, 2])", "false"),
        ("array_intersect([1, 2, 2, 3], [2, 3, 4])", "[2,3]"),
        ("array_except([1, 2, 2, 3], [2])", "[1,3]"),
        ("map_add({'b': 1, 'a': 2}, {'b': 3})", r#"{"a":2,"b":4}"#),
        ("map_concat({'b': 1, 'a': 2}, {'b': 3})", r#"{"b":3,"a":2}"#),
        ("count_matches('aXbx', 'x')", "1"),
        ("count_matches_case_insensitive('aXbx', 'x')", "2"),
        ("extract_all('a1b2', '([a-z])[0-9]')", r#"["a","b"]"#),
        (
            "replace_regex('a1b2', '([0-9])', '<\\\\1>')",
            r#""a<1>b<2>""#,
        ),
    ] {
        assert_eq!(fixture.value(expression).0, value, "{expression}");
    }
}

/// What a lambda gives for each element is one value, and bounded as one: gathered without a bound
/// it was ten gigabytes.
#[test]
fn no_lambda_makes_an_array_larger_than_a_value() {
    let fixture = Fixture::new();
    for array in [
        "array_map(x -> repeat('x', 100000), range(0, 100000))",
        "array_map(x -> array_map(y -> repeat('x', 10000), range(0, 100)), range(0, 100000))",
        "array_sort(x -> repeat('x', 100000), range(0, 100000))",
        "array_filter(x -> repeat('x', 100000) = '', range(0, 100000))",
        "array_map((x, y) -> concat(repeat(x, 1000), repeat(y, 100000)), \
         array_map(x -> 'x', range(0, 100000)), array_map(x -> 'y', range(0, 100000)))",
    ] {
        let started = Instant::now();
        let ran = run(&fixture, &format!("SELECT length({array})"));
        assert!(started.elapsed() < AT_ONCE, "{array}");
        // A filter makes an array of answers, each of which is short.
        if !array.contains("filter") {
            let error = ran.expect_err(array);
            assert!(
                error.message.contains("longer than 32 MiB"),
                "{array}: {error}"
            );
        }
    }
    let sql = "SELECT length(array_map(x -> repeat('x', 100), range(0, 100000)))";
    run(&fixture, sql).unwrap();
}

/// SQLite compares each expression over constants with all others when it prepares a statement, and
/// nothing interrupts that.
/// Each is short to write and takes kilobytes once it is read.
#[test]
fn a_statement_has_only_so_many_constructs() {
    let fixture = Fixture::new().stream("s", &["a string", "n int64"]);
    let many = |piece: &str| vec![piece; 30_000].join(", ");
    for sql in [
        format!("SELECT {}", many("if(1,2,3)")),
        format!("SELECT {} FROM table(s)", many("a[1]")),
        format!("SELECT a{} FROM table(s)", ".a".repeat(200_000)),
        format!("SELECT a{} FROM table(s)", "[1]".repeat(200_000)),
        format!("WITH {} SELECT 1", many("x AS (SELECT 1)")),
        format!("SELECT ({})", many("(SELECT 1)")),
    ] {
        let started = Instant::now();
        let refused = run(&fixture, &sql).expect_err(&sql[..60]);
        let words = refused.message;
        assert!(words.contains("calls and queries"), "{sql:.60}: {words}");
        assert!(started.elapsed() < Duration::from_secs(2), "{sql:.60}");
    }
    // Rows and lists are less.
    let rows = vec!["(1, [1, 2], (3, 4))"; 15_000].join(", ");
    assert!(weir_engine::parse(&format!("INSERT INTO s VALUES {rows}")).is_ok());
}

#[test]
fn a_statement_computes_only_so_many_constants() {
    let fixture = Fixture::new().stream("s", &["a string", "n int64"]);
    let list = |count: usize, item: &dyn Fn(usize) -> String| {
        let items: Vec<String> = (0..count).map(item).collect();
        items.join(", ")
    };
    let pairs = |n: usize| format!("({n}, '{n}')");
    let calls = |n: usize| format!("abs({n})");
    let columns = |n: usize| {
        format!(
            "concat(a, {}) AS c{n}",
            list(20, &|m| format!("to_string({n}{m})"))
        )
    };
    for sql in [
        format!(
            "SELECT a FROM table(s) WHERE (n, a) IN ({})",
            list(12_000, &pairs)
        ),
        format!(
            "SELECT a FROM table(s) WHERE n IN ({})",
            list(12_000, &calls)
        ),
        format!(
            "SELECT a FROM table(s) WHERE n NOT IN ({})",
            list(12_000, &calls)
        ),
        format!("SELECT {} FROM table(s)", list(600, &columns)),
        format!("SELECT n FROM s WHERE n IN ({})", list(12_000, &calls)),
    ] {
        let started = Instant::now();
        let shown: String = sql.chars().take(60).collect();
        let error = run(&fixture, &sql).expect_err(&shown);
        assert!(
            error.message.contains("10000 constants"),
            "{shown}: {error}"
        );
        assert!(
            started.elapsed() < AT_ONCE,
            "{shown}: {:?}",
            started.elapsed()
        );
    }
    for sql in [
        format!(
            "SELECT a FROM table(s) WHERE (n, a) IN ({})",
            list(300, &pairs)
        ),
        format!(
            "SELECT a FROM table(s) WHERE n IN ({})",
            list(5_000, &calls)
        ),
        format!(
            "SELECT {} FROM table(s)",
            list(1_500, &|n| format!("abs(n + {n}) AS c{n}"))
        ),
    ] {
        let shown: String = sql.chars().take(60).collect();
        run(&fixture, &sql).expect(&shown);
    }
}

/// What fuzzing found: in the browser a panic would end the whole console.
#[test]
fn nothing_between_commas_is_no_panic() {
    for sql in [
        "WITH x AS (SELECT 1),, y AS (SELECT 2) SELECT 1",
        "WITH x AS SELECT a, b,,, GROUP SELECT 1",
        "SELECT (WITH x AS (SELECT 1),, SELECT 1)",
    ] {
        assert!(weir_engine::parse(sql).is_err(), "{sql}");
    }
    for sql in [
        "WITH a, , b SELECT 1",
        "WITH 1 AS x,, SELECT x",
        "WITH ,, SELECT 1",
    ] {
        let _ = weir_engine::parse(sql);
    }
}

#[test]
fn names_and_ternaries_end_soon() {
    let fixture = Fixture::new().stream("s", &["n int64"]);
    let with: Vec<_> = (0..50_000).map(|n| format!("{n} AS a{n}")).collect();
    let doubled: Vec<_> = (1..60)
        .map(|n| format!("abs(a{} + a{} AS a{n})", n - 1, n - 1))
        .collect();
    let marks = "n ? ".repeat(150_000);
    let aliases: Vec<_> = (0..40_000).map(|n| format!("abs(n AS b{n})")).collect();
    for sql in [
        format!("WITH {} SELECT a1", with.join(", ")),
        format!("SELECT abs(n AS a0), {} FROM table(s)", doubled.join(", ")),
        format!("SELECT {marks} FROM table(s)"),
        format!("SELECT {} FROM table(s)", aliases.join(", ")),
        format!(
            "SELECT {}1{} FROM table(s)",
            "and(".repeat(40),
            ")".repeat(40)
        ),
    ] {
        let began = Instant::now();
        let parsed = weir_engine::parse(&sql);
        let _ = parsed.map(|_| fixture.plan(&sql).map(|_| ()));
        let taken = began.elapsed();
        assert!(taken < AT_ONCE, "{taken:?}: {}", &sql[..40]);
    }
}
