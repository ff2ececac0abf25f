//! Queries that follow a stream.

use crate::fixture::{Fixture, NOW};
use weir_engine::Step;

fn sensors() -> Fixture {
    Fixture::new()
        .stream("s", &["id int32", "name string", "x float64"])
        .stream("t", &["name string", "label string"])
}

fn add(fixture: &Fixture, id: i32, name: &str, x: f64, time: &str) {
    fixture.insert(
        "s",
        &format!(r#"[{id},"{name}",{x},"2024-01-01T00:00:{time}Z"]"#),
    );
}

#[test]
fn a_tail_starts_with_the_rows_that_come_after_it() {
    let f = sensors();
    add(&f, 1, "a", 1.0, "01.000");
    let mut query = f.start("SELECT id, name FROM s WHERE id <> 3");
    assert_eq!(
        query.step(NOW, 10),
        (vec![], Step::Idle { wake_at_ms: None })
    );
    for id in 2..=5 {
        add(&f, id, "a", 1.0, "02.000");
    }
    assert_eq!(query.rows(), [r#"[2,"a"]"#, r#"[4,"a"]"#, r#"[5,"a"]"#]);
    assert_eq!(query.rows(), Vec::<String>::new());
    let stats = query.runner.stats();
    assert_eq!((stats.scanned_rows, stats.emitted_rows), (4, 3));
    assert!(stats.scanned_bytes > 100);
    assert_eq!(stats.last_event_time, 1_704_067_202_000);
    assert_eq!(
        stats.nodes.last().map(|node| node.inputs.clone()),
        Some(vec![2])
    );
}

#[test]
fn a_step_reads_at_most_so_many_rows() {
    let f = sensors();
    let mut query = f.start("SELECT id FROM s");
    for id in 0..10 {
        add(&f, id, "a", 1.0, "02.000");
    }
    let (rows, step) = query.step(NOW, 4);
    assert_eq!((rows.len(), step), (4, Step::More));
    assert_eq!(query.step(NOW, 4).0, ["[4]", "[5]", "[6]", "[7]"]);
    assert_eq!(
        query.step(NOW, 4),
        (
            vec!["[8]".into(), "[9]".into()],
            Step::Idle { wake_at_ms: None }
        )
    );
}

#[test]
fn seek_to_starts_earlier() {
    let f = sensors();
    for (id, second) in [(1, "10.000"), (2, "20.000"), (3, "30.000")] {
        add(&f, id, "a", 1.0, second);
    }
    let rows = |seek: &str| {
        f.start(&format!("SELECT id FROM s SETTINGS seek_to = '{seek}'"))
            .rows()
    };
    assert_eq!(rows("earliest"), ["[1]", "[2]", "[3]"]);
    assert_eq!(rows("2024-01-01T00:00:20Z"), ["[2]", "[3]"]);
    assert_eq!(rows("2024-01-01 00:00:20.001"), ["[3]"]);
    assert_eq!(rows("latest"), Vec::<String>::new());
    f.insert("s", r#"[4,"a",1,1699999000000]"#);
    assert_eq!(rows("-1h").last().map(String::as_str), Some("[4]"));
}

#[test]
fn limit_ends_a_tail() {
    let f = sensors();
    let mut query = f.start("SELECT id FROM s LIMIT 3");
    add(&f, 1, "a", 1.0, "01.000");
    assert_eq!(query.step(NOW, 100).1, Step::Idle { wake_at_ms: None });
    for id in 2..=9 {
        add(&f, id, "a", 1.0, "01.000");
    }
    assert_eq!(
        query.step(NOW, 100),
        (vec!["[2]".into(), "[3]".into()], Step::Done)
    );
    assert_eq!(query.step(NOW, 100), (vec![], Step::Done));
    assert_eq!(
        f.start("SELECT id FROM s LIMIT 0").step(NOW, 1),
        (vec![], Step::Done)
    );
}

#[test]
fn an_aggregation_sends_its_result_when_time_has_come_and_something_has_changed() {
    let f = sensors();
    let mut query =
        f.start("SELECT name, count() AS c, sum(x) FROM s GROUP BY name ORDER BY c DESC");
    add(&f, 1, "a", 1.5, "01.000");
    add(&f, 2, "b", 2.0, "01.000");
    add(&f, 3, "a", 0.5, "01.000");
    assert_eq!(
        query.step(NOW, 100),
        (
            vec![],
            Step::Idle {
                wake_at_ms: Some(NOW + 2000)
            }
        )
    );
    let (rows, step) = query.step(NOW + 2000, 100);
    assert_eq!(rows, [r#"["a",2,2.0]"#, r#"["b",1,2.0]"#]);
    assert_eq!(step, Step::Idle { wake_at_ms: None });
    assert_eq!(query.step(NOW + 9000, 100).0, Vec::<String>::new());
    add(&f, 4, "b", 1.0, "01.000");
    // What was counted is not counted again.
    assert_eq!(
        query.step(NOW + 9000, 100).0,
        [r#"["a",2,2.0]"#, r#"["b",2,3.0]"#]
    );
    add(&f, 5, "b", 1.0, "01.000");
    assert_eq!(
        query.step(NOW + 9001, 100),
        (
            vec![],
            Step::Idle {
                wake_at_ms: Some(NOW + 11_000)
            }
        )
    );
}

#[test]
fn emit_periodic_changes_the_period() {
    let f = sensors();
    let mut query = f.start("SELECT count() FROM s EMIT PERIODIC 5s");
    add(&f, 1, "a", 1.0, "01.000");
    assert_eq!(
        query.step(NOW + 4999, 100),
        (
            vec![],
            Step::Idle {
                wake_at_ms: Some(NOW + 5000)
            }
        )
    );
    assert_eq!(query.step(NOW + 5000, 100).0, ["[1]"]);
}

#[test]
fn limit_with_order_by_cuts_each_result_and_without_ends_the_query() {
    let f = sensors();
    let mut top = f.start("SELECT name, count() AS c FROM s GROUP BY name ORDER BY c DESC LIMIT 1");
    let mut first = f.start("SELECT name, count() FROM s GROUP BY name LIMIT 1");
    for name in ["a", "b", "b"] {
        add(&f, 1, name, 1.0, "01.000");
    }
    assert_eq!(
        top.step(NOW + 2000, 100),
        (vec![r#"["b",2]"#.into()], Step::Idle { wake_at_ms: None })
    );
    assert_eq!(
        first.step(NOW + 2000, 100),
        (vec![r#"["a",1]"#.into()], Step::Done)
    );
}

const TUMBLE: &str = "SELECT window_start, window_end, name, count() AS c, max(x) FROM tumble(s, 5s) \
                      GROUP BY window_start, window_end, name HAVING c > 0 ORDER BY name";

#[test]
fn a_window_is_sent_when_the_watermark_passes_its_end() {
    let f = sensors();
    let mut query = f.start(TUMBLE);
    add(&f, 1, "b", 1.0, "01.000");
    add(&f, 2, "a", 2.0, "04.999");
    assert_eq!(query.rows(), Vec::<String>::new());
    add(&f, 3, "a", 3.0, "05.000");
    let window = r#""2024-01-01T00:00:00.000Z","2024-01-01T00:00:05.000Z""#;
    assert_eq!(
        query.rows(),
        [
            format!(r#"[{window},"a",1,2.0]"#),
            format!(r#"[{window},"b",1,1.0]"#)
        ]
    );
    // Late: the window was sent.
    add(&f, 4, "a", 9.0, "02.000");
    // Not late: the window is open.
    add(&f, 5, "a", 9.0, "06.000");
    assert_eq!(query.rows(), Vec::<String>::new());
    assert_eq!(query.runner.stats().late_rows, 1);
    add(&f, 6, "a", 1.0, "10.000");
    let window = r#""2024-01-01T00:00:05.000Z","2024-01-01T00:00:10.000Z""#;
    assert_eq!(query.rows(), [format!(r#"[{window},"a",2,9.0]"#)]);
    assert_eq!(query.runner.stats().watermark, 1_704_067_210_000);
}

#[test]
fn several_windows_come_one_after_the_other() {
    let f = sensors();
    let mut query = f.start("SELECT window_end, count() FROM tumble(s, 1s) GROUP BY window_end");
    for second in ["03.000", "01.000", "02.000", "09.000"] {
        add(&f, 1, "a", 1.0, second);
    }
    let ends: Vec<_> = query
        .rows()
        .iter()
        .map(|row| row[19..21].to_string())
        .collect();
    assert_eq!(ends, ["02", "03", "04"]);
}

#[test]
fn the_watermark_moves_with_rows_that_the_filter_drops() {
    let f = sensors();
    let mut query =
        f.start("SELECT count() FROM tumble(s, 5s) WHERE name = 'a' GROUP BY window_start");
    add(&f, 1, "a", 1.0, "01.000");
    add(&f, 2, "b", 1.0, "06.000");
    assert_eq!(query.rows(), ["[1]"]);
}

#[test]
fn emit_after_watermark_with_delay_waits_for_late_rows() {
    let f = sensors();
    let mut query = f.start(
        "SELECT count() FROM tumble(s, 5s) GROUP BY window_start EMIT AFTER WATERMARK WITH DELAY 2s",
    );
    add(&f, 1, "a", 1.0, "01.000");
    add(&f, 2, "a", 1.0, "06.000");
    assert_eq!(query.rows(), Vec::<String>::new());
    add(&f, 3, "a", 1.0, "02.000");
    add(&f, 4, "a", 1.0, "07.000");
    assert_eq!(query.rows(), ["[2]"]);
}

#[test]
fn hop_counts_a_row_in_every_window_it_is_in() {
    let f = sensors();
    let mut query =
        f.start("SELECT window_start, count() FROM hop(s, 2s, 4s) GROUP BY window_start");
    for second in ["01.000", "03.000", "20.000"] {
        add(&f, 1, "a", 1.0, second);
    }
    assert_eq!(
        query.rows(),
        [
            r#"["2023-12-31T23:59:58.000Z",1]"#,
            r#"["2024-01-01T00:00:00.000Z",2]"#,
            r#"["2024-01-01T00:00:02.000Z",1]"#,
        ]
    );
}

#[test]
fn windows_can_be_selected_without_aggregation_and_by_another_time_column() {
    let f = Fixture::new().stream("e", &["at datetime", "n int8"]);
    let mut query = f.start("SELECT n, window_start FROM tumble(e, at, 10s)");
    f.insert("e", r#"[1700000001, 7, 0]"#);
    assert_eq!(query.rows(), [r#"[7,"2023-11-14T22:13:20.000Z"]"#]);
    let plan = f
        .plan("SELECT window_end, window_start, _tp_time FROM tumble(e, 1h)")
        .unwrap();
    assert_eq!(
        (
            plan.time_columns.window_end,
            plan.time_columns.window_start,
            plan.time_columns.event_time
        ),
        (0, 1, 2)
    );
}

#[test]
fn rows_are_enriched_by_tables() {
    let f = sensors();
    f.insert("t", r#"["a","Alpha",0]"#);
    let mut left = f.start("SELECT s.id, t.label FROM s LEFT JOIN table(t) AS t USING (name)");
    let mut inner = f.start("SELECT id, label FROM s JOIN table(t) AS t ON s.name = t.name");
    let mut groups = f.start(
        "WITH c AS (SELECT name, count() AS n FROM s GROUP BY name) \
         SELECT label, n * 10 FROM c JOIN table(t) AS t ON c.name = t.name",
    );
    let mut filtered = f.start("SELECT id FROM s WHERE name IN (SELECT name FROM table(t))");
    add(&f, 1, "b", 1.0, "01.000");
    add(&f, 2, "a", 1.0, "01.000");
    assert_eq!(left.rows(), ["[1,null]", r#"[2,"Alpha"]"#]);
    assert_eq!(inner.rows(), [r#"[2,"Alpha"]"#]);
    assert_eq!(groups.step(NOW + 2000, 10).0, [r#"["Alpha",10]"#]);
    assert_eq!(filtered.rows(), ["[2]"]);
    assert_eq!(left.runner.stats().nodes.len(), 4);
}

#[test]
fn views_and_subqueries_are_followed() {
    let f = sensors()
        .view_of(
            "doubled",
            "SELECT id, x * 2 AS y, _tp_time FROM s WHERE x > 1",
        )
        .view_of("counts", "SELECT name, count() AS n FROM s GROUP BY name");
    let mut rows = f.start("SELECT id, y FROM doubled WHERE y < 10");
    let mut sums =
        f.start("SELECT window_start, sum(y) FROM tumble(doubled, 5s) GROUP BY window_start");
    let mut nested = f.start("SELECT max(z) FROM (SELECT id + 1 AS z FROM (SELECT id FROM s))");
    let mut over = f.start("SELECT n, name FROM counts WHERE n > 1");
    for (id, x, second) in [
        (1, 1.0, "01.000"),
        (2, 2.0, "02.000"),
        (3, 9.0, "03.000"),
        (4, 2.0, "08.000"),
    ] {
        add(&f, id, "a", x, second);
    }
    assert_eq!(rows.rows(), ["[2,4.0]", "[4,4.0]"]);
    assert_eq!(sums.rows(), [r#"["2024-01-01T00:00:00.000Z",22.0]"#]);
    assert_eq!(nested.step(NOW + 2000, 10).0, ["[5]"]);
    assert_eq!(over.step(NOW + 2000, 10).0, [r#"[4,"a"]"#]);
    let plan = f.plan("SELECT y FROM doubled").unwrap();
    assert!(plan.streaming);
    assert_eq!(plan.sources, ["s"]);
    assert!(!f.plan("SELECT y FROM table(doubled)").unwrap().streaming);
}

#[test]
fn a_read_only_connection_is_enough() {
    let folder = std::env::temp_dir().join(format!("weir-engine-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("rows.db");
    let f = sensors();
    add(&f, 1, "a", 1.0, "01.000");
    f.conn
        .execute("VACUUM INTO ?1", [path.to_string_lossy()])
        .unwrap();
    let conn = rusqlite::Connection::open_with_flags(
        &path,
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY | rusqlite::OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .unwrap();
    weir_engine::functions::register(&conn).unwrap();
    let plan = f
        .plan("SELECT count() FROM s SETTINGS seek_to='earliest'")
        .unwrap();
    let mut runner = weir_engine::Runner::new(plan, &conn, NOW).unwrap();
    let mut counts = Vec::new();
    runner
        .step(&conn, NOW + 2000, 10, &mut |row| {
            counts.push(row[0].as_i64().unwrap());
            std::ops::ControlFlow::Continue(())
        })
        .unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(counts, [1]);
}

#[test]
fn breaking_ends_the_query() {
    let f = sensors();
    add(&f, 1, "a", 1.0, "01.000");
    add(&f, 2, "a", 1.0, "01.000");
    for sql in [
        "SELECT id FROM table(s)",
        "SELECT id FROM s SETTINGS seek_to='earliest'",
    ] {
        let mut query = f.start(sql);
        let mut rows = 0;
        let step = query.runner.step(&f.conn, NOW, 10, &mut |_| {
            rows += 1;
            std::ops::ControlFlow::Break(())
        });
        assert_eq!((rows, step), (1, Ok(Step::Done)), "{sql}");
    }
}

#[test]
fn a_query_can_move_to_another_thread() {
    fn is_send<T: Send>() {}
    is_send::<weir_engine::Runner>();
    is_send::<weir_engine::Plan>();
}
