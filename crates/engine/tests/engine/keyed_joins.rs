//! Joins of streams that keep the last row of each key, and what deleting a row does.

use crate::fixture::{Fixture, NOW};

/// As the vendor's page of bidirectional joins has it.
fn two() -> Fixture {
    Fixture::new()
        .stream("l", &["k string", "i int32"])
        .keyed("l")
        .stream("r", &["kk string", "ii int32"])
        .keyed("r")
}

#[test]
fn either_side_brings_what_is_new() {
    let fixture = two();
    let mut new = fixture.start("SELECT i, ii FROM l JOIN r ON l.k = r.kk");
    let mut weighed = fixture.start("SELECT i, ii, _tp_delta FROM l JOIN r ON l.k = r.kk");
    let mut left = fixture.start("SELECT k, ii FROM l LEFT JOIN r ON l.k = r.kk");
    fixture.put("l", r#"["a", 1, 0]"#);
    let nothing: [&str; 0] = [];
    assert_eq!(new.step(NOW, 100).0, nothing);
    assert_eq!(left.step(NOW, 100).0, [r#"["a",null]"#]);
    fixture.put("r", r#"["a", 11, 0]"#);
    assert_eq!(new.step(NOW, 100).0, ["[1,11]"]);
    assert_eq!(weighed.step(NOW, 100).0, ["[1,11,1]"]);
    assert_eq!(left.step(NOW, 100).0, [r#"["a",11]"#]);
    fixture.put("r", r#"["a", 22, 0]"#);
    assert_eq!(new.step(NOW, 100).0, ["[1,22]"]);
    assert_eq!(weighed.step(NOW, 100).0, ["[1,11,-1]", "[1,22,1]"]);
    assert_eq!(left.step(NOW, 100).0, [r#"["a",22]"#]);
    // Another row of the same key as the one before brings nothing new.
    fixture.put("l", r#"["a", 1, 0]"#);
    assert_eq!(new.step(NOW, 100).0, nothing);
}

#[test]
fn a_full_join_of_both() {
    let fixture = two();
    let mut query = fixture.start("SELECT k, kk FROM l FULL JOIN r ON l.k = r.kk");
    fixture.put("r", r#"["b", 1, 0]"#);
    assert_eq!(query.step(NOW, 100).0, [r#"[null,"b"]"#]);
    fixture.put("l", r#"["b", 1, 0]"#);
    assert_eq!(query.step(NOW, 100).0, [r#"["b","b"]"#]);
}

#[test]
fn a_deleted_row_is_taken_back_at_once() {
    let fixture = two();
    let mut changes = fixture.start("SELECT k, i, _tp_delta FROM l EMIT CHANGELOG");
    let mut sum = fixture.start("SELECT count(), sum(i) FROM l EMIT ON UPDATE");
    fixture.put("l", r#"["a", 1, 0]"#);
    fixture.put("l", r#"["b", 2, 0]"#);
    changes.step(NOW, 100);
    assert_eq!(sum.step(NOW, 100).0, ["[2,3]"]);
    for (key, left) in [("a", "[1,2]"), ("b", "[0,0]")] {
        fixture
            .conn
            .execute("DELETE FROM s_l WHERE k = ?", [key])
            .unwrap();
        changes.runner.rows_went();
        sum.runner.rows_went();
        let gone = changes.step(NOW, 100).0;
        assert_eq!(gone.len(), 1, "{gone:?}");
        assert!(gone[0].starts_with(&format!(r#"["{key}","#)) && gone[0].ends_with(",-1]"));
        assert_eq!(sum.step(NOW, 100).0, [left]);
    }
}

#[test]
fn an_aggregation_of_changes_does_not_count_what_was_before() {
    let fixture = two();
    let mut query = fixture.start(
        "SELECT sum(x) FROM (SELECT k, sum(i) AS x FROM l GROUP BY k EMIT CHANGELOG PERIODIC 1s)",
    );
    fixture.put("l", r#"["a", 1, 0]"#);
    query.step(NOW, 100);
    assert_eq!(query.step(NOW + 1000, 100).0, ["[1]"]);
    fixture.put("l", r#"["a", 2, 0]"#);
    query.step(NOW + 1000, 100);
    assert_eq!(query.step(NOW + 2000, 100).0, ["[2]"]);
}

#[test]
fn rows_older_than_the_last_of_their_key_are_left_out() {
    let fixture = two();
    for call in [
        "changelog(l, true)",
        "changelog(l, k, true)",
        "changelog(l, k, _tp_time, true)",
    ] {
        let mut query = fixture.start(&format!(
            "SELECT i, _tp_delta FROM {call} WHERE k = '{call}'"
        ));
        let mut put = |i: i64, time: i64| {
            fixture.insert("l", &format!(r#"["{call}", {i}, {time}]"#));
            query.step(NOW, 100).0
        };
        assert_eq!(put(1, 1_700_000_000), ["[1,1]"], "{call}");
        assert_eq!(put(2, 1_600_000_000), [""; 0], "{call}");
        assert_eq!(put(3, 1_800_000_000), ["[1,-1]", "[3,1]"], "{call}");
    }
}

#[test]
fn the_changes_of_an_aggregation() {
    let fixture = two();
    let sql = "WITH c AS (SELECT k, sum(i) AS x FROM l GROUP BY k) \
               SELECT k, x, _tp_delta FROM changelog(c, k)";
    let mut query = fixture.start(sql);
    let nothing: [&str; 0] = [];
    fixture.put("l", r#"["a", 1, 0]"#);
    fixture.put("l", r#"["b", 2, 0]"#);
    let first = query.step(NOW, 100).0;
    assert_eq!(first, [r#"["a",1,1]"#, r#"["b",2,1]"#]);
    // Only what has changed is sent again.
    fixture.put("l", r#"["a", 5, 0]"#);
    assert_eq!(query.step(NOW + 1, 100).0, nothing);
    let second = query.step(NOW + 2000, 100).0;
    assert_eq!(second, [r#"["a",1,-1]"#, r#"["a",5,1]"#]);
    assert_eq!(query.step(NOW + 9000, 100).0, nothing);
    let around = format!("SELECT sum(x) FROM ({sql})");
    let error = fixture.error(&around).to_string();
    assert!(
        error.contains("aggregate the aggregation itself"),
        "{error}"
    );
}

#[test]
fn a_join_of_no_rows_has_a_result_once_there_was_one() {
    let fixture = two();
    let mut query = fixture.start("SELECT count() FROM l JOIN r ON l.k = r.kk EMIT ON UPDATE");
    let nothing: [&str; 0] = [];
    fixture.put("l", r#"["a", 1, 0]"#);
    assert_eq!(query.step(NOW, 100).0, nothing);
    fixture.put("r", r#"["a", 1, 0]"#);
    assert_eq!(query.step(NOW, 100).0, ["[1]"]);
    fixture.conn.execute("DELETE FROM s_l", []).unwrap();
    query.runner.rows_went();
    assert_eq!(query.step(NOW, 100).0, ["[0]"]);
}

#[test]
fn a_join_inside_a_query_brings_what_is_new() {
    for sql in [
        "SELECT ii FROM (SELECT i, ii FROM l JOIN r ON l.k = r.kk) WHERE i > 0",
        "WITH j AS (SELECT i, ii FROM l JOIN r ON l.k = r.kk) SELECT ii FROM j",
    ] {
        let fixture = two();
        let mut query = fixture.start(sql);
        fixture.put("l", r#"["a", 1, 0]"#);
        fixture.put("r", r#"["a", 11, 0]"#);
        assert_eq!(query.step(NOW, 100).0, ["[11]"], "{sql}");
        fixture.put("r", r#"["a", 22, 0]"#);
        assert_eq!(query.step(NOW, 100).0, ["[22]"], "{sql}");
    }
}

#[test]
fn rows_of_a_query_weigh_what_their_delta_says() {
    let fixture = Fixture::new().stream("s", &["k string", "i int32"]);
    let sql =
        "SELECT sum(i), count() FROM (SELECT i, _tp_delta FROM changelog(s, k)) EMIT ON UPDATE";
    let mut query = fixture.start(sql);
    fixture.insert("s", r#"["a", 1, 0]"#);
    fixture.insert("s", r#"["a", 5, 0]"#);
    fixture.insert("s", r#"["b", 2, 0]"#);
    assert_eq!(query.step(NOW, 100).0, ["[7,2]"]);
}

#[test]
fn a_join_in_a_view_follows_both_sides() {
    let fixture = two()
        .view_of("left_ones", "SELECT k, i FROM l")
        .view_of(
            "joined",
            "SELECT k, i, ii FROM left_ones JOIN r ON left_ones.k = r.kk",
        )
        .view_of("around", "SELECT i, ii FROM joined WHERE i > 0");
    let mut query = fixture.start("SELECT ii FROM around");
    fixture.put("l", r#"["a", 1, 0]"#);
    fixture.put("r", r#"["a", 11, 0]"#);
    assert_eq!(query.step(NOW, 100).0, ["[11]"]);
    fixture.put("r", r#"["a", 22, 0]"#);
    assert_eq!(query.step(NOW, 100).0, ["[22]"]);
}

#[test]
fn changelog_of_a_keyed_stream_takes_a_deleted_row_back() {
    let fixture = two();
    let mut changes = fixture.start("SELECT k, i, _tp_delta FROM changelog(l)");
    let mut named = fixture.start("SELECT i, _tp_delta FROM changelog(l, k) WHERE i > 0");
    let mut whole = fixture.start("SELECT * FROM changelog(l)");
    let mut sum = fixture.start("SELECT sum(i) FROM changelog(l) EMIT ON UPDATE");
    fixture.put("l", r#"["a", 1, 0]"#);
    assert_eq!(changes.step(NOW, 100).0, [r#"["a",1,1]"#]);
    assert_eq!(named.step(NOW, 100).0, ["[1,1]"]);
    assert_eq!(sum.step(NOW, 100).0, ["[1]"]);
    let row = whole.step(NOW, 100).0;
    assert!(
        row[0].starts_with(r#"["a",1,""#) && row[0].ends_with(",1]"),
        "{row:?}"
    );
    fixture.conn.execute("DELETE FROM s_l", []).unwrap();
    for query in [&mut changes, &mut named, &mut whole, &mut sum] {
        query.runner.rows_went();
    }
    assert_eq!(changes.step(NOW, 100).0, [r#"["a",1,-1]"#]);
    assert_eq!(named.step(NOW, 100).0, ["[1,-1]"]);
    assert_eq!(sum.step(NOW, 100).0, ["[0]"]);
    assert!(whole.step(NOW, 100).0[0].ends_with(",-1]"));
}
