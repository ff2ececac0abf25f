//! Queries over what is there.

use crate::fixture::Fixture;

fn people() -> Fixture {
    let f = Fixture::new()
        .stream("p", &["id int32", "city string", "age nullable(int8)"])
        .stream("c", &["city string", "country string"])
        .view_of("adults", "SELECT id, city FROM p WHERE age >= 18");
    for row in [
        r#"[1,"Rome",30,"2024-01-01T00:00:01Z"]"#,
        r#"[2,"Oslo",17,"2024-01-01T00:00:02Z"]"#,
        r#"[3,"Rome",null,"2024-01-01T00:00:06Z"]"#,
        r#"[4,"Bonn",45,"2024-01-01T00:00:11Z"]"#,
    ] {
        f.insert("p", row);
    }
    f.insert("c", r#"["Rome","Italy",0]"#);
    f.insert("c", r#"["Oslo","Norway",0]"#);
    f
}

#[test]
fn columns_filters_order_and_limit() {
    let f = people();
    assert_eq!(
        f.rows("SELECT id FROM table(p) WHERE age > 20 ORDER BY id DESC"),
        ["[4]", "[1]"]
    );
    assert_eq!(
        f.rows("SELECT id FROM table(p) ORDER BY id LIMIT 2 OFFSET 1"),
        ["[2]", "[3]"]
    );
    assert_eq!(
        f.rows("SELECT id FROM table(p) ORDER BY id LIMIT 1, 2"),
        ["[2]", "[3]"]
    );
    assert_eq!(
        f.rows("SELECT id AS n, n * 2 AS m FROM table(p) WHERE m = 8"),
        ["[4,8]"]
    );
    assert_eq!(
        f.rows("SELECT age FROM table(p) ORDER BY age"),
        ["[17]", "[30]", "[45]", "[null]"]
    );
    assert_eq!(
        f.rows("SELECT age FROM table(p) ORDER BY 1 DESC LIMIT 1"),
        ["[45]"]
    );
    assert_eq!(
        f.rows("SELECT DISTINCT city FROM table(p) ORDER BY city")
            .len(),
        3
    );
    assert_eq!(
        f.header("SELECT * FROM table(p)"),
        [
            "id int32",
            "city string",
            "age nullable(int8)",
            "_tp_time datetime64(3)"
        ]
    );
    assert_eq!(
        f.header("SELECT * EXCEPT (_tp_time, id) FROM p"),
        ["city string", "age nullable(int8)"]
    );
    assert_eq!(
        f.header("SELECT a.* FROM p AS a JOIN table(c) AS b USING (city)")
            .len(),
        4
    );
    assert_eq!(
        f.header("SELECT * FROM p JOIN table(c) AS c USING (city)")
            .len(),
        6
    );
}

#[test]
fn groups_by_name_position_alias_and_expression() {
    let f = people();
    let expected = [r#"["Bonn",1]"#, r#"["Oslo",1]"#, r#"["Rome",2]"#];
    for group in ["city", "1", "where_", "lower(city)"] {
        let select = if group == "lower(city)" {
            "any(city)"
        } else {
            "city AS where_"
        };
        let sql = format!("SELECT {select}, count() FROM table(p) GROUP BY {group} ORDER BY 1");
        assert_eq!(f.rows(&sql), expected, "{group}");
    }
    assert_eq!(
        f.rows("SELECT upper(city) AS u, count() AS c FROM table(p) GROUP BY city HAVING c > 1 AND max(age) = 30"),
        [r#"["ROME",2]"#]
    );
    assert_eq!(
        f.rows("SELECT count(), count(age), sum(age) / count() FROM table(p)"),
        ["[4,3,23.0]"]
    );
    assert_eq!(
        f.rows("SELECT city FROM table(p) GROUP BY city ORDER BY count() DESC, city LIMIT 1"),
        [r#"["Rome"]"#]
    );
}

#[test]
fn nothing_has_a_count_and_a_sum() {
    let f = people();
    assert_eq!(
        f.rows("SELECT count(), sum(id), max(id), group_array(id) FROM table(p) WHERE id > 99"),
        ["[0,0,0,[]]"]
    );
    assert_eq!(
        f.rows("SELECT city, count() FROM table(p) WHERE id > 99 GROUP BY city"),
        Vec::<String>::new()
    );
    assert_eq!(f.header("SELECT max(id) AS m FROM table(p)"), ["m int32"]);
    assert_eq!(
        f.header("SELECT max(id) AS m FROM table(p) GROUP BY city"),
        ["m int32"]
    );
}

#[test]
fn windows_of_history() {
    let f = people();
    assert_eq!(
        f.rows("SELECT window_start, count() FROM tumble(table(p), 5s) GROUP BY window_start ORDER BY window_start"),
        [
            r#"["2024-01-01T00:00:00.000Z",2]"#,
            r#"["2024-01-01T00:00:05.000Z",1]"#,
            r#"["2024-01-01T00:00:10.000Z",1]"#
        ]
    );
    assert_eq!(
        f.rows("SELECT count() FROM hop(table(p), 1s, 5s)"),
        ["[20]"]
    );
    assert_eq!(
        f.rows("SELECT count() FROM tumble(table(p), INTERVAL 1 DAY) GROUP BY window_end"),
        ["[4]"]
    );
}

#[test]
fn joins_subqueries_and_unions() {
    let f = people();
    let joined = "SELECT id, country FROM table(p) AS p {} JOIN table(c) AS c ON p.city = c.city ORDER BY id";
    assert_eq!(f.rows(&joined.replace("{}", "INNER")).len(), 3);
    assert_eq!(f.rows(&joined.replace("{}", "LEFT"))[3], "[4,null]");
    assert_eq!(
        f.rows("SELECT a.id FROM table(p) AS a, table(p) AS b WHERE a.id = b.id + 3"),
        ["[4]"]
    );
    assert_eq!(
        f.rows("WITH x AS (SELECT id + 1 AS n FROM table(p)), y AS (SELECT n FROM x WHERE n > 3) SELECT sum(n) FROM y"),
        ["[9]"]
    );
    assert_eq!(
        f.rows("SELECT n FROM (SELECT count() AS n FROM table(p) GROUP BY city) WHERE n > 1"),
        ["[2]"]
    );
    assert_eq!(
        f.rows("SELECT max(n) FROM (SELECT count() AS n FROM table(p) GROUP BY city)"),
        ["[2]"]
    );
    assert_eq!(
        f.rows("SELECT id FROM table(adults) ORDER BY id"),
        ["[1]", "[4]"]
    );
    assert_eq!(
        f.rows("SELECT id FROM table(p) AS o WHERE EXISTS (SELECT 1 FROM table(c) AS i WHERE i.city = o.city AND country = 'Norway')"),
        ["[2]"]
    );
    assert_eq!(f.rows("SELECT (SELECT max(id) FROM table(p)) + 1"), ["[5]"]);
    assert_eq!(
        f.rows("SELECT id FROM table(p) WHERE city NOT IN (SELECT city FROM table(c))"),
        ["[4]"]
    );
    assert_eq!(
        f.rows("SELECT id AS n FROM table(p) WHERE id < 2 UNION ALL SELECT 1.5 ORDER BY n DESC"),
        ["[1.5]", "[1.0]"]
    );
    assert_eq!(
        f.header("SELECT id AS n FROM table(p) UNION ALL SELECT 1.5"),
        ["n float64"]
    );
    assert_eq!(f.rows("SELECT 1 UNION DISTINCT SELECT 1"), ["[1]"]);
}

#[test]
fn a_query_without_from_ends_at_once() {
    let f = people();
    assert_eq!(f.rows("SELECT 1 + 1, 'x' || 'y'"), [r#"[2,"xy"]"#]);
    assert_eq!(f.rows("SELECT 1 WHERE false"), Vec::<String>::new());
}

#[test]
fn streams_are_shown_and_described() {
    let f = people();
    assert_eq!(
        f.rows("SHOW STREAMS"),
        [r#"["adults"]"#, r#"["c"]"#, r#"["p"]"#]
    );
    assert_eq!(f.rows("DESCRIBE p")[2], r#"["age","nullable(int8)"]"#);
}

#[test]
fn analysis_tells_what_a_query_needs() {
    let f = people();
    let sql = "SELECT city, count() AS n FROM p WHERE id > 1 GROUP BY city";
    let analysis = weir_engine::analyze(sql, &f).unwrap();
    assert!(analysis.is_streaming && analysis.has_aggr && !analysis.has_table_join);
    assert_eq!(analysis.query_type, "SELECT");
    assert_eq!(analysis.group_by_columns, ["city"]);
    let required: Vec<_> = analysis
        .required_columns
        .iter()
        .map(|c| c.column.as_str())
        .collect();
    assert_eq!(required, ["id", "city"]);
    assert_eq!(analysis.result_columns[1].column_type, "uint64");
    assert_eq!(
        weir_engine::analyze("DROP STREAM p", &f)
            .unwrap()
            .query_type,
        "DROP"
    );
}

#[test]
fn scanned_rows_of_history_are_told() {
    let f = people();
    let mut query = f.start("SELECT count() FROM table(p) WHERE id > 1");
    query.rows();
    let stats = query.runner.stats();
    assert_eq!((stats.scanned_rows, stats.emitted_rows), (4, 1));
    assert!(stats.scanned_bytes > 100);
}
