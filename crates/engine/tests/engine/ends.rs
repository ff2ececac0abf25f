//! WITH TIES, WITH FILL and LIMIT … BY, worked out by hand.

use crate::fixture::{Fixture, NOW};

fn numbers(values: &[i64]) -> Fixture {
    let fixture = Fixture::new().stream("s", &["n int32", "k string"]);
    for value in values {
        let kind = if value % 2 == 0 { "even" } else { "odd" };
        fixture.insert("s", &format!(r#"[{value}, "{kind}", 0]"#));
    }
    fixture
}

fn ns(fixture: &Fixture, rest: &str) -> String {
    let rows = fixture.rows(&format!("SELECT n FROM table(s) {rest}"));
    let rows: Vec<_> = rows
        .iter()
        .map(|row| row.trim_matches(['[', ']']))
        .collect();
    rows.join(" ")
}

#[test]
fn ties_are_the_equals_of_the_last_row() {
    let fixture = numbers(&[1, 3, 2, 2, 2, 3]);
    for (rest, rows) in [
        ("ORDER BY n LIMIT 2 WITH TIES", "1 2 2 2"),
        ("ORDER BY n DESC LIMIT 1 WITH TIES", "3 3"),
        ("ORDER BY n LIMIT 4 WITH TIES", "1 2 2 2"),
        ("ORDER BY n LIMIT 1 OFFSET 2 WITH TIES", "2 2"),
        ("ORDER BY n LIMIT 2, 1 WITH TIES", "2 2"),
        ("ORDER BY n FETCH FIRST 2 ROWS WITH TIES", "1 2 2 2"),
        ("ORDER BY n LIMIT 9 WITH TIES", "1 2 2 2 3 3"),
        ("ORDER BY n LIMIT 0 WITH TIES", ""),
    ] {
        assert_eq!(ns(&fixture, rest), rows, "{rest}");
    }
    let top = fixture.rows("SELECT TOP 1 WITH TIES n FROM table(s) ORDER BY n DESC");
    assert_eq!(top, ["[3]", "[3]"]);
    let groups = "SELECT n, count() AS c FROM table(s) GROUP BY n ORDER BY c LIMIT 2 WITH TIES";
    assert_eq!(fixture.rows(groups), ["[1,1]", "[3,2]"]);
    let union =
        "SELECT n FROM table(s) WHERE n = 3 UNION ALL SELECT 1 ORDER BY n DESC LIMIT 1 WITH TIES";
    assert_eq!(fixture.rows(union), ["[3]", "[3]"]);
    let inside = "SELECT sum(n) FROM (SELECT n FROM table(s) ORDER BY n LIMIT 2 WITH TIES)";
    assert_eq!(fixture.rows(inside), ["[7]"]);
    let over =
        "SELECT n, row_number() OVER (ORDER BY n) AS r FROM table(s) ORDER BY r LIMIT 1 WITH TIES";
    let error = fixture.error(over).to_string();
    assert!(error.contains("put OVER into a subquery"), "{error}");
    let error = fixture.error("SELECT n FROM table(s) LIMIT 1 WITH TIES");
    assert!(error.to_string().contains("takes ORDER BY"), "{error}");
}

#[test]
fn missing_numbers_are_filled_in() {
    let fixture = numbers(&[5, 1, 4]);
    for (rest, rows) in [
        ("ORDER BY n WITH FILL", "1 2 3 4 5"),
        ("ORDER BY n DESC WITH FILL", "5 4 3 2 1"),
        ("ORDER BY n WITH FILL FROM 0 TO 7", "0 1 2 3 4 5 6"),
        ("ORDER BY n WITH FILL FROM 0 TO 7 STEP 2", "0 1 2 4 5 6"),
        ("ORDER BY n WITH FILL STEP 3", "1 4 5"),
        ("ORDER BY n DESC WITH FILL FROM 6 TO 2 STEP -2", "6 5 4 1"),
        ("ORDER BY 1 WITH FILL LIMIT 3", "1 2 3"),
    ] {
        assert_eq!(ns(&fixture, rest), rows, "{rest}");
    }
    let others = "SELECT n, k FROM table(s) ORDER BY n WITH FILL TO 4";
    let rows = [
        r#"[1,"odd"]"#,
        r#"[2,""]"#,
        r#"[3,""]"#,
        r#"[4,"even"]"#,
        r#"[5,"odd"]"#,
    ];
    assert_eq!(fixture.rows(others), rows);
    let empty = "SELECT number AS n FROM numbers(0) ORDER BY n WITH FILL FROM 1 TO 3";
    assert_eq!(fixture.rows(empty), ["[1]", "[2]"]);
}

#[test]
fn missing_times_are_filled_in() {
    let fixture = Fixture::new().stream("s", &["n int32"]);
    fixture.insert("s", r#"[1, "2024-01-31 00:00:00"]"#);
    fixture.insert("s", r#"[2, "2024-03-01 00:00:00"]"#);
    let days = "SELECT to_date(_tp_time) AS d, count() AS c FROM table(s) WHERE n = 1 GROUP BY d \
                ORDER BY d WITH FILL TO to_date('2024-02-03') STEP INTERVAL 1 DAY";
    let rows = [
        r#"["2024-01-31",1]"#,
        r#"["2024-02-01",0]"#,
        r#"["2024-02-02",0]"#,
    ];
    assert_eq!(fixture.rows(days), rows);
    let months = "SELECT to_start_of_month(_tp_time) AS m, count() FROM table(s) GROUP BY m \
                  ORDER BY m WITH FILL STEP INTERVAL 1 MONTH";
    let rows = [
        r#"["2024-01-01",1]"#,
        r#"["2024-02-01",0]"#,
        r#"["2024-03-01",1]"#,
    ];
    assert_eq!(fixture.rows(months), rows);
    let hours = "SELECT window_start AS w, sum(n) FROM tumble(table(s), 12h) GROUP BY w \
                 ORDER BY w WITH FILL STEP 12h LIMIT 3";
    let rows = [
        r#"["2024-01-31T00:00:00.000Z",1]"#,
        r#"["2024-01-31T12:00:00.000Z",0]"#,
        r#"["2024-02-01T00:00:00.000Z",0]"#,
    ];
    assert_eq!(fixture.rows(hours), rows);
}

#[test]
fn a_step_that_leads_nowhere_is_refused() {
    let fixture = numbers(&[1, 4]);
    for (rest, words) in [
        ("ORDER BY n WITH FILL STEP 0", "above 0"),
        ("ORDER BY n WITH FILL STEP -1", "above 0"),
        ("ORDER BY n DESC WITH FILL STEP 1", "below 0"),
        ("ORDER BY k WITH FILL", "selected"),
        ("ORDER BY n WITH FILL, k", "other terms"),
        ("ORDER BY n WITH FILL INTERPOLATE (k AS k)", "INTERPOLATE"),
    ] {
        let error = fixture
            .error(&format!("SELECT n FROM table(s) {rest}"))
            .to_string();
        assert!(error.contains(words), "{rest}: {error}");
    }
    let text = fixture
        .error("SELECT k FROM table(s) ORDER BY k WITH FILL")
        .to_string();
    assert!(text.contains("numbers and times"), "{text}");
}

#[test]
fn a_followed_stream_gives_so_many_rows_of_each_key() {
    let fixture = numbers(&[]);
    let mut query = fixture.start("SELECT n FROM s LIMIT 2 BY k");
    let mut put = |value: i64| {
        let kind = if value % 2 == 0 { "even" } else { "odd" };
        fixture.insert("s", &format!(r#"[{value}, "{kind}", 0]"#));
        query.step(NOW, u32::MAX).0
    };
    assert_eq!(put(1), ["[1]"]);
    assert_eq!(put(3), ["[3]"]);
    assert_eq!(put(5), [""; 0]);
    assert_eq!(put(2), ["[2]"]);
    let checkpoint = query.checkpoint();
    let mut resumed = fixture.resume("SELECT n FROM s LIMIT 2 BY k", &checkpoint);
    for value in [7, 4, 6] {
        let kind = if value % 2 == 0 { "even" } else { "odd" };
        fixture.insert("s", &format!(r#"[{value}, "{kind}", 0]"#));
    }
    assert_eq!(resumed.rows(), ["[4]"]);
}
