//! Parts of columns, numbers of rows, and other small forms of the vendor's.

use crate::fixture::Fixture;

#[test]
fn columns_have_the_parts_in_which_the_vendor_keeps_them() {
    let columns = [
        "m map(string, int32)",
        "a array(int32)",
        "n nullable(int32)",
    ];
    let fixture = Fixture::new().stream("s", &columns);
    fixture.insert("s", r#"[{"keys": 7, "b": 8}, [1, 2, 3], null, 0]"#);
    let sql = "SELECT m.keys, m.values, m.b, m['keys'], a.size0, s.a.size0, n.null FROM table(s)";
    let row = r#"[["keys","b"],[7,8],8,7,3,3,true]"#;
    assert_eq!(fixture.rows(sql), [row]);
}

#[test]
fn rows_are_numbered_from_0() {
    let fixture = Fixture::new().stream("s", &["n int32"]);
    for n in [7, 8, 9] {
        fixture.insert("s", &format!("[{n}, 0]"));
    }
    let sql = "SELECT n, _tp_sn FROM table(s) WHERE _tp_sn > 0";
    assert_eq!(fixture.rows(sql), ["[8,1]", "[9,2]"]);
    assert_eq!(fixture.rows("SELECT max(s._tp_sn) FROM table(s)"), ["[2]"]);
    assert_eq!(fixture.header("SELECT * FROM table(s)").len(), 2);
    let mut followed = fixture.start("SELECT _tp_sn FROM s");
    fixture.insert("s", "[10, 0]");
    assert_eq!(followed.rows(), ["[3]"]);
    let inside = fixture
        .error("SELECT _tp_sn FROM (SELECT n FROM table(s))")
        .to_string();
    assert!(inside.contains("directly from a stream"), "{inside}");
}

#[test]
fn arrays_and_maps_are_put_together_by_bars() {
    let fixture = Fixture::new();
    assert_eq!(fixture.value("[1, 2] || [3]").0, "[1,2,3]");
    assert_eq!(fixture.value("'a' || 'b'").0, r#""ab""#);
    assert_eq!(fixture.value("[1] || 'b'").0, r#""[1]b""#);
}

#[test]
fn an_enum_has_a_number() {
    let fixture = Fixture::new().stream("s", &["e enum8('a'=3,'b'=-2)"]);
    fixture.insert("s", r#"["b", 0]"#);
    let sql = "SELECT cast(e, 'int8'), e::int32 + 1, to_int8(e), e::string FROM table(s)";
    assert_eq!(fixture.rows(sql), [r#"[-2,-1,-2,"b"]"#]);
}

#[test]
fn elements_are_named_as_they_are_written() {
    let fixture = Fixture::new();
    let header = fixture.header("SELECT (1, 'a').2, [(1, 'x[1L]')][1].1, 'a[1L]'");
    let names: Vec<_> = header
        .iter()
        .map(|column| column.rsplit_once(' ').unwrap().0)
        .collect();
    assert_eq!(names[0], "(1, 'a').2");
    assert!(names[1].ends_with("[1].1"), "{names:?}");
}

#[test]
fn in_takes_the_name_of_a_query() {
    let fixture = Fixture::new().stream("s", &["k string"]);
    for k in ["a", "b", "c"] {
        fixture.insert("s", &format!(r#"["{k}", 0]"#));
    }
    let sql = "WITH w AS (SELECT 'a' AS x UNION ALL SELECT 'c') \
               SELECT k, k NOT IN w FROM table(s) WHERE k IN w OR k = 'b'";
    assert_eq!(
        fixture.rows(sql),
        [r#"["a",false]"#, r#"["b",true]"#, r#"["c",false]"#]
    );
}

#[test]
fn using_has_the_value_of_the_side_that_is_there() {
    let fixture = Fixture::new();
    let sides = |join: &str| {
        let sql = format!(
            "SELECT * FROM (SELECT 1 AS id, 'a' AS v) AS l {join} JOIN (SELECT 2 AS id, 'b' AS w) \
             AS r USING(id) ORDER BY id"
        );
        fixture.rows(&sql)
    };
    assert_eq!(sides("FULL"), [r#"[1,"a",null]"#, r#"[2,null,"b"]"#]);
    assert_eq!(sides("RIGHT"), [r#"[2,null,"b"]"#]);
    assert_eq!(sides("LEFT"), [r#"[1,"a",null]"#]);
}

#[test]
fn what_is_not_here_says_what_is() {
    let fixture = Fixture::new().stream("s", &["n int32"]);
    for (sql, words) in [
        (
            "SELECT neighbor(n, 1) FROM table(s)",
            "over history lag(x) OVER (ORDER BY …)",
        ),
        ("SELECT rank() FROM table(s)", "OVER (PARTITION BY"),
        (
            "SELECT arrayMap(x -> x, [1])",
            "here it is written 'array_map'",
        ),
        (
            "SELECT count() FROM s EMIT PERIODIC 5s 5s",
            "unexpected length of time",
        ),
    ] {
        let error = match weir_engine::parse(sql) {
            Err(error) => error.to_string(),
            Ok(_) => fixture.error(sql).to_string(),
        };
        assert!(error.contains(words), "{sql}: {error}");
    }
}

#[test]
fn windows_are_sent_again_with_repeat() {
    let fixture = Fixture::new().stream("s", &["n int32"]);
    let sql = "SELECT sum(n) FROM tumble(s, 5s) GROUP BY window_start EMIT PERIODIC 1s REPEAT";
    let mut query = fixture.start(sql);
    let now = crate::fixture::NOW;
    fixture.insert("s", r#"[3, "2024-01-01 00:00:01"]"#);
    query.step(now, 100);
    for second in 1..4 {
        assert_eq!(query.step(now + second * 1000, 100).0, ["[3]"], "{second}");
    }
}

#[test]
fn a_datetime_of_32_bits_is_a_datetime() {
    let fixture = Fixture::new();
    let (value, kind) = fixture.value("'2020-01-01 00:00:00'::datetime32");
    assert_eq!(
        (value.as_str(), kind.as_str()),
        (r#""2020-01-01T00:00:00Z""#, "datetime")
    );
    let (_, kind) = fixture.value("cast('2020-01-01 00:00:00' AS datetime32('UTC'))");
    assert_eq!(kind, "datetime('UTC')");
}

#[test]
fn a_function_is_applied_to_each_column() {
    let fixture = Fixture::new().stream("s", &["a int32", "b int32", "c string"]);
    fixture.insert("s", r#"[1, 10, "x", 0]"#);
    fixture.insert("s", r#"[2, 20, "y", 0]"#);
    for (sql, header, rows) in [
        (
            "SELECT * EXCEPT (c, _tp_time) APPLY(sum) FROM table(s)",
            "sum(a) int64, sum(b) int64",
            vec!["[3,30]"],
        ),
        (
            "SELECT columns('a|b') APPLY(x -> x * 2) FROM table(s) WHERE a = 2",
            "a * 2 int64, b * 2 int64",
            vec!["[4,40]"],
        ),
        (
            "SELECT c, columns('^a') APPLY(max) FROM table(s) GROUP BY c ORDER BY c",
            "c string, max(a) int32",
            vec![r#"["x",1]"#, r#"["y",2]"#],
        ),
    ] {
        assert_eq!(fixture.header(sql).join(", "), header, "{sql}");
        assert_eq!(fixture.rows(sql), rows, "{sql}");
    }
    for (sql, words) in [
        (
            "SELECT columns('z') APPLY(max) FROM table(s)",
            "meets no column",
        ),
        ("SELECT * APPLY((x, y) -> x) FROM table(s)", "one argument"),
        ("SELECT * APPLY(1) FROM table(s)", "name of a function"),
        (
            "SELECT columns('a') APPLY(nope) FROM table(s)",
            "unknown function 'nope'",
        ),
    ] {
        let error = fixture.error(sql).to_string();
        assert!(error.contains(words), "{sql}: {error}");
    }
}

#[test]
fn what_is_written_instead_of_functions_of_other_products_runs() {
    let columns = [
        "t datetime64(3)",
        "x int32",
        "y int32",
        "s string",
        "json string",
        "a array(int32)",
    ];
    let fixture = Fixture::new().stream("s", &columns);
    fixture.insert(
        "s",
        r#"["2024-01-01 00:00:00", 1, 2, "2024-01-01 00:00:00", "{\"a\":{\"b\":1}}", [1], 0]"#,
    );
    let names = [
        "date_part",
        "to_char",
        "to_timestamp",
        "nvl",
        "getdate",
        "listagg",
        "regexp_replace",
        "instr",
        "split_part",
        "approx_percentile",
        "mode",
        "max_by",
        "get_json_object",
        "parse_json",
        "element_at",
        "try_cast",
        "typeof",
        "levenshtein",
        "tumble_start",
        "row",
    ];
    for name in names {
        let error = fixture.error(&format!("SELECT {name}(x) FROM table(s)"));
        let words = error.message;
        let here = words.split_once("(here it is ").map(|(_, rest)| rest);
        let here = here.and_then(|rest| rest.strip_suffix(')'));
        let here = here.unwrap_or_else(|| panic!("{name}: {words}"));
        let sql = format!("SELECT {here} FROM tumble(table(s), t, 5s)");
        assert_eq!(fixture.rows(&sql).len(), 1, "{sql}");
    }
}

#[test]
fn arrays_joined_at_once_are_as_long_as_each_other() {
    let fixture = Fixture::new().stream("s", &["n int32"]);
    fixture.insert("s", "[1, 0]");
    let sql = "SELECT x, y FROM table(s) ARRAY JOIN [1, 2] AS x, [1] AS y";
    let mut query = fixture.start(sql);
    let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        query.step(crate::fixture::NOW, 100)
    }));
    assert!(failed.is_err(), "{sql}");
}
