//! Windows of months, quarters and years: of different lengths.

use crate::fixture::{Fixture, NOW};

fn rows() -> Fixture {
    let fixture = Fixture::new().stream("s", &["n int32"]);
    for (n, day) in [
        (1, "2024-01-31"),
        (2, "2024-02-01"),
        (3, "2024-02-29"),
        (4, "2024-04-01"),
    ] {
        fixture.insert("s", &format!(r#"[{n}, "{day} 12:00:00"]"#));
    }
    fixture
}

fn windows(fixture: &Fixture, window: &str) -> Vec<String> {
    let sql = format!(
        "SELECT to_date(window_start), to_date(window_end), sum(n) FROM {window} \
         GROUP BY window_start, window_end ORDER BY window_start"
    );
    fixture.rows(&sql)
}

#[test]
fn of_history() {
    let fixture = rows();
    let months = [
        r#"["2024-01-01","2024-02-01",1]"#,
        r#"["2024-02-01","2024-03-01",5]"#,
        r#"["2024-04-01","2024-05-01",4]"#,
    ];
    assert_eq!(windows(&fixture, "tumble(table(s), 1M)"), months);
    assert_eq!(
        windows(&fixture, "tumble(table(s), INTERVAL 1 MONTH)"),
        months
    );
    let quarters = [
        r#"["2024-01-01","2024-04-01",6]"#,
        r#"["2024-04-01","2024-07-01",4]"#,
    ];
    assert_eq!(windows(&fixture, "tumble(table(s), 1q)"), quarters);
    assert_eq!(
        windows(&fixture, "tumble(table(s), _tp_time, 3M, 'UTC')"),
        quarters
    );
    let year = [r#"["2024-01-01","2025-01-01",10]"#];
    assert_eq!(windows(&fixture, "tumble(table(s), 1y)"), year);
    let hops = [
        r#"["2023-12-01","2024-02-01",1]"#,
        r#"["2024-01-01","2024-03-01",6]"#,
        r#"["2024-02-01","2024-04-01",5]"#,
        r#"["2024-03-01","2024-05-01",4]"#,
        r#"["2024-04-01","2024-06-01",4]"#,
    ];
    assert_eq!(windows(&fixture, "hop(table(s), 1M, 2M)"), hops);
}

#[test]
fn followed_windows_end_with_their_month() {
    for keys in ["window_start", "window_end", "window_start, window_end"] {
        let fixture = Fixture::new().stream("s", &["n int32"]);
        let sql = format!("SELECT sum(n) FROM tumble(s, 1M) GROUP BY {keys}");
        let mut query = fixture.start(&sql);
        fixture.insert("s", r#"[1, "2024-02-03 00:00:00"]"#);
        fixture.insert("s", r#"[2, "2024-02-29 23:59:59"]"#);
        assert_eq!(query.step(NOW, u32::MAX).0, [""; 0], "{keys}");
        // February is over, March is not.
        fixture.insert("s", r#"[4, "2024-03-01 00:00:00"]"#);
        assert_eq!(query.step(NOW, u32::MAX).0, ["[3]"], "{keys}");
        fixture.insert("s", r#"[8, "2024-03-31 00:00:00"]"#);
        assert_eq!(query.step(NOW, u32::MAX).0, [""; 0], "{keys}");
        fixture.insert("s", r#"[16, "2024-04-01 00:00:00"]"#);
        assert_eq!(query.step(NOW, u32::MAX).0, ["[12]"], "{keys}");
    }
}

#[test]
fn what_has_no_meaning_is_refused() {
    let fixture = rows();
    for (window, words) in [
        ("hop(table(s), 1d, 1M)", "months or years, or none"),
        (
            "tumble(table(s), _tp_time, 1M, 'Europe/Nowhere')",
            "Europe/Nowhere",
        ),
        (
            "tumble(table(s), _tp_time, 1w, 'Europe/Berlin')",
            "an hour, a day or months",
        ),
        ("tumble(table(s), 0M)", "from 1 to"),
    ] {
        let sql = format!("SELECT count() FROM {window} GROUP BY window_start");
        let error = fixture.error(&sql).to_string();
        assert!(error.contains(words), "{window}: {error}");
    }
}

#[test]
fn of_the_calendar_of_a_zone() {
    let fixture = Fixture::new().stream("s", &["n int32"]);
    // Half past midnight in Berlin; the day on which its clocks are set forward.
    for (n, time) in [
        (1, "2024-01-31 23:30:00"),
        (2, "2024-02-29 22:30:00"),
        (4, "2024-03-30 23:30:00"),
        (8, "2024-03-31 21:30:00"),
        (16, "2024-03-31 22:30:00"),
    ] {
        fixture.insert("s", &format!(r#"[{n}, "{time}"]"#));
    }
    let windows = |window: &str| {
        fixture.rows(&format!(
            "SELECT to_string(window_start), to_string(window_end), sum(n) FROM {window} \
             GROUP BY window_start, window_end ORDER BY window_start"
        ))
    };
    let months = windows("tumble(table(s), _tp_time, 1M, 'Europe/Berlin')");
    assert_eq!(
        months,
        [
            r#"["2024-01-31 23:00:00.000","2024-02-29 23:00:00.000",3]"#,
            r#"["2024-02-29 23:00:00.000","2024-03-31 22:00:00.000",12]"#,
            r#"["2024-03-31 22:00:00.000","2024-04-30 22:00:00.000",16]"#,
        ]
    );
    let days = windows("tumble(table(s), 1d, 'Europe/Berlin')");
    assert_eq!(
        days[2..],
        [
            r#"["2024-03-30 23:00:00.000","2024-03-31 22:00:00.000",12]"#,
            r#"["2024-03-31 22:00:00.000","2024-04-01 22:00:00.000",16]"#,
        ]
    );
    let hop = windows("hop(table(s), _tp_time, 1M, 2M, 'Europe/Berlin')");
    assert_eq!(
        hop[0],
        r#"["2023-12-31 23:00:00.000","2024-02-29 23:00:00.000",3]"#
    );
}

#[test]
fn of_days_of_a_zone_while_following() {
    let fixture = Fixture::new().stream("s", &["n int32"]);
    let mut query = fixture.start(
        "SELECT to_string(window_end), sum(n) FROM tumble(s, 1d, 'Europe/Berlin') GROUP BY window_end",
    );
    let nothing: [&str; 0] = [];
    fixture.insert("s", r#"[1, "2024-03-31 21:59:00"]"#);
    assert_eq!(query.step(NOW, 100).0, nothing);
    fixture.insert("s", r#"[2, "2024-03-31 22:00:00"]"#);
    assert_eq!(query.step(NOW, 100).0, [r#"["2024-03-31 22:00:00.000",1]"#]);
}
