//! Functions written in JavaScript: values, mistakes and their end.
use weir_engine::udf::trial;

use super::{script, second, sensors};
use crate::fixture::Fixture;

#[test]
fn integers_of_64_bits_stay_exact() {
    let same = |name: &str, data_type: &str| {
        script(
            &format!("{name}(v {data_type}) -> {data_type}"),
            &format!("const {name} = (values) => values;"),
        )
    };
    let f = Fixture::new()
        .stream("s", &["u uint64", "i int64", "w uint256", "a array(int64)"])
        .function(same("su", "uint64"))
        .function(same("si", "int64"))
        .function(same("sw", "uint256"))
        .function(same("sa", "array(int64)"))
        .function(script(
            "kinds(i int64) -> string",
            "function kinds(values) { return values.map(v => typeof v); }",
        ))
        .function(script(
            "inexact(i int64) -> int64",
            "function inexact(values) { return values.map(v => Number(v) * 2); }",
        ));
    let wide = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
    f.insert(
        "s",
        &format!(r#"[18446744073709551615,-9223372036854775808,"{wide}",[9007199254740993,1],1704067200000]"#),
    );
    f.insert("s", r#"[9223372036854775807,7,"1",[],1704067200000]"#);
    assert_eq!(
        f.rows("SELECT su(u), si(i), sw(w), sa(a), kinds(i) FROM table(s)"),
        [
            format!(
                r#"[18446744073709551615,-9223372036854775808,"{wide}",[9007199254740993,1],"bigint"]"#
            ),
            r#"[9223372036854775807,7,"1",[],"number"]"#.to_string()
        ]
    );
    let error = f.error("SELECT inexact(i) FROM table(s)");
    assert!(error.message.contains("return a BigInt"), "{error}");
}

#[test]
fn values_of_every_type_go_both_ways() {
    let same = |name: &str, data_type: &str| {
        script(
            &format!("{name}(v {data_type}) -> {data_type}"),
            &format!("function {name}(values) {{ return values; }}"),
        )
    };
    let types = [
        ("b", "bool", "true"),
        ("f", "float64", "\"-inf\""),
        ("t", "string", r#""a\"\\\u0000😀""#),
        ("d", "date", r#""2023-02-01""#),
        ("dt", "datetime", r#""2023-02-01T01:02:03Z""#),
        ("ms", "datetime64(3)", r#""1969-12-31T23:59:59.999Z""#),
        ("m", "map(string, uint64)", r#"{"k":18446744073709551615}"#),
        ("tu", "tuple(a int32, b string)", r#"[1,"x"]"#),
        ("j", "json", r#"{"a":[1,{"b":null}]}"#),
        ("n", "nullable(int32)", "null"),
    ];
    let mut f = Fixture::new();
    let columns: Vec<String> = types.iter().map(|(n, t, _)| format!("{n} {t}")).collect();
    f = f.stream("s", &columns.iter().map(String::as_str).collect::<Vec<_>>());
    for (name, data_type, _) in types {
        f = f.function(same(&format!("f_{name}"), data_type));
    }
    let values: Vec<_> = types.iter().map(|(_, _, value)| *value).collect();
    f.insert("s", &format!("[{},1704067200000]", values.join(",")));
    let calls: Vec<_> = types.iter().map(|(n, ..)| format!("f_{n}({n})")).collect();
    assert_eq!(
        f.rows(&format!("SELECT {} FROM table(s)", calls.join(", "))),
        [format!("[{}]", values.join(","))]
    );
}

#[test]
fn null_is_passed_only_where_the_argument_may_be_null() {
    let f = Fixture::new()
        .stream("s", &["x nullable(int32)"])
        .function(script(
            "plain(x int32) -> int32",
            "function plain(v) { return v.map(x => x + 1); }",
        ))
        .function(script(
            "kind(x nullable(int32)) -> string",
            "function kind(v) { return v.map(x => String(x)); }",
        ));
    f.insert("s", "[1,1704067200000]");
    f.insert("s", "[null,1704067200000]");
    let sql = "SELECT plain(x) AS p, kind(x) AS k FROM table(s)";
    assert_eq!(f.rows(sql), [r#"[2,"1"]"#, r#"[null,"null"]"#]);
    assert_eq!(f.header(sql), ["p nullable(int32)", "k string"]);
}

#[test]
fn what_goes_wrong_is_said_with_function_and_line() {
    let f = sensors()
        .function(script(
            "thrown(x float64) -> float64",
            "function thrown(v) {\n  return v.map(x =>\n    x.missing.field);\n}",
        ))
        .function(script(
            "short(x float64) -> float64",
            "function short(v) { return [1]; }",
        ))
        .function(script("none(x float64) -> float64", "function none(v) { }"))
        .function(script(
            "words(x float64) -> int32",
            "function words(v) { return v.map(() => 'a lot'); }",
        ))
        .function(script(
            "later(x float64) -> int32",
            "async function later(v) { return v; }",
        ))
        .function(script(
            "mixed(id int64) -> int64",
            "function mixed(v) { return v.map(x => 9007199254740993n + 1); }",
        ))
        .function(script(
            "bomb(x float64) -> string",
            "function bomb(v) { const a = []; for (;;) a.push('x'.repeat(1000) + a.length); }",
        ))
        .function(script(
            "deep(x float64) -> string",
            "function deep(v) { return deep(v); }",
        ));
    for (call, wanted) in [
        (
            "thrown(x)",
            &["function 'thrown'", "TypeError", "(line 3)"][..],
        ),
        ("short(x)", &["function 'short'", "1 values for 4 rows"]),
        ("none(x)", &["function 'none'", "undefined"]),
        (
            "words(x)",
            &["function 'words'", "'a lot' is not a valid int32"],
        ),
        ("later(x)", &["function 'later'", "object"]),
        ("mixed(id)", &["function 'mixed'", "TypeError"]),
        ("bomb(x)", &["function 'bomb'", "64 MiB"]),
        ("deep(x)", &["function 'deep'"]),
    ] {
        let error = f.error(&format!("SELECT {call} FROM table(s)"));
        for part in wanted {
            assert!(error.message.contains(part), "{call}: {error}");
        }
    }
}

#[test]
fn an_endless_loop_is_stopped() {
    let f = sensors().function(script(
        "forever(x float64) -> float64",
        "function forever(v) { for (;;) { try { for (;;) {} } catch {} } }",
    ));
    let error = f.error("SELECT forever(x) FROM table(s)");
    assert_eq!(
        error.message,
        "function 'forever': it ran for more than 5 seconds and was stopped"
    );
}

#[test]
fn a_trial_tells_results_and_lines_of_the_console() {
    let rows = |text: &str| {
        serde_json::from_str::<Vec<Vec<Box<serde_json::value::RawValue>>>>(text).unwrap()
    };
    let logged = script(
        "f(x uint64) -> uint64",
        "function f(values) { console.log('got', values.length); return values; }",
    );
    let tried = trial(
        logged.clone(),
        &rows("[[18446744073709551615], [null], [1]]"),
    )
    .unwrap();
    assert_eq!(tried.results, ["18446744073709551615", "null", "1"]);
    assert_eq!(tried.logs, ["got 2"]);
    let error = trial(logged, &rows("[[1], [\"x\"]]")).unwrap_err();
    assert_eq!(error, "row 2: x: 'x' is not a valid uint64");
    let tried = trial(second(), &rows("[[1], [7], [5]]")).unwrap();
    assert_eq!(tried.results, ["5.0"]);
}
