//! Queries that go on from a checkpoint send what they would have sent without the interruption.

use weir_engine::{Checkpoint, Runner, Step};

use crate::fixture::{Fixture, NOW};

fn measurements() -> Fixture {
    Fixture::new()
        .stream(
            "m",
            &[
                "name string",
                "x float64",
                "big uint64",
                "money decimal(30, 2)",
                "wide uint256",
                "maybe nullable(int32)",
            ],
        )
        .view_of("positive", "SELECT name, x, _tp_time FROM m WHERE x > 0")
}

/// Rows before each step; every step is two seconds later than the one before.
const ROUNDS: usize = 9;

fn insert(fixture: &Fixture, round: usize) {
    for n in 0..round % 4 {
        let k = round * 10 + n;
        let name = ["a", "b", "ü\\n", "d"][k % 4];
        let x =
            ["0.1", "-2.5", "\"inf\"", "1e300", "\"nan\""][if round < 6 { k % 2 } else { k % 5 }];
        let second = 5 + round * 3 - (n * 4).min(round * 3);
        let maybe = if k.is_multiple_of(3) { "null" } else { "7" };
        fixture.insert(
            "m",
            &format!(
                r#"["{name}",{x},{},{}.{k:02},"{}",{maybe},"2024-01-01T00:00:{second:02}.{k:03}Z"]"#,
                u64::MAX - k as u64,
                u64::MAX,
                "9".repeat(60 + n),
            ),
        );
    }
}

const QUERIES: &[&str] = &[
    "SELECT name, x, big, money, wide, maybe FROM m",
    "SELECT name FROM m WHERE x > 0 LIMIT 4",
    "SELECT name, big FROM m SETTINGS seek_to = 'earliest'",
    "SELECT name, count(), sum(money), sum(wide), avg(x), max(big), min(x) FROM m GROUP BY name",
    "SELECT first_value(x), last_value(big), stddev(x), median(x), var_samp(big) FROM m",
    "SELECT count_distinct(wide), group_array(big), group_uniq_array(name), top_k(name, 2) FROM m",
    "SELECT arg_max(name, big), arg_min(wide, money), count(maybe), sum(maybe) FROM m",
    "SELECT maybe, big % 2 AS odd, count() FROM m GROUP BY maybe, odd EMIT PERIODIC 5s",
    "SELECT name, count() AS c FROM m GROUP BY name ORDER BY c DESC, name LIMIT 2",
    "SELECT window_start, name, count(), sum(money), median(x) FROM tumble(m, 4s) GROUP BY window_start, name",
    "SELECT window_end, max(wide), avg(x) FROM hop(m, 2s, 6s) GROUP BY window_end",
    "SELECT window_start, count() FROM tumble(m, 4s) GROUP BY window_start EMIT AFTER WATERMARK WITH DELAY 3s",
    "SELECT window_start, count(), max(x) FROM tumble(positive, 3s) GROUP BY window_start LIMIT 3",
];

/// Runs through all rounds, interrupted after those that `interrupt` names.
fn run(sql: &str, max_rows: u32, interrupt: impl Fn(usize) -> bool) -> (Vec<String>, i64) {
    let fixture = measurements();
    insert(&fixture, 3);
    let mut query = fixture.start(sql);
    let mut all = Vec::new();
    let mut steps = 0;
    for round in 0..ROUNDS {
        insert(&fixture, round);
        loop {
            if interrupt(steps) {
                let checkpoint = query.checkpoint();
                query = fixture.resume(sql, &checkpoint);
            }
            steps += 1;
            let (rows, step) = query.step(NOW + round as i64 * 2000, max_rows);
            all.extend(rows);
            if step != Step::More {
                break;
            }
        }
    }
    let stats = query.runner.stats();
    (all, stats.scanned_rows + stats.late_rows)
}

#[test]
fn an_interruption_at_any_step_changes_nothing() {
    for sql in QUERIES {
        for max_rows in [1, 100] {
            let whole = run(sql, max_rows, |_| false);
            assert!(!whole.0.is_empty(), "{sql}");
            for at in 0..40 {
                assert_eq!(run(sql, max_rows, |step| step == at), whole, "{sql}, {at}");
            }
            assert_eq!(run(sql, max_rows, |_| true), whole, "{sql}, always");
        }
    }
}

#[test]
fn rows_that_come_between_are_not_lost() {
    let fixture = measurements();
    let query = fixture.start("SELECT name FROM m");
    let checkpoint = query.checkpoint();
    drop(query);
    insert(&fixture, 3);
    let mut query = fixture.resume("SELECT name FROM m", &checkpoint);
    assert_eq!(query.rows().len(), 3);
    let position = query.runner.checkpoint().unwrap().position();
    assert_eq!(position, 3);
}

#[test]
fn an_ended_query_stays_ended() {
    let fixture = measurements();
    let sql = "SELECT name FROM m LIMIT 1";
    let mut query = fixture.start(sql);
    insert(&fixture, 3);
    assert_eq!(query.step(NOW, 10).1, Step::Done);
    assert!(query.runner.checkpoint().unwrap().is_done());
    let mut query = fixture.resume(sql, &query.checkpoint());
    insert(&fixture, 3);
    assert_eq!(query.step(NOW, 10), (vec![], Step::Done));
}

#[test]
fn a_checkpoint_of_another_query_or_stream_is_refused() {
    let fixture = measurements().stream("other", &["name string"]);
    let saved = |sql: &str| fixture.start(sql).runner.checkpoint().unwrap();
    let resume = |sql: &str, checkpoint: Checkpoint| {
        let plan = fixture.plan(sql).unwrap();
        let resumed = Runner::resume(plan, checkpoint).map(|_| ());
        resumed.expect_err(sql)
    };
    let counted = saved("SELECT name, count() FROM m GROUP BY name");
    for (sql, words) in [
        (
            "SELECT name, count() FROM other GROUP BY name",
            "another stream",
        ),
        ("SELECT name FROM m", "aggregation"),
        ("SELECT name, sum(x) FROM m GROUP BY name", "aggregates"),
        ("SELECT count() FROM m", "aggregates"),
        ("SELECT name FROM table(m)", "follows a stream"),
    ] {
        let error = resume(sql, counted.clone());
        assert!(error.message.contains(words), "{sql}: {error}");
    }
}
