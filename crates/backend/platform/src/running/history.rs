//! What happened: rows and bytes by minute, the last errors.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

const MINUTE_MS: i64 = 60_000;
/// A day.
const MINUTES: usize = 1440;
const ERRORS: usize = 100;

/// One error, as often as it came in a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorEntry {
    /// Of the last time.
    pub time_ms: i64,
    pub message: String,
    pub count: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Minute {
    /// Unix time in minutes.
    at: i64,
    rows: u64,
    bytes: u64,
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct History {
    /// Rows that came through and rows that did not, since it was made.
    pub(super) successes: u64,
    pub(super) failures: u64,
    minutes: VecDeque<Minute>,
    errors: VecDeque<ErrorEntry>,
}

impl History {
    pub(super) fn count(&mut self, now_ms: i64, rows: u64, bytes: u64) {
        self.successes += rows;
        let at = now_ms.div_euclid(MINUTE_MS);
        match self.minutes.back_mut() {
            // A clock that was set back goes on in the newest minute.
            Some(last) if last.at >= at => {
                last.rows += rows;
                last.bytes += bytes;
            }
            _ => {
                self.minutes.push_back(Minute { at, rows, bytes });
                if self.minutes.len() > MINUTES {
                    self.minutes.pop_front();
                }
            }
        }
    }

    pub(super) fn error(&mut self, time_ms: i64, message: &str, failures: u64) {
        self.failures += failures;
        match self.errors.back_mut() {
            Some(last) if last.message == message => {
                last.time_ms = time_ms;
                last.count += 1;
            }
            _ => {
                self.errors.push_back(ErrorEntry {
                    time_ms,
                    message: message.into(),
                    count: 1,
                });
                if self.errors.len() > ERRORS {
                    self.errors.pop_front();
                }
            }
        }
    }

    /// The newest first.
    pub(super) fn errors_since(&self, since_ms: i64) -> Vec<ErrorEntry> {
        let errors = self.errors.iter().rev();
        errors
            .take_while(|error| error.time_ms >= since_ms)
            .cloned()
            .collect()
    }

    /// Start of each minute in unix ms and bytes per second in it, of the minute that runs as far
    /// as it has come; minutes without rows are 0.
    pub(super) fn throughput(&self, now_ms: i64, since_ms: i64) -> Vec<(i64, f64)> {
        let now = now_ms.div_euclid(MINUTE_MS);
        let first = since_ms.div_euclid(MINUTE_MS).max(now + 1 - MINUTES as i64);
        let mut minutes = self.minutes.iter().peekable();
        (first..=now)
            .map(|at| {
                while minutes.next_if(|minute| minute.at < at).is_some() {}
                let bytes = minutes.peek().filter(|minute| minute.at == at);
                let bytes = bytes.map_or(0, |minute| minute.bytes) as f64;
                let start = at * MINUTE_MS;
                let seconds = if at == now {
                    ((now_ms - start) as f64 / 1000.0).max(1.0)
                } else {
                    60.0
                };
                (start, bytes / seconds)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throughput_has_a_point_for_every_minute() {
        let mut history = History::default();
        history.count(60_000, 2, 600);
        history.count(119_999, 1, 600);
        history.count(240_000, 1, 100);
        assert_eq!(
            history.throughput(250_000, 60_000),
            [
                (60_000, 20.0),
                (120_000, 0.0),
                (180_000, 0.0),
                (240_000, 10.0)
            ]
        );
        assert_eq!(history.successes, 4);
    }

    #[test]
    fn an_error_that_repeats_is_counted_and_the_list_is_bounded() {
        let mut history = History::default();
        history.error(1, "refused", 1);
        history.error(5, "refused", 1);
        history.error(7, "other", 0);
        let errors = history.errors_since(2);
        assert_eq!(errors.len(), 2);
        assert_eq!((errors[1].count, errors[1].time_ms), (2, 5));
        assert_eq!(history.failures, 2);
        for n in 0..500 {
            history.error(n, &n.to_string(), 0);
        }
        assert_eq!(history.errors_since(0).len(), ERRORS);
    }

    #[test]
    fn a_day_is_kept() {
        let mut history = History::default();
        for minute in 0..3000 {
            history.count(minute * MINUTE_MS, 1, 60);
        }
        assert_eq!(history.minutes.len(), MINUTES);
        let all = history.throughput(2999 * MINUTE_MS + 59_000, 0);
        assert_eq!(all.len(), MINUTES);
    }
}
