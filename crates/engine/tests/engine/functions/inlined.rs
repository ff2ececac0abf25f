//! Functions that stand for an expression.
use weir_api::timeplus::udf::Kind;
use weir_engine::{
    ColumnInfo, Ddl, SqlError,
    udf::{FunctionBody, FunctionInfo, check},
};

use super::definitions::ddl;
use crate::fixture::Fixture;

fn info(sql: &str) -> FunctionInfo {
    let Ddl::CreateFunction { definition, .. } = ddl(sql) else {
        panic!("{sql}")
    };
    assert_eq!(definition.kind, Kind::Sql, "{sql}");
    let argument = |name: String| ColumnInfo {
        name,
        data_type: weir_api::DataType::String,
    };
    let names = definition.arguments.into_iter().map(|it| it.name);
    FunctionInfo {
        name: definition.name,
        arguments: names.map(argument).collect(),
        returns: weir_api::DataType::String,
        body: FunctionBody::Expression(definition.source),
        help: String::new(),
    }
}

fn fixture() -> Fixture {
    Fixture::new()
        .stream("s", &["n int32", "x float64", "v string"])
        .function(info("CREATE FUNCTION linear AS (a, k, b) -> k * a + b"))
        .function(info("CREATE FUNCTION twice AS v -> linear(v, 2, 0)"))
        .function(info("CREATE FUNCTION two AS () -> 2"))
        .function(info(
            "CREATE OR REPLACE FUNCTION hexed AS (r, g) -> '#' || hex(r) || hex(g)",
        ))
        .function(info(
            "CREATE FUNCTION added AS (list, n) -> array_map(i -> i + n, list)",
        ))
}

#[test]
fn the_expression_stands_in_the_place_of_the_call() {
    let f = fixture();
    f.insert("s", r#"[3,0.5,"a",0]"#);
    f.insert("s", r#"[4,0.5,"b",0]"#);
    // The stream's own `v` and `n` are not those of the functions.
    assert_eq!(
        f.rows(
            "SELECT linear(n, 10, 1), twice(x), two(), hexed(255, to_uint8(n)), added([1, 2], n) \
             FROM table(s) ORDER BY n"
        ),
        [
            r##"[31,1.0,2,"#FF03",[4,5]]"##,
            r##"[41,1.0,2,"#FF04",[5,6]]"##
        ]
    );
    assert_eq!(
        f.rows("SELECT twice(n) AS t, sum(twice(x)) FROM table(s) GROUP BY t ORDER BY t"),
        ["[6,1.0]", "[8,1.0]"]
    );
    assert_eq!(f.rows("SELECT twice(sum(n)) FROM table(s)"), ["[14]"]);
    let plan = f.plan("SELECT twice(n) FROM s").unwrap();
    assert_eq!(plan.functions().collect::<Vec<_>>(), ["twice", "linear"]);
}

#[test]
fn it_names_nothing_but_its_arguments() {
    for (sql, wanted) in [
        (
            "CREATE FUNCTION f AS (a) -> a + b",
            "'b' is none of its arguments",
        ),
        (
            "CREATE FUNCTION f AS (a) -> s.b",
            "'s' is none of its arguments",
        ),
    ] {
        let (part, words) = check(&info(sql)).expect_err(sql);
        assert_eq!(part, "source");
        assert!(words.contains(wanted), "{sql}: {words}");
    }
    for sql in [
        "CREATE FUNCTION f AS (a) -> array_sum(x -> x * a, [1, 2])",
        "CREATE FUNCTION f AS () -> now()",
    ] {
        assert_eq!(check(&info(sql)), Ok(()), "{sql}");
    }
}

#[test]
fn a_call_with_wrong_arguments_is_refused_in_words() {
    let f = fixture().function(info(
        "CREATE FUNCTION round_and_round AS x -> round_and_round(x)",
    ));
    let refused = |sql: &str| -> SqlError { f.plan(sql).map(|_| ()).expect_err(sql) };
    for (sql, wanted) in [
        ("SELECT linear(1, 2)", "linear:"),
        (
            "SELECT linear('a', 2, 3)",
            "in function 'linear': * cannot be applied",
        ),
        ("SELECT linear(DISTINCT 1, 2, 3)", "DISTINCT"),
        ("SELECT round_and_round(1)", "inside each other"),
    ] {
        let error = refused(sql);
        assert!(error.message.contains(wanted), "{sql}: {error}");
    }
}
