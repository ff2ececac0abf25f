//! Every aggregate, and that following a stream gives what history gives.

use std::fmt::Write as _;

use proptest::prelude::*;

use crate::fixture::{Fixture, NOW};

const ALL: &str = "count(), count(v), count_if(v > 3), count_distinct(v), uniq(name), sum(v), sum_if(v, v > 2), \
    avg(v), avg_if(x, v > 1), min(v), max(x), any(v), latest(name), earliest(x), median(v), quantile(x, 0.25), \
    p90(v), p99(x), stddev_pop(x), stddev_samp(x), var(v), var_samp(x), group_array(v), group_uniq_array(name), \
    top_k(name, 2), arg_min(name, v), arg_max(v, x), sum(big), max(big), sum(d), min(d), avg(d), \
    count(DISTINCT name), sum(v) FILTER (WHERE v > 1), max(_tp_time)";

fn fixture() -> Fixture {
    Fixture::new().stream(
        "s",
        &[
            "name string",
            "v nullable(int32)",
            "x float64",
            "big uint64",
            "d decimal(20, 2)",
        ],
    )
}

#[test]
fn each_aggregate_has_its_value() {
    let f = fixture();
    for (index, row) in [
        r#""a",1,0.5,1,"1.10""#,
        r#""b",2,1.5,2,"2.20""#,
        r#""a",5,2.5,3,"-3""#,
        r#""c",null,3.5,4,"0""#,
    ]
    .iter()
    .enumerate()
    {
        f.insert("s", &format!("[{row},{}]", index * 1000));
    }
    let cases = [
        ("count()", "4"),
        ("count(v)", "3"),
        ("count_if(v > 1)", "2"),
        ("uniq(name)", "3"),
        ("sum(v)", "8"),
        ("sum_if(v, name = 'a')", "6"),
        ("avg(v)", "2.6666666666666665"),
        ("min(v)", "1"),
        ("max(name)", r#""c""#),
        ("any(name)", r#""a""#),
        ("any_last(v)", "5"),
        ("median(x)", "2.0"),
        ("quantile(x, 0.5)", "2.0"),
        ("p90(x)", "3.2"),
        ("var(x)", "1.25"),
        ("var_samp(v)", "4.333333333333333"),
        ("group_array(v)", "[1,2,5]"),
        ("group_uniq_array(name)", r#"["a","b","c"]"#),
        ("group_array(_tp_time)[1]", r#""1970-01-01T00:00:00.000Z""#),
        ("top_k(name, 1)", r#"["a"]"#),
        ("arg_max(name, v)", r#""a""#),
        ("arg_min(x, name)", "0.5"),
        ("sum(d)", "0.30"),
        ("max(d)", "2.20"),
        ("sum(v) FILTER (WHERE v > 1)", "7"),
        ("max(v) - min(v)", "4"),
        ("sum(v + 1) / count()", "2.75"),
    ];
    for (call, value) in cases {
        let rows = f.rows(&format!("SELECT {call} FROM table(s)"));
        assert_eq!(rows, [format!("[{value}]")], "{call}");
    }
}

fn row() -> impl Strategy<Value = (u8, Option<i32>, i16, u64, i32)> {
    (
        0u8..4,
        proptest::option::of(-5i32..9),
        any::<i16>(),
        0u64..1 << 58,
        any::<i32>(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn following_gives_what_history_gives(
        rows in proptest::collection::vec(row(), 1..40),
        chunk in 1u32..9,
    ) {
        let f = fixture();
        let grouped = format!("SELECT name, {ALL} FROM {{}} GROUP BY name ORDER BY name");
        let global = format!("SELECT {ALL} FROM {{}}");
        let windows = format!("SELECT window_start, {ALL} FROM {{}} GROUP BY window_start ORDER BY window_start");
        let mut grouped_query = f.start(&grouped.replace("{}", "s"));
        let mut global_query = f.start(&global.replace("{}", "s"));
        let mut windows_query = f.start(&windows.replace("{}", "tumble(s, 3s)"));
        for (index, (name, v, x, big, cents)) in rows.iter().enumerate() {
            let mut row = String::new();
            let v = v.map_or("null".to_string(), |v| v.to_string());
            let d = f64::from(*cents) / 100.0;
            write!(row, r#"["n{name}",{v},{},{big},"{d:.2}",{}]"#, f64::from(*x) / 7.0, index * 1000).unwrap();
            f.insert("s", &row);
        }
        let mut window_rows = Vec::new();
        for step in 0..rows.len() as i64 + 2 {
            grouped_query.step(NOW + step, chunk);
            global_query.step(NOW + step, chunk);
            window_rows.extend(windows_query.step(NOW + step, chunk).0);
        }
        prop_assert_eq!(grouped_query.step(NOW + 5000, chunk).0, f.rows(&grouped.replace("{}", "table(s)")));
        prop_assert_eq!(global_query.step(NOW + 5000, chunk).0, f.rows(&global.replace("{}", "table(s)")));
        let mut history = f.rows(&windows.replace("{}", "tumble(table(s), 3s)"));
        history.truncate((rows.len() - 1) / 3);
        prop_assert_eq!(window_rows, history);
    }
}
