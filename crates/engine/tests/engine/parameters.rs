//! `${name}` in a query: values are literals, whatever they look like.

use std::ops::ControlFlow;

use weir_engine::{Given, Runner, SqlError, bind, codec, parameters, plan_tables};

use crate::fixture::{Fixture, NOW};

fn people() -> Fixture {
    let f = Fixture::new().stream("p", &["id int64", "name string"]);
    for row in [
        r#"[1,"Ann","2024-01-01T00:00:01Z"]"#,
        r#"[-2,"x' OR '1'='1","2024-01-01T00:00:02Z"]"#,
        r#"[3,"${id}\\","2024-01-01T00:00:06Z"]"#,
    ] {
        f.insert("p", row);
    }
    f
}

fn rows(f: &Fixture, sql: &str, given: &[(&str, Given)]) -> Result<Vec<String>, SqlError> {
    let given: Vec<(String, Given)> = given
        .iter()
        .map(|(name, value)| ((*name).to_string(), value.clone()))
        .collect();
    let plan = plan_tables(&bind(sql, &given)?, f, NOW)?;
    assert!(!plan.streaming, "{sql}");
    let types: Vec<_> = plan.header.iter().map(|c| c.data_type.clone()).collect();
    let mut rows = Vec::new();
    let mut runner = Runner::new(plan, &f.conn, NOW)?;
    runner.step(&f.conn, NOW, u32::MAX, &mut |values| {
        let mut out = Vec::new();
        codec::encode_row(&mut out, &types, values);
        rows.push(String::from_utf8(out).expect("UTF-8"));
        ControlFlow::Continue(())
    })?;
    Ok(rows)
}

fn text(text: &str) -> Given {
    Given::Text(text.into())
}

#[test]
fn values_are_never_read_as_sql() {
    let f = people();
    let by_name = "SELECT id FROM p WHERE name = ${name}";
    for (name, found) in [
        ("Ann", &["[1]"][..]),
        ("x' OR '1'='1", &["[-2]"]),
        ("${id}\\", &["[3]"]),
        ("' OR 1=1 --", &[]),
        ("Ann'; DROP STREAM p; --", &[]),
        ("Ann\0", &[]),
        ("\\' OR 1=1 --", &[]),
    ] {
        let rows = rows(&f, by_name, &[("name", text(name))]).expect("rows");
        assert_eq!(rows, found, "{name:?}");
    }
    let minus = rows(
        &f,
        "SELECT id -${n} FROM p WHERE id = -${n}",
        &[("n", Given::Int(2))],
    );
    assert_eq!(minus.expect("rows"), ["[-4]"]);
    let negative = rows(&f, "SELECT 1 -${n} AS x", &[("n", Given::Int(-5))]);
    assert_eq!(negative.expect("rows"), ["[6]"]);
}

#[test]
fn every_kind_of_value() {
    let f = people();
    let one = |value: Given| {
        rows(&f, "SELECT ${v} AS v", &[("v", value)])
            .expect("rows")
            .concat()
    };
    assert_eq!(one(Given::Null), "[null]");
    assert_eq!(one(Given::Int(i64::MIN)), "[-9223372036854775808]");
    assert_eq!(one(Given::Float(-0.5)), "[-0.5]");
    assert_eq!(one(Given::Bool(true)), "[true]");
    assert_eq!(one(text("a'\"\\\n")), r#"["a'\"\\\n"]"#);
    let list = Given::List(vec![Given::Int(1), Given::Int(-2)]);
    for sql in [
        "SELECT id FROM p WHERE id IN ${ids} ORDER BY id",
        "SELECT id FROM p WHERE id IN (${ids}) ORDER BY id",
    ] {
        let found = rows(&f, sql, &[("ids", list.clone())]).expect("rows");
        assert_eq!(found, ["[-2]", "[1]"], "{sql}");
        let none = rows(&f, sql, &[("ids", Given::List(Vec::new()))]).expect("rows");
        assert!(none.is_empty(), "{sql}");
    }
    let limited = "SELECT id FROM table(p) ORDER BY id LIMIT ${n}";
    let limited = rows(&f, limited, &[("n", Given::Int(1))]);
    assert_eq!(limited.expect("rows"), ["[-2]"]);
}

#[test]
fn names_are_found_and_mistakes_have_places() {
    let sql = "SELECT ${b}, ${a} /* ${c} */ FROM p WHERE x = ${b} -- ${d}\n";
    assert_eq!(parameters(sql).expect("names"), ["b", "a"]);
    let f = people();
    let error = |sql: &str, value: Given| {
        rows(&f, sql, &[("v", value)])
            .expect_err("an error")
            .to_string()
    };
    let unknown = error("SELECT 1\nWHERE 1 = ${w}", Given::Null);
    assert!(unknown.contains("'w' is not declared"), "{unknown}");
    assert!(unknown.contains("line 2"), "{unknown}");
    let quoted = error("SELECT '${v}' AS v", text("a"));
    assert!(quoted.contains("does not stand in quotes"), "{quoted}");
    for wrong in [
        "SELECT ${} AS v",
        "SELECT ${v",
        "SELECT $ {v} AS v",
        "SELECT ${1} AS v",
    ] {
        let words = error(wrong, text("a"));
        assert!(words.contains("${name}"), "{wrong}: {words}");
    }
    let number = error("SELECT ${v} AS v", Given::Float(f64::NAN));
    assert!(number.contains("is not a number"), "{number}");
    assert!(error("DROP STREAM p", Given::Null).contains("expected a SELECT"));
}
