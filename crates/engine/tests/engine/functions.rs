//! Functions that people define.

use std::sync::{Arc, Mutex};

use weir_api::{DataType, timeplus::udf::Kind};
use weir_engine::{
    ColumnInfo, Ddl, Runner, Statement, Step, parse,
    udf::{FunctionBody, FunctionInfo, Remote, check, trial},
};

use crate::fixture::{Fixture, NOW};

/// `signature` as `name(argument type, …) -> type`.
fn function(signature: &str, body: FunctionBody) -> FunctionInfo {
    let signature = signature.replace(") -> ", ") RETURNS ");
    let sql = format!("CREATE FUNCTION {signature} LANGUAGE JAVASCRIPT AS $$code$$");
    let Ddl::CreateFunction { definition, .. } = ddl(&sql) else {
        panic!("{sql}")
    };
    let arguments = definition.arguments.into_iter().map(|argument| ColumnInfo {
        name: argument.name,
        data_type: DataType::parse(&argument.data_type).unwrap(),
    });
    FunctionInfo {
        name: definition.name,
        arguments: arguments.collect(),
        returns: DataType::parse(&definition.return_type).unwrap(),
        body,
        help: String::new(),
    }
}

fn script(signature: &str, source: &str) -> FunctionInfo {
    function(signature, FunctionBody::JavaScript(source.into()))
}

fn aggregate(signature: &str, source: &str) -> FunctionInfo {
    function(signature, FunctionBody::Aggregate(source.into()))
}

fn double() -> FunctionInfo {
    script(
        "double(x float64) -> float64",
        "function double(values) { return values.map(v => v * 2); }",
    )
}

/// Second largest, as in Timeplus' own documentation: with its state as text.
const SECOND: &str = "{
    initialize: function() { this.max = -1.0; this.second = -1.0; },
    process: function(values) { for (const v of values) this.see(v); },
    see: function(v) {
        if (v > this.max) { this.second = this.max; this.max = v; }
        else if (v > this.second) this.second = v;
    },
    finalize: function() { return this.second; },
    serialize: function() { return JSON.stringify([this.max, this.second]); },
    deserialize: function(text) { [this.max, this.second] = JSON.parse(text); },
};";

fn second() -> FunctionInfo {
    aggregate("second(x float64) -> float64", SECOND)
}

