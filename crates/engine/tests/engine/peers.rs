//! Functions answer what ClickHouse, whose functions they are, was seen to answer (`make oracle`),
//! and what the vendor documents.

use crate::fixture::Fixture;

/// Lines of `expression => value as JSON`.
const ANSWERS: &str = include_str!("peers.txt");

#[test]
fn functions_answer_as_their_peers_do() {
    let f = Fixture::new();
    let mut count = 0;
    for line in ANSWERS.lines() {
        let (expression, value) = line
            .split_once("  =>  ")
            .unwrap_or_else(|| panic!("{line}"));
        assert_eq!(f.value(expression).0, value, "{expression}");
        count += 1;
    }
    assert!(count > 500);
}

fn refused(expression: &str, words: &str) {
    let error = Fixture::new()
        .error(&format!("SELECT {expression}"))
        .to_string();
    assert!(error.contains(words), "{expression}: {error}");
}

#[test]
fn zones_that_do_not_exist_are_refused() {
    for expression in [
        "to_datetime('2024-01-01 00:00:00', 'Mars/Olympus')",
        "to_timezone(now(), 'Mars/Olympus')",
        "now('Mars/Olympus')",
        "'2024-01-01'::datetime64(3, 'Mars/Olympus')",
        "format_datetime(now(), '%H', 'Mars/Olympus')",
        "date_trunc('day', now(), 'Mars/Olympus')",
    ] {
        refused(expression, "'Mars/Olympus' is not a time zone");
    }
}

#[test]
fn a_zone_changes_what_is_shown_and_cut_not_the_instant() {
    let f = Fixture::new();
    for (expression, value, data_type) in [
        (
            "to_datetime('2024-07-01 00:00:00', 'Asia/Tokyo')",
            r#""2024-06-30T15:00:00Z""#,
            "datetime('Asia/Tokyo')",
        ),
        (
            "'2024-07-01 00:00:00'::datetime64(3, 'America/New_York')",
            r#""2024-07-01T04:00:00.000Z""#,
            "datetime64(3, 'America/New_York')",
        ),
        (
            "to_string(to_timezone(to_datetime('2024-07-01 00:00:00'), 'Asia/Kolkata'))",
            r#""2024-07-01 05:30:00""#,
            "string",
        ),
        (
            "to_start_of_day(to_datetime('2024-07-01 20:00:00'), 'Asia/Tokyo')",
            r#""2024-07-01T15:00:00Z""#,
            "datetime('Asia/Tokyo')",
        ),
        (
            "to_date(to_datetime('2024-07-01 20:00:00'), 'Asia/Tokyo')",
            r#""2024-07-02""#,
            "date",
        ),
        (
            "to_hour(to_datetime('2024-07-01 20:00:00'), 'Asia/Tokyo')",
            "5",
            "uint8",
        ),
        (
            "date_diff('day', to_datetime('2024-07-01 14:00:00'), to_datetime('2024-07-01 16:00:00'), 'Asia/Tokyo')",
            "1",
            "int64",
        ),
    ] {
        assert_eq!(
            f.value(expression),
            (value.to_string(), data_type.to_string()),
            "{expression}"
        );
    }
}

#[test]
fn results_are_bounded() {
    for expression in [
        "repeat('abcdefgh', 100000000)",
        "left_pad('a', 1000000000)",
        "space(1000000000)",
        "replace(repeat('a', 1000000), 'a', repeat('b', 1000))",
        "replace_regex(repeat('a', 1000000), 'a', repeat('b', 1000))",
        "format(repeat('{0}', 100000), repeat('b', 1000))",
        "hex(repeat('a', 16000000))",
    ] {
        refused(expression, "longer than 16 MiB");
    }
    for expression in [
        "range(100000000)",
        "array_resize([1], 100000000)",
        "array_with_constant(100000000, 1)",
    ] {
        refused(expression, "at most 1000000 elements");
    }
}

#[test]
fn unknown_functions_are_told_by_their_name_here() {
    refused(
        "toStartOfHour(now())",
        "here it is written 'to_start_of_hour'",
    );
    refused(
        "JSONExtractString('{}', 'a')",
        "here it is written 'json_extract_string'",
    );
    refused(
        "to_strat_of_hour(now())",
        "did you mean 'to_start_of_hour'?",
    );
    refused("array_map([1], 2)", "takes a lambda first");
    refused("array_map((x, y) -> x, [1])", "2 parameters for 1 arrays");
    refused(
        "array_map(x -> sum(x), [1])",
        "an aggregate cannot be used in a lambda",
    );
}

#[test]
fn lambdas_see_columns_and_other_lambdas() {
    let f = Fixture::new().stream("s", &["n int64", "a array(int64)"]);
    f.insert("s", "[10, [1, 2, 3], 0]");
    f.insert("s", "[20, [], 1000]");
    assert_eq!(
        f.rows("SELECT array_map(x -> x + n, a), array_sum(x -> x * n, a) FROM table(s)"),
        ["[[11,12,13],60]", "[[],0]"]
    );
    assert_eq!(
        f.rows("SELECT array_map(x -> n, a) FROM table(s) WHERE n = 10"),
        ["[[10,10,10]]"]
    );
    assert_eq!(
        f.rows("SELECT array_map(x -> array_map(y -> x * y, [1, 2]), [10, 20])"),
        ["[[[10,20],[20,40]]]"]
    );
    assert_eq!(
        f.rows(
            "SELECT n, array_map(x -> x + n, group_array(n)) FROM table(s) GROUP BY n ORDER BY n"
        ),
        ["[10,[20]]", "[20,[40]]"]
    );
    let mut query = f.start("SELECT array_filter(x -> x > 1, a) FROM s");
    f.insert("s", "[1, [1, 2], 2000]");
    assert_eq!(query.rows(), ["[[2]]"]);
}

