//! What can be defined, and how.
use weir_api::timeplus::udf::Kind;
use weir_engine::{
    Ddl, Statement, parse,
    udf::{FunctionInfo, check},
};

use super::{aggregate, double, script, second, sensors};

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

pub(super) fn ddl(sql: &str) -> Ddl {
    match parse(sql) {
        Ok(Statement::Ddl(ddl, _)) => *ddl,
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
        ("CREATE FUNCTION f AS (a, b) a + b", "expected ->"),
        (
            "CREATE FUNCTION f AS (a, b) -> a +",
            "expected an expression",
        ),
        ("CREATE FUNCTION f AS (a) -> a b", "unexpected 'b'"),
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