fn sensors() -> Fixture {
    let fixture = Fixture::new().stream("s", &["id int64", "name string", "x float64"]);
    for (id, name, x, second) in [
        (1, "a", 1.5, 1),
        (2, "b", 2.0, 2),
        (3, "a", 4.0, 7),
        (4, "a", 3.0, 8),
    ] {
        fixture.insert(
            "s",
            &format!(r#"[{id},"{name}",{x},"2024-01-01T00:00:0{second}.000Z"]"#),
        );
    }
    fixture
}

#[test]
fn a_function_takes_many_rows_at_once_wherever_an_expression_stands() {
    let f = sensors().function(double());
    assert_eq!(f.header("SELECT double(x) FROM s"), ["double(x) float64"]);
    assert_eq!(
        f.rows("SELECT id, double(x + double(1)) AS y FROM table(s) WHERE double(x) > 3 ORDER BY double(x) DESC"),
        ["[3,12.0]", "[4,10.0]", "[2,8.0]"]
    );
    assert_eq!(
        f.rows("SELECT double(x) > 5 AS big, count(), sum(double(x)) FROM table(s) GROUP BY big ORDER BY big"),
        ["[false,2,7.0]", "[true,2,14.0]"]
    );
    assert_eq!(
        f.rows("SELECT double(double(x)) FROM table(s) LIMIT 2"),
        ["[6.0]", "[8.0]"]
    );
}

#[test]
fn a_followed_stream_calls_it_for_new_rows() {
    let f = sensors().function(double()).function(second());
    let mut rows =
        f.start("SELECT id, double(x) FROM s WHERE double(x) > 3 SETTINGS seek_to = 'earliest'");
    assert_eq!(rows.step(NOW, 2).0, ["[2,4.0]"]);
    assert_eq!(rows.step(NOW, 2).0, ["[3,8.0]", "[4,6.0]"]);
    let mut groups = f.start(
        "SELECT window_start, second(double(x)), double(max(x)) FROM tumble(s, 5s) GROUP BY window_start \
         SETTINGS seek_to = 'earliest'",
    );
    assert_eq!(groups.rows(), [r#"["2024-01-01T00:00:00.000Z",3.0,4.0]"#]);
}

#[test]
fn an_aggregate_keeps_a_state_for_each_group() {
    let f = sensors().function(second());
    assert_eq!(
        f.rows("SELECT name, second(x) FROM table(s) GROUP BY name ORDER BY name"),
        [r#"["a",3.0]"#, r#"["b",-1.0]"#]
    );
    assert_eq!(
        f.rows("SELECT second_if(x, name = 'a'), second(x) FILTER (WHERE x < 3) FROM table(s)"),
        ["[3.0,1.5]"]
    );
    let inside = f.error("SELECT id FROM table(s) WHERE second(x) > 1");
    assert!(inside.message.contains("cannot stand in WHERE"), "{inside}");
}

#[test]
fn an_aggregate_goes_on_from_a_checkpoint() {
    let fields = "{
        initialize() { this.seen = new Set(); this.big = 9007199254740993n; this.low = Infinity; },
        process(values) { for (const v of values) { this.seen.add(v); this.low = Math.min(this.low, v); } },
        finalize() { return `${[...this.seen].sort().join(' ')} ${this.big} ${this.low}`; },
    }";
    let f = Fixture::new()
        .stream("s", &["x float64"])
        .function(second())
        .function(aggregate("fields(x float64) -> string", fields));
    let sql = "SELECT second(x), fields(x) FROM s";
    let mut query = f.start(sql);
    let add = |x: f64| f.insert("s", &format!("[{x},1704067200000]"));
    for x in [1.0, 5.0, 3.0] {
        add(x);
    }
    query.step(NOW, 100);
    let saved = serde_json::to_string(&query.runner.checkpoint().unwrap()).unwrap();
    drop(query);
    add(4.0);
    let plan = f.plan(sql).unwrap();
    let mut query = f.start(sql);
    query.runner = Runner::resume(plan, serde_json::from_str(&saved).unwrap()).unwrap();
    assert_eq!(
        query.step(NOW + 5000, 100).0,
        [r#"[4.0,"1 3 4 5 9007199254740993 1"]"#]
    );
}

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
fn calls_are_checked_before_any_row_is_read() {
    let f = sensors().function(double());
    let error = f.error("SELECT duble(x) FROM table(s)");
    assert_eq!(
        error.to_string(),
        "unknown function 'duble' (did you mean 'double'?) at line 1, column 8"
    );
    assert!(
        f.error("SELECT double(x, 1) FROM table(s)")
            .message
            .contains("takes 1 arguments, not 2")
    );
    assert!(
        f.error("SELECT double('a lot') FROM table(s)")
            .message
            .contains("argument 'x'")
    );
}

#[test]
fn definitions_are_checked() {
    let wrong = |info: FunctionInfo| check(&info).expect_err("wrong");
    assert_eq!(check(&double()), Ok(()));
    assert_eq!(check(&second()), Ok(()));
    let (field, message) = wrong(script(
        "f(x int32) -> int32",
        "function f(v) {\n  return v.map(;\n}",
    ));
    assert_eq!(field, "source");
    assert!(
        message.contains("SyntaxError") && message.contains("(line 2)"),
        "{message}"
    );
    let (_, message) = wrong(script("f(x int32) -> int32", "function g(v) { return v; }"));
    assert!(message.contains("no function of that name"), "{message}");
    let (_, message) = wrong(aggregate(
        "f(x int32) -> int32",
        "{ initialize() {}, process() {} }",
    ));
    assert!(message.contains("finalize()"), "{message}");
    let (field, message) = wrong(script("f(x decimal(9, 2)) -> int32", ""));
    assert_eq!(field, "arguments");
    assert!(message.contains("decimal"), "{message}");
}

/// Adds up its arguments, and remembers what it was asked.
#[derive(Debug, Default)]
struct Adder(Mutex<Vec<String>>);

impl Remote for Adder {
    fn call(&self, body: Vec<u8>) -> Result<Vec<u8>, String> {
        let text = String::from_utf8(body).unwrap();
        let asked: serde_json::Value = serde_json::from_str(&text).unwrap();
        let column = |name: &str| asked[name].as_array().unwrap().clone();
        let sums: Vec<f64> = column("x")
            .iter()
            .zip(column("by"))
            .map(|(x, by)| x.as_f64().unwrap() + by.as_f64().unwrap())
            .collect();
        self.0.lock().unwrap().push(text);
        Ok(serde_json::json!({ "result": sums })
            .to_string()
            .into_bytes())
    }
}

#[test]
fn a_remote_function_is_called_once_for_a_step() {
    let adder = Arc::new(Adder::default());
    let f = sensors().function(function(
        "add(x float64, by int64) -> float64",
        FunctionBody::Remote(adder.clone()),
    ));
    let calls = || std::mem::take(&mut *adder.0.lock().unwrap());
    assert_eq!(
        f.rows("SELECT add(x, 1) FROM table(s)"),
        ["[2.5]", "[3.0]", "[5.0]", "[4.0]"]
    );
    assert_eq!(calls(), [r#"{"x":[1.5,2.0,4.0,3.0],"by":[1,1,1,1]}"#]);
    // Equal arguments are asked for once; filter and result share the answer.
    f.insert("s", r#"[5,"a",1.5,1704067200000]"#);
    let mut query =
        f.start("SELECT add(x, 0) FROM s WHERE add(x, 0) < 2 SETTINGS seek_to = 'earliest'");
    assert_eq!(query.rows(), ["[1.5]", "[1.5]"]);
    assert_eq!(calls(), [r#"{"x":[1.5,2.0,4.0,3.0],"by":[0,0,0,0]}"#]);
    assert_eq!(
        query.step(NOW, 10),
        (vec![], Step::Idle { wake_at_ms: None })
    );
    assert_eq!(calls(), Vec::<String>::new());
    // Many rows are a few requests, and every row comes once.
    let many = f.rows(
        "SELECT count(), count_distinct(y), max(y) FROM (SELECT add(a.id * 1000 + b.id * 100 + c.id * 10 + d.id, 0) AS y \
         FROM table(s) AS a CROSS JOIN table(s) AS b CROSS JOIN table(s) AS c CROSS JOIN table(s) AS d)",
    );
    assert_eq!(many, ["[625,625,5555.0]"]);
    assert_eq!(calls().len(), 1);
}

#[test]
fn rounds_neither_lose_nor_repeat_rows() {
    let f = Fixture::new().stream("s", &["x int64"]).function(script(
        "same(x int64) -> int64",
        "function same(values) { return values; }",
    ));
    f.conn
        .execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
             INSERT INTO s_s (_size, x, _tp_time) SELECT 8, i, i FROM n",
        )
        .unwrap();
    let rows = f.rows("SELECT same(x) FROM table(s)");
    let wanted: Vec<String> = (1..=20_000).map(|i| format!("[{i}]")).collect();
    assert!(rows == wanted, "{} rows", rows.len());
    assert_eq!(
        f.rows("SELECT count() FROM table(s) WHERE same(x) % 2 = 0"),
        ["[10000]"]
    );
    // Arguments that are never the same twice.
    assert_eq!(
        f.rows("SELECT count() FROM table(s) WHERE x < 100 AND same(to_int64(rand())) >= 0"),
        ["[99]"]
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

fn ddl(sql: &str) -> Ddl {
    match parse(sql) {
        Ok(Statement::Ddl(ddl)) => *ddl,
        other => panic!("{sql}: {other:?}"),
    }
}

#[test]
fn functions_are_made_and_dropped_with_sql() {
    let code = "function f(a, b) {\n  return a.map((v, i) => `${v}$${b[i]}` + \"it's\");\n}";
    let code = code.replace("$$", "$ $");
    let Ddl::CreateFunction {
        definition,
        or_replace: true,
        ..
    } = ddl(&format!(
        "CREATE OR REPLACE FUNCTION f(a string, b array(int64))\nRETURNS string\nLANGUAGE JAVASCRIPT AS $$\n{code}\n$$;"
    ))
    else {
        panic!("no function")
    };
    assert_eq!(definition.source, code);
    assert_eq!(definition.arguments[1].data_type, "array(int64)");
    assert!(!definition.is_aggregation);
    let Ddl::CreateFunction { definition, .. } = ddl(
        "CREATE AGGREGATE FUNCTION g(x float32) RETURNS float32 LANGUAGE JAVASCRIPT AS $${ a: 1 }$$ EXECUTION_TIMEOUT 10000",
    ) else {
        panic!("no function")
    };
    assert!(definition.is_aggregation && definition.source == "{ a: 1 }");
    let Ddl::CreateFunction { definition, .. } = ddl(
        "CREATE REMOTE FUNCTION ip(ip string) RETURNS string URL 'https://a/b' AUTH_METHOD 'auth_header' AUTH_HEADER 'X-Key' AUTH_KEY 'secret'",
    ) else {
        panic!("no function")
    };
    assert_eq!(
        (definition.kind, definition.url.as_str()),
        (Kind::Remote, "https://a/b")
    );
    let context = definition.auth_context.unwrap();
    assert_eq!(context.key_name.as_deref(), Some("X-Key"));
    assert_eq!(context.key_value.as_deref(), Some("secret"));
    assert_eq!(
        ddl("DROP FUNCTION IF EXISTS f"),
        Ddl::DropFunction {
            name: "f".into(),
            if_exists: true
        }
    );
    for (sql, wanted) in [
        ("CREATE FUNCTION f AS (a, b) -> a + b", "SQL expression"),
        (
            "CREATE FUNCTION f(a int32) RETURNS int32 LANGUAGE PYTHON AS $$x$$",
            "language PYTHON",
        ),
        (
            "CREATE FUNCTION f(a nothing) RETURNS int32 LANGUAGE JAVASCRIPT AS $$x$$",
            "nothing",
        ),
        (
            "CREATE FUNCTION f(a int32) RETURNS int32 LANGUAGE JAVASCRIPT AS x",
            "between $$ and $$",
        ),
        (
            "CREATE REMOTE FUNCTION f(a int32) RETURNS int32 URL 'x' AUTH_METHOD 'magic'",
            "magic",
        ),
    ] {
        let error = parse(sql).expect_err(sql);
        assert!(error.message.contains(wanted), "{sql}: {error}");
    }
}