#[test]
fn paths_lead_into_json_and_tuples() {
    let f = Fixture::new().stream("s", &["raw string", "t tuple(a int64, b string)"]);
    f.insert(
        "s",
        r#"["{\"a\":{\"b\":[5,6]},\"tags\":[\"x\",\"y\"],\"n\":7}", [1, "z"], 0]"#,
    );
    assert_eq!(
        f.rows("SELECT raw:a.b, raw:a.b[1], 1 + raw:n::int64, raw:tags[*], raw:none FROM table(s)"),
        [r#"["[5,6]","5",8,["x","y"],""]"#]
    );
    assert_eq!(
        f.rows("SELECT t.a, t.b, t.1, (1, 'q').2 FROM table(s)"),
        [r#"[1,"z",1,"q"]"#]
    );
    assert_eq!(
        f.rows("SELECT json_encode(t.a, raw:n) FROM table(s)"),
        [r#"["{\"a\":1,\"raw:n\":\"7\"}"]"#]
    );
}

#[test]
fn enums_are_ordered_by_their_numbers() {
    let f = Fixture::new().stream("s", &["e enum8('low' = 1, 'mid' = 2, 'high' = 3)"]);
    for (index, name) in ["mid", "low", "high"].iter().enumerate() {
        f.insert("s", &format!("[\"{name}\", {index}]"));
    }
    assert_eq!(
        f.rows("SELECT e FROM table(s) ORDER BY e"),
        [r#"["low"]"#, r#"["mid"]"#, r#"["high"]"#]
    );
    assert_eq!(
        f.rows("SELECT max(e), min(e) FROM table(s)"),
        [r#"["high","low"]"#]
    );
    assert_eq!(
        f.rows("SELECT e FROM table(s) WHERE e > 'low' ORDER BY e"),
        [r#"["mid"]"#, r#"["high"]"#]
    );
}

#[test]
fn an_alias_comes_before_a_column_of_its_name() {
    let f = Fixture::new().stream("s", &["a int64"]);
    f.insert("s", "[1, 0]");
    f.insert("s", "[5, 0]");
    assert_eq!(
        f.rows("SELECT a + 10 AS a FROM table(s) WHERE a > 12"),
        ["[15]"]
    );
}

#[test]
fn aggregates_over_no_rows_give_the_types_zero() {
    let f = Fixture::new().stream(
        "s",
        &["v int32", "x float64", "t string", "n nullable(int32)"],
    );
    assert_eq!(
        f.rows("SELECT count(), sum(v), min(v), max(t), avg(x), median(x), group_array(v) FROM table(s)"),
        [r#"[0,0,0,"","nan","nan",[]]"#]
    );
    assert_eq!(
        f.rows("SELECT sum(n), max(n), avg(n), count(n) FROM table(s)"),
        ["[null,null,null,0]"]
    );
    assert_eq!(f.rows("SELECT max_or_null(v) FROM table(s)"), ["[null]"]);
}

#[test]
fn more_aggregates_have_their_values() {
    let f = Fixture::new().stream("s", &["x uint8", "name string", "a array(int64)"]);
    for (index, x) in [3, 1, 2, 2, 5].iter().enumerate() {
        f.insert("s", &format!("[{x}, \"n{x}\", [{x}, 1], {}]", index * 1000));
    }
    for (call, value) in [
        ("max_k(x, 2)", "[5,3]"),
        ("min_k(x, 2, name)", r#"[[1,"n1"],[2,"n2"]]"#),
        ("top_k(x, 1, true)", "[[2,2,0]]"),
        ("group_array_sorted(x, 3)", "[1,2,2]"),
        ("group_array_last(x, 2)", "[2,5]"),
        ("group_array(x, 2)", "[3,1]"),
        ("group_concat(name, ',')", r#""n3,n1,n2,n2,n5""#),
        ("moving_sum(x)", "[3,4,6,8,13]"),
        ("moving_sum(x, 2)", "[3,4,3,4,7]"),
        ("quantile_exact(x)", "2"),
        ("quantiles(x, 0.25, 0.75)", "[2.0,3.0]"),
        ("unique_exact(x, name)", "4"),
        ("unique_exact_if(x, x > 1)", "3"),
        ("sum_array(a)", "18"),
        ("sum_array_if(a, x > 2)", "10"),
        ("sum_map(map('k', x))", r#"{"k":13}"#),
        ("kurt_pop(x)", "2.363894139886578"),
        ("covar_samp(x, x)", "2.3000000000000003"),
        ("corr(x, x)", "1.0"),
        ("avg_weighted(x, x)", "3.3076923076923075"),
        ("group_bit_or(x)", "7"),
        ("avg_time_weighted(x, _tp_time)", "2.0"),
        ("lttb(x, x, 3)", "[[1.0,1.0],[2.0,2.0],[5.0,5.0]]"),
    ] {
        let rows = f.rows(&format!("SELECT {call} FROM table(s)"));
        assert_eq!(rows, [format!("[{value}]")], "{call}");
    }
    f.insert("s", r#"[4, "n4", [], 9000]"#);
    let f = Fixture::new().stream("f", &["x float64"]);
    f.insert("f", r#"["nan", 0]"#);
    f.insert("f", "[2, 0]");
    assert_eq!(f.rows("SELECT max(x), min(x) FROM table(f)"), ["[2.0,2.0]"]);
}
