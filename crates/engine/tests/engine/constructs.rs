//! Constructs around the SELECT, with rows worked out by hand.

use weir_engine::{Statement, parse};

use crate::fixture::{Fixture, NOW};

/// Groups `a` and `b` of three and two rows.
fn fixture() -> Fixture {
    let fixture = Fixture::new().stream("s", &["k string", "n int64"]);
    for (k, n) in [("a", 1), ("b", 2), ("a", 3), ("a", 5), ("b", 4)] {
        fixture.insert("s", &format!(r#"["{k}", {n}, {NOW}]"#));
    }
    fixture
}

#[test]
fn limit_by_counts_for_each_value() {
    let fixture = fixture();
    for (sql, rows) in [
        (
            "SELECT k, n FROM table(s) ORDER BY n DESC LIMIT 1 BY k",
            vec![r#"["a",5]"#, r#"["b",4]"#],
        ),
        (
            "SELECT k, n FROM table(s) ORDER BY k, n LIMIT 2 BY k",
            vec![r#"["a",1]"#, r#"["a",3]"#, r#"["b",2]"#, r#"["b",4]"#],
        ),
        (
            "SELECT n % 2 AS odd, count() AS c FROM table(s) GROUP BY odd ORDER BY odd LIMIT 1 BY c",
            vec!["[0,2]", "[1,3]"],
        ),
    ] {
        assert_eq!(fixture.rows(sql), rows, "{sql}");
    }
    let error = fixture.error("SELECT DISTINCT n FROM s LIMIT 1 BY k");
    assert!(error.message.contains("with DISTINCT"), "{error}");
}

#[test]
fn what_would_do_nothing_behind_a_table_is_refused() {
    let fixture = fixture();
    for sql in [
        "SELECT n FROM s SAMPLE 0.1",
        "SELECT n FROM (SELECT n FROM table(s)) SAMPLE 0.5",
        "SELECT number FROM numbers(10) SAMPLE 0.1",
    ] {
        let error = fixture.error(sql);
        assert!(
            error.message.contains("SAMPLE is not supported"),
            "{sql}: {error}"
        );
    }
}

#[test]
fn orders_of_workers_are_refused() {
    let error = fixture().error("SELECT n FROM table(s) CLUSTER BY n");
    assert!(error.message.contains("CLUSTER BY"), "{error}");
}

#[test]
fn over_looks_at_the_rows_around() {
    let fixture = fixture();
    for (expr, rows) in [
        (
            "lag(n) OVER (PARTITION BY k ORDER BY n)",
            ["null", "null", "1", "2", "3"],
        ),
        (
            "lag(n, 1, 0) OVER (PARTITION BY k ORDER BY n)",
            ["0", "0", "1", "2", "3"],
        ),
        ("lead(n) OVER (ORDER BY n)", ["2", "3", "4", "5", "null"]),
        (
            "row_number() OVER (PARTITION BY k ORDER BY n DESC)",
            ["3", "2", "2", "1", "1"],
        ),
        ("rank() OVER (ORDER BY k)", ["1", "4", "1", "4", "1"]),
        ("sum(n) OVER (PARTITION BY k)", ["9", "6", "9", "6", "9"]),
        (
            "sum(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
            ["1", "3", "5", "7", "9"],
        ),
        ("count() OVER (ORDER BY n)", ["1", "2", "3", "4", "5"]),
        ("avg(n) OVER ()", ["3.0"; 5]),
        (
            "max(n) OVER (PARTITION BY k) - n",
            ["4", "2", "2", "0", "0"],
        ),
        (
            "first_value(n) OVER (PARTITION BY k ORDER BY n)",
            ["1", "2", "1", "2", "1"],
        ),
    ] {
        let sql = format!("SELECT {expr} AS x FROM table(s) ORDER BY n");
        let rows: Vec<_> = rows.iter().map(|row| format!("[{row}]")).collect();
        assert_eq!(fixture.rows(&sql), rows, "{expr}");
    }
    assert_eq!(
        fixture.header(
            "SELECT row_number() OVER (ORDER BY n) AS r, lag(n) OVER () AS l FROM table(s)"
        ),
        ["r uint64", "l nullable(int64)"]
    );
    for (sql, part) in [
        ("SELECT lag(n) OVER (ORDER BY n) FROM s", "followed stream"),
        ("SELECT median(n) OVER () FROM table(s)", "median() OVER"),
        (
            "SELECT k, sum(n) OVER () FROM table(s) GROUP BY k",
            "column 'n' is neither in GROUP BY nor inside an aggregate",
        ),
        (
            "SELECT k, sum(count()) OVER () FROM s GROUP BY k",
            "OVER over a followed stream",
        ),
        (
            "SELECT sum(n) OVER w FROM table(s)",
            "WINDOW does not say what 'w' is",
        ),
    ] {
        let error = fixture.error(sql);
        assert!(error.message.contains(part), "{sql}: {error}");
    }
}

#[test]
fn results_are_sent_when_the_query_says() {
    let fixture = fixture();
    let mut query = fixture.start("SELECT k, sum(n) FROM s GROUP BY k EMIT ON UPDATE");
    fixture.insert("s", r#"["a", 10, 0]"#);
    assert_eq!(query.step(NOW + 1, 100).0, [r#"["a",10]"#]);
    fixture.insert("s", r#"["b", 20, 0]"#);
    // Only what has changed.
    assert_eq!(query.step(NOW + 2, 100).0, [r#"["b",20]"#]);
    assert!(query.step(NOW + 3, 100).0.is_empty());

    let mut query = fixture.start("SELECT count() FROM s EMIT PERIODIC 1s REPEAT");
    fixture.insert("s", r#"["c", 30, 0]"#);
    assert_eq!(query.step(NOW + 1_000, 100).0, ["[1]"]);
    assert!(query.step(NOW + 1_500, 100).0.is_empty());
    assert_eq!(query.step(NOW + 2_000, 100).0, ["[1]"]);

    // Windows that are still open, again and again.
    let sql = "SELECT count() FROM tumble(s, 1h) GROUP BY window_start EMIT PERIODIC 1s";
    let mut query = fixture.start(sql);
    for count in 1..=2 {
        fixture.insert("s", &format!(r#"["c", 30, {NOW}]"#));
        let now = NOW + 1_000 * count;
        assert_eq!(query.step(now, 100).0, [format!("[{count}]")]);
    }
    let sql = "SELECT count() FROM tumble(s, 10s) GROUP BY window_start \
               EMIT AFTER WINDOW CLOSE WITH DELAY 5s";
    let mut query = fixture.start(sql);
    let start = NOW - NOW % 10_000;
    for (after, rows) in [(0, vec![]), (12_000, vec![]), (15_000, vec!["[1]"])] {
        fixture.insert("s", &format!(r#"["c", 30, {}]"#, start + after));
        assert_eq!(query.rows(), rows, "{after}");
    }
}

#[test]
fn a_changelog_counts_what_was_not_taken_back() {
    let fixture = Fixture::new().stream("c", &["k string", "n int64", "_tp_delta int8"]);
    for (k, n, delta) in [
        ("a", 5, 1),
        ("a", 5, -1),
        ("a", 7, 1),
        ("b", 1, 1),
        ("b", 1, -1),
    ] {
        fixture.insert("c", &format!(r#"["{k}", {n}, {delta}, 0]"#));
    }
    let sql = "SELECT k, count(), sum(n), avg(n), count(n) FROM table(c) GROUP BY k ORDER BY k";
    let rows = [r#"["a",1,7,7.0,1]"#, r#"["b",0,0,"nan",0]"#];
    assert_eq!(fixture.rows(sql), rows);
    let live = sql.replace("table(c)", "c") + " SETTINGS seek_to='earliest'";
    let mut query = fixture.start(&live);
    assert_eq!(query.step(NOW + 10_000, 100).0, rows);
    assert_eq!(fixture.rows("SELECT max(n) FROM table(c)"), ["[7]"]);
}

#[test]
fn short_statements_answer_with_rows() {
    let fixture = fixture().view_of("v", "SELECT n FROM s");
    assert_eq!(fixture.rows("EXISTS STREAM s"), [r#"["1"]"#]);
    assert_eq!(fixture.rows("EXISTS v"), [r#"["1"]"#]);
    assert_eq!(fixture.rows("EXISTS VIEW nothing"), [r#"["0"]"#]);
    let lines = fixture.rows("EXPLAIN SELECT k, count() FROM s GROUP BY k");
    assert_eq!(lines[0], r#"["Source: s (stream)"]"#);
    assert!(
        lines[1].contains("Aggregation (1 keys, 1 states)"),
        "{lines:?}"
    );
    assert_eq!(
        fixture.rows("SELECT count() FROM table(default.s)"),
        ["[5]"]
    );
    for (sql, rows) in [
        (
            "SELECT name, engine FROM system.tables ORDER BY name",
            vec![r#"["s","Stream"]"#, r#"["v","View"]"#],
        ),
        (
            "SELECT name, type, position FROM system.columns WHERE table = 's' AND position < 3",
            vec![r#"["k","string",1]"#, r#"["n","int64",2]"#],
        ),
        (
            "SELECT name, is_aggregate FROM system.functions WHERE name IN ('count', 'length') ORDER BY name",
            vec![r#"["count",1]"#, r#"["length",0]"#],
        ),
        ("SELECT name FROM system.databases", vec![r#"["default"]"#]),
    ] {
        assert_eq!(fixture.rows(sql), rows, "{sql}");
    }
    let error = fixture.error("SELECT * FROM system.colums");
    assert!(error.message.contains("did you mean 'columns'?"), "{error}");
}

#[test]
fn insert_takes_a_query() {
    let Ok(Statement::Insert(insert)) = parse("INSERT INTO s (k, n) SELECT k, n + 1 FROM table(s)")
    else {
        panic!("not an insert");
    };
    assert_eq!(insert.stream, "s");
    assert_eq!(insert.columns, ["k", "n"]);
    let select = insert.select().expect("a query");
    assert_eq!(select.sql, "SELECT k, n + 1 FROM table(s)");
}

#[test]
fn settings_stand_anywhere_and_what_only_tunes_is_told() {
    let fixture = fixture();
    for sql in [
        "SELECT n FROM s WHERE n > 4 SETTINGS query_mode='table', max_threads=4",
        "SELECT n FROM (SELECT n FROM s WHERE n > 4 SETTINGS query_mode = 'table')",
        "WITH c AS (SELECT n FROM table(s) SETTINGS max_threads = 1) SELECT n FROM c WHERE n > 4",
    ] {
        assert_eq!(fixture.rows(sql), ["[5]"], "{sql}");
    }
    let plan = fixture
        .plan("SELECT n FROM s SETTINGS max_threads=4, seek_to='earliest'")
        .unwrap();
    assert_eq!(plan.notices, ["setting max_threads has no effect here"]);
    let mut query = fixture.start("SELECT n FROM (SELECT * FROM s SETTINGS seek_to='earliest')");
    assert_eq!(query.rows().len(), 5);
    for (sql, part) in [
        ("SELECT n FROM s SETTINGS extremes=1", "setting 'extremes'"),
        (
            "SELECT n FROM s SETTINGS query_mode='x'",
            "'table' or 'streaming'",
        ),
        ("SELECT n FROM s SETTINGS max_threads=1 2", "a value"),
        (
            "SELECT n FROM (SELECT n FROM s SETTINGS max_threads=1 WHERE n > 1)",
            "a value",
        ),
    ] {
        let error = fixture.error(sql);
        assert!(error.message.contains(part), "{sql}: {error}");
    }
}

#[test]
fn a_view_takes_values_where_it_is_read() {
    let fixture = fixture()
        .view_of(
            "least",
            "SELECT n, {mark:string} AS m FROM s WHERE n >= {least : int64}",
        )
        .view_of(
            "around",
            "SELECT n, m FROM least(least = 4, mark = 'y') WHERE n < 5",
        );
    assert_eq!(
        fixture.rows("SELECT n, m FROM table(least(least = 1 + 2, mark = 'x')) ORDER BY n"),
        [r#"[3,"x"]"#, r#"[4,"x"]"#, r#"[5,"x"]"#]
    );
    assert_eq!(
        fixture.rows("SELECT a.n, b.m FROM table(around) AS a JOIN table(least(least = 4, mark = 'z')) AS b USING (n)"),
        [r#"[4,"z"]"#]
    );
    let mut live = fixture.start("SELECT n FROM least(least = 5, mark = 'x')");
    fixture.insert("s", &format!(r#"["a", 4, {NOW}]"#));
    fixture.insert("s", &format!(r#"["a", 6, {NOW}]"#));
    assert_eq!(live.rows(), ["[6]"]);
    assert_eq!(
        fixture.rows("DESCRIBE least"),
        [r#"["n","int64"]"#, r#"["m","string"]"#]
    );
    for (sql, wanted) in [
        (
            "SELECT * FROM least",
            "in view 'least': parameter 'least': it has no value",
        ),
        (
            "SELECT * FROM least(least = 1)",
            "parameter 'mark': it has no value",
        ),
        (
            "SELECT * FROM least(most = 1)",
            "view 'least' has no parameter 'most'",
        ),
        (
            "SELECT * FROM least(1)",
            "a view's parameters have names: least(a = 1)",
        ),
        (
            "SELECT * FROM least(least = 'x', mark = 'a')",
            "'x' is not a valid int64",
        ),
        ("SELECT {n:int} FROM s", "parameter 'n': it has no value"),
        ("SELECT {n:nothing} FROM s", "nothing"),
    ] {
        let error = fixture.plan(sql).map(|_| ()).expect_err(sql);
        assert!(error.message.contains(wanted), "{sql}: {error}");
    }
}
