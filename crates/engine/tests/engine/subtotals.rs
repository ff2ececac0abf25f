//! ROLLUP, CUBE, GROUPING SETS and TOTALS, worked out by hand.

use crate::fixture::Fixture;

/// Sales of two kinds in two towns: a/x 1 and 2, a/y 3, b/x 4.
fn sales() -> Fixture {
    let fixture = Fixture::new().stream("s", &["town string", "kind string", "n int32"]);
    for (town, kind, n) in [("a", "x", 1), ("a", "x", 2), ("a", "y", 3), ("b", "x", 4)] {
        fixture.insert("s", &format!(r#"["{town}", "{kind}", {n}, 0]"#));
    }
    fixture
}

#[test]
fn rollup_leaves_off_keys_from_the_last_on() {
    let fixture = sales();
    let rows = [
        r#"["a","x",3]"#,
        r#"["a","y",3]"#,
        r#"["b","x",4]"#,
        r#"["a","",6]"#,
        r#"["b","",4]"#,
        r#"["","",10]"#,
    ];
    for by in [
        "ROLLUP(town, kind)",
        "town, kind WITH ROLLUP",
        "ROLLUP(1, 2)",
    ] {
        let sql = format!("SELECT town, kind, sum(n) FROM table(s) GROUP BY {by}");
        assert_eq!(fixture.rows(&sql), rows, "{by}");
    }
    let having =
        "SELECT town, sum(n) AS m FROM table(s) GROUP BY ROLLUP(town) HAVING m > 4 ORDER BY m";
    assert_eq!(fixture.rows(having), [r#"["a",6]"#, r#"["",10]"#]);
}

#[test]
fn cube_has_every_choice_of_keys() {
    let fixture = sales();
    let sql = "SELECT town, kind, sum(n) FROM table(s) GROUP BY town, kind WITH CUBE";
    let rows = [
        r#"["a","x",3]"#,
        r#"["a","y",3]"#,
        r#"["b","x",4]"#,
        r#"["a","",6]"#,
        r#"["b","",4]"#,
        r#"["","x",7]"#,
        r#"["","y",3]"#,
        r#"["","",10]"#,
    ];
    assert_eq!(fixture.rows(sql), rows);
}

#[test]
fn grouping_sets_and_what_is_absent() {
    let fixture = sales();
    let sql = "SELECT town, kind, count(), grouping(town), grouping(town, kind) FROM table(s) \
               GROUP BY GROUPING SETS ((town), (kind), ())";
    let rows = [
        r#"["a","",3,0,1]"#,
        r#"["b","",1,0,1]"#,
        r#"["","x",3,1,2]"#,
        r#"["","y",1,1,2]"#,
        r#"["","",4,1,3]"#,
    ];
    assert_eq!(fixture.rows(sql), rows);
    let plain = "SELECT town, grouping(town) FROM table(s) GROUP BY town";
    assert_eq!(fixture.rows(plain), [r#"["a",0]"#, r#"["b",0]"#]);
}

#[test]
fn a_set_of_no_key_is_one_group_also_without_an_aggregate() {
    let fixture = sales();
    let sql = "SELECT town FROM table(s) GROUP BY ROLLUP(town)";
    assert_eq!(fixture.rows(sql), [r#"["a"]"#, r#"["b"]"#, r#"[""]"#]);
}

#[test]
fn totals_come_last_whatever_the_order_and_the_limit() {
    let fixture = sales();
    let sql = "SELECT town, sum(n) AS m FROM table(s) GROUP BY town WITH TOTALS \
               ORDER BY m DESC LIMIT 1";
    assert_eq!(fixture.rows(sql), [r#"["a",6]"#, r#"["",10]"#]);
    let all = "SELECT kind, max(n) FROM table(s) GROUP BY kind WITH TOTALS ORDER BY kind DESC";
    assert_eq!(fixture.rows(all), [r#"["y",3]"#, r#"["x",4]"#, r#"["",4]"#]);
}

#[test]
fn the_end_of_a_window_is_absent_with_its_start() {
    let fixture = Fixture::new().stream("s", &["n int32"]);
    fixture.insert("s", r#"[1, "2024-01-01 00:00:01"]"#);
    fixture.insert("s", r#"[2, "2024-01-01 00:00:06"]"#);
    let sql = "SELECT window_start, window_end, sum(n) FROM tumble(table(s), 5s) \
               GROUP BY ROLLUP(window_start)";
    let rows = [
        r#"["2024-01-01T00:00:00.000Z","2024-01-01T00:00:05.000Z",1]"#,
        r#"["2024-01-01T00:00:05.000Z","2024-01-01T00:00:10.000Z",2]"#,
        r#"["1970-01-01T00:00:00.000Z","1970-01-01T00:00:00.000Z",3]"#,
    ];
    assert_eq!(fixture.rows(sql), rows);
}

#[test]
fn what_cannot_be_said_is_refused_in_words() {
    let fixture = sales();
    for (sql, words) in [
        (
            "SELECT town, sum(n) FROM s GROUP BY ROLLUP(town)",
            "over a followed stream",
        ),
        (
            "SELECT town, sum(n) AS m FROM table(s) GROUP BY town WITH TOTALS HAVING m > 1",
            "HAVING beside WITH TOTALS",
        ),
        (
            "SELECT grouping(n) FROM table(s) GROUP BY town",
            "keys of GROUP BY",
        ),
        (
            "SELECT 1 FROM table(s) GROUP BY CUBE(n, n+1, n+2, n+3, n+4, n+5, n+6)",
            "more than 64 sets",
        ),
    ] {
        let error = fixture.error(sql).to_string();
        assert!(error.contains(words), "{sql}: {error}");
    }
}
