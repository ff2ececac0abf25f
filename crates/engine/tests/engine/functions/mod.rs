//! Functions that people define.

mod definitions;
mod inlined;
mod remote;
mod scripts;

use weir_api::DataType;
use weir_engine::{
    ColumnInfo, Ddl, Runner,
    udf::{FunctionBody, FunctionInfo},
};

use self::definitions::ddl;
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
    assert!(
        inside.message.contains("cannot be used in WHERE"),
        "{inside}"
    );
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
