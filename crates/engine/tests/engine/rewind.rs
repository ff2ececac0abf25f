//! `WHERE _tp_time …` over a followed stream starts it there.

use crate::fixture::{Fixture, NOW};

/// Rows of an hour, ten minutes and a second ago.
fn fixture() -> Fixture {
    let fixture = Fixture::new()
        .stream("s", &["n int64"])
        .stream("names", &["n int64", "name string"])
        .view_of("v", "SELECT _tp_time, n + 1 AS m FROM s");
    for (n, ago) in [(1, 3_600_000), (2, 600_000), (3, 1_000)] {
        fixture.insert("s", &format!("[{n}, {}]", NOW - ago));
    }
    fixture.insert("names", r#"[3, "three", 0]"#);
    fixture
}

#[test]
fn a_filter_by_time_brings_what_it_lets_through() {
    let fixture = fixture();
    for (test, rows) in [
        ("_tp_time > earliest_ts()", vec!["[1]", "[2]", "[3]"]),
        (
            "_tp_time >= earliest_timestamp()",
            vec!["[1]", "[2]", "[3]"],
        ),
        ("_tp_time > now() - 1h", vec!["[2]", "[3]"]),
        ("_tp_time > now() - 15m AND n > 2", vec!["[3]"]),
        (
            "n > 0 AND (_tp_time >= now() - INTERVAL 11 MINUTE)",
            vec!["[2]", "[3]"],
        ),
        ("now() - 1m < _tp_time", vec!["[3]"]),
        (
            "s._tp_time BETWEEN now() - 2h AND now() - 1m",
            vec!["[1]", "[2]"],
        ),
        ("_tp_time > '2023-11-14 22:00:00'", vec!["[2]", "[3]"]),
        ("_tp_sn >= 1", vec!["[2]", "[3]"]),
        ("s._tp_sn = 0", vec!["[1]"]),
        ("2 > _tp_sn", vec!["[1]", "[2]"]),
        ("_tp_sn != 1 AND n > 0", vec!["[1]", "[3]"]),
        // Older rows are meant, and nobody says how old.
        ("_tp_time < now() - 1m", vec!["[1]", "[2]"]),
        ("_tp_time <= now()", vec!["[1]", "[2]", "[3]"]),
        ("now() - 15m > _tp_time", vec!["[1]"]),
        (
            "_tp_time != '2023-11-14 22:00:00'",
            vec!["[1]", "[2]", "[3]"],
        ),
        (
            "_tp_time < now() - 1m AND _tp_time > now() - 15m",
            vec!["[2]"],
        ),
        // No bound: new rows only.
        ("_tp_time > now() - 1h OR n = 1", vec![]),
        ("NOT (_tp_time > now() - 1h)", vec![]),
        ("n > 0", vec![]),
    ] {
        let mut query = fixture.start(&format!("SELECT n FROM s WHERE {test}"));
        assert_eq!(query.rows(), rows, "{test}");
    }
}

#[test]
fn it_is_found_through_views_windows_and_joins() {
    let fixture = fixture();
    let mut query = fixture.start("SELECT m FROM v WHERE _tp_time > now() - 1m");
    assert_eq!(query.rows(), ["[4]"]);
    let mut query = fixture.start("SELECT n FROM (SELECT * FROM s WHERE _tp_time > now() - 15m)");
    assert_eq!(query.rows(), ["[2]", "[3]"]);
    let sql = "SELECT name FROM s JOIN table(names) AS k ON s.n = k.n \
               WHERE s._tp_time > now() - 1h";
    assert_eq!(fixture.start(sql).rows(), [r#"["three"]"#]);
    let sql = "SELECT count() FROM tumble(s, 1h) WHERE _tp_time > earliest_ts() \
               GROUP BY window_start";
    let mut query = fixture.start(sql);
    // The hour of the first row has passed; 22:13 and before are one hour.
    assert_eq!(query.rows(), ["[1]"]);
    // The number of a row, too.
    let sql = "SELECT n FROM (SELECT n, _tp_sn AS place FROM s) WHERE place >= 1";
    assert_eq!(fixture.start(sql).rows(), ["[2]", "[3]"]);
    // `seek_to` is said, and so it holds.
    let sql = "SELECT n FROM s WHERE _tp_time > earliest_ts() SETTINGS seek_to='latest'";
    assert!(fixture.start(sql).rows().is_empty());
}

#[test]
fn words_behind_an_interval_are_not_swallowed() {
    let fixture = fixture();
    for sql in [
        "SELECT count() FROM s EMIT PERIODIC 5s foo",
        "SELECT count() FROM s EMIT PERIODIC 5s 6s",
        "SELECT count() FROM tumble(s, 5s) GROUP BY window_end EMIT AFTER WATERMARK WITH DELAY 5s x",
        "SELECT now() - INTERVAL '5 apples' SECOND",
    ] {
        fixture.error(sql);
    }
}

#[test]
fn the_time_of_rows_is_known_around_a_subquery() {
    let fixture = Fixture::new()
        .stream("bookings", &["bid string", "booked datetime64(3)"])
        .stream("trips", &["bid string", "started datetime64(3)"]);
    for (bid, ago, gap) in [("b1", 90_000_000, 30), ("b2", 60_000, 40)] {
        let time = NOW - ago;
        fixture.insert("bookings", &format!(r#"["{bid}", {time}, {time}]"#));
        let started = time + gap * 1000;
        fixture.insert("trips", &format!(r#"["{bid}", {started}, {started}]"#));
    }
    // Both sides of the join begin a day ago, as only one says.
    let sql = "SELECT avg(gap) FROM (SELECT date_diff('second', b.booked, t.started) AS gap \
               FROM bookings AS b INNER JOIN trips AS t ON b.bid = t.bid \
               AND date_diff_within(2m, b.booked, t.started)) WHERE _tp_time >= now() - 1d";
    let mut query = fixture.start(sql);
    query.rows();
    assert_eq!(query.step(NOW + 2000, u32::MAX).0, ["[40.0]"]);
    let header =
        fixture.header("SELECT * FROM (SELECT bid FROM bookings) WHERE _tp_time > now() - 1d");
    assert_eq!(header, ["bid string"]);
}

#[test]
fn a_stream_with_a_key_is_followed_from_its_rows_on() {
    let fixture = Fixture::new()
        .stream("products", &["id string", "price int64"])
        .keyed("products");
    fixture.insert("products", r#"["a", 2, 0]"#);
    let mut query = fixture.start("SELECT id FROM products");
    assert_eq!(query.rows(), [r#"["a"]"#]);
    let mut sum = fixture.start("SELECT sum(price) FROM products");
    sum.rows();
    assert_eq!(sum.step(NOW + 2000, u32::MAX).0, ["[2]"]);
    let mut late = fixture.start("SELECT id FROM products SETTINGS seek_to = 'latest'");
    assert!(late.rows().is_empty());
    fixture.insert("products", r#"["b", 3, 0]"#);
    assert_eq!(query.rows(), [r#"["b"]"#]);
    assert_eq!(late.rows(), [r#"["b"]"#]);
}

#[test]
fn settings_are_those_of_all_sides_of_a_union() {
    let fixture = fixture();
    let sql = "SELECT n FROM s WHERE n > 2 SETTINGS seek_to = 'earliest' \
               UNION ALL SELECT n * 10 FROM s WHERE n < 2 SETTINGS seek_to = 'earliest'";
    assert_eq!(fixture.start(sql).rows(), ["[3]", "[10]"]);
}
