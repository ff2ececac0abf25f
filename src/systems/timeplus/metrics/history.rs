//! What was seen while the page is open, and rates between two answers.

use std::collections::VecDeque;

use weir_api::timeplus::metrics::{Counters, GlobalMetrics, Minute};

/// One answer in 3 s for an hour.
const KEPT: usize = 1200;
const MINUTE_S: f64 = 60.0;
const MINUTE_MS: i64 = 60_000;

/// Per second, or as a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Unix seconds.
    pub at: f64,
    pub storage: f64,
    pub memory: f64,
    pub running: f64,
    pub written_rows: f64,
    pub read_rows: f64,
    pub written_bytes: f64,
    pub read_bytes: f64,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    pub points: VecDeque<Point>,
    /// When, and the minutes then.
    last: Option<(f64, Vec<Minute>)>,
}

impl History {
    pub fn add(&mut self, now: f64, metrics: &GlobalMetrics) {
        let counters = metrics.counters.clone().unwrap_or_default();
        let known = metrics.counters.is_some();
        let or_none = |value: f64| if known { value } else { f64::NAN };
        let rates = match &self.last {
            None => {
                self.points.extend(past(&counters));
                [f64::NAN; 4]
            }
            Some((then, before)) => rates(before, &counters.minutes, now - then),
        };
        self.points.push_back(point(
            now,
            metrics.storage as f64,
            or_none(counters.memory as f64),
            or_none(counters.queries_running as f64),
            rates.map(or_none),
        ));
        while self.points.len() > KEPT {
            self.points.pop_front();
        }
        self.last = Some((now, counters.minutes));
    }
}

/// What the server still knows, oldest first; the minute that runs is not over.
fn past(counters: &Counters) -> Vec<Point> {
    let over = counters.minutes.len().saturating_sub(1);
    let over = &counters.minutes[..over];
    let rate = |minute: &Minute| rates(&[], std::slice::from_ref(minute), MINUTE_S);
    let first = counters.levels.first().map_or(i64::MAX, |level| level.time);
    // Minutes outlive a restart, levels do not.
    let alone = over
        .iter()
        .filter(|minute| minute.time + MINUTE_MS <= first);
    let alone = alone.map(|minute| {
        let at = (minute.time + MINUTE_MS) as f64 / 1000.0;
        point(at, f64::NAN, f64::NAN, f64::NAN, rate(minute))
    });
    let with_rates = counters.levels.iter().map(|level| {
        let in_it = |minute: &&Minute| (minute.time..minute.time + MINUTE_MS).contains(&level.time);
        let rates = over.iter().find(in_it).map_or([f64::NAN; 4], rate);
        let at = level.time as f64 / 1000.0;
        let of = |value: i64| value as f64;
        point(
            at,
            of(level.storage),
            of(level.memory),
            of(level.queries_running),
            rates,
        )
    });
    alone.chain(with_rates).collect()
}

fn point(at: f64, storage: f64, memory: f64, running: f64, rates: [f64; 4]) -> Point {
    let [written_rows, read_rows, written_bytes, read_bytes] = rates;
    Point {
        at,
        storage,
        memory,
        running,
        written_rows,
        read_rows,
        written_bytes,
        read_bytes,
    }
}

/// What was added to the minutes in so many seconds, per second. Old minutes may be gone.
fn rates(before: &[Minute], now: &[Minute], seconds: f64) -> [f64; 4] {
    let mut sums = [0i64; 4];
    let last = before.last().map_or(i64::MIN, |minute| minute.time);
    for minute in now.iter().filter(|minute| minute.time >= last) {
        let old = before.iter().find(|old| old.time == minute.time);
        let old = old.copied().unwrap_or_default();
        let grown = [
            minute.written_rows - old.written_rows,
            minute.read_rows - old.read_rows,
            minute.written_bytes - old.written_bytes,
            minute.read_bytes - old.read_bytes,
        ];
        for (sum, grown) in sums.iter_mut().zip(grown) {
            *sum += grown.max(0);
        }
    }
    sums.map(|sum| sum as f64 / seconds.max(0.001))
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::metrics::Level;

    use super::*;

    fn answer(minutes: &[(i64, i64)]) -> GlobalMetrics {
        let minutes = minutes.iter().map(|(time, written_rows)| Minute {
            time: time * 60_000,
            written_rows: *written_rows,
            ..Minute::default()
        });
        GlobalMetrics {
            storage: 7,
            counters: Some(Counters {
                minutes: minutes.collect(),
                ..Counters::default()
            }),
            ..GlobalMetrics::default()
        }
    }

    #[test]
    fn the_first_answer_brings_the_past_and_the_next_ones_rates() {
        let mut history = History::default();
        history.add(130.0, &answer(&[(1, 600), (2, 50)]));
        let rates = |history: &History| -> Vec<f64> {
            let rates = history.points.iter().map(|point| point.written_rows);
            rates.filter(|rate| !rate.is_nan()).collect()
        };
        assert_eq!(rates(&history), [10.0]);
        // Over the turn of a minute, while an old one is forgotten.
        history.add(140.0, &answer(&[(2, 80), (3, 20)]));
        assert_eq!(rates(&history), [10.0, 5.0]);
        history.add(150.0, &answer(&[(3, 20)]));
        assert_eq!(rates(&history), [10.0, 5.0, 0.0]);
    }

    #[test]
    fn levels_begin_before_the_page_was_opened_with_the_rates_of_their_minutes() {
        let mut answer = answer(&[(1, 600), (3, 120), (4, 50)]);
        let level = |time: i64| Level {
            time: time * 1000,
            storage: time,
            ..Level::default()
        };
        if let Some(counters) = &mut answer.counters {
            counters.levels = vec![level(185), level(195), level(245)];
        }
        let mut history = History::default();
        history.add(250.0, &answer);
        let told = |of: fn(&Point) -> f64| -> Vec<i64> {
            // No figure is -1.
            let figures = history.points.iter().map(of);
            figures
                .map(|it| if it.is_nan() { -1 } else { it as i64 })
                .collect()
        };
        assert_eq!(told(|it| it.at), [120, 185, 195, 245, 250]);
        assert_eq!(told(|it| it.storage), [-1, 185, 195, 245, 7]);
        assert_eq!(told(|it| it.written_rows), [10, 2, 2, -1, -1]);
    }

    #[test]
    fn servers_that_tell_only_their_storage_have_no_rates() {
        let mut history = History::default();
        for at in [1.0, 2.0] {
            history.add(
                at,
                &GlobalMetrics {
                    storage: 9,
                    ..GlobalMetrics::default()
                },
            );
        }
        assert!(
            history
                .points
                .iter()
                .all(|point| point.storage == 9.0 && point.read_rows.is_nan())
        );
    }
}
