//! Functions of services.
use std::sync::{Arc, Mutex};

use weir_engine::{
    Step,
    udf::{FunctionBody, Remote},
};

use super::{function, script, sensors};
use crate::fixture::{Fixture, NOW};

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
