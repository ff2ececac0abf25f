//! What a sink or an alert has to tell: counts, throughput, errors, lines. The errors and counts
//! are stored by their owners; throughput and lines are of this run of the backend.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, SecondsFormat, Utc};
use weir_api::timeplus::sink::{LoggedError, Throughput};

use crate::clock;

/// Errors and lines kept.
pub(crate) const ERRORS: usize = 100;
const LINES: usize = 1000;
/// Minutes kept.
const MINUTES: usize = 24 * 60;
const MINUTE_MS: i64 = 60_000;
/// Minutes of an average rate.
const RATE_MINUTES: i64 = 30;

#[derive(Default)]
pub(crate) struct Journal(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    delivered: u64,
    failed: u64,
    /// The newest last.
    errors: VecDeque<(i64, String)>,
    minutes: VecDeque<Minute>,
    lines: VecDeque<String>,
    /// 0 while it is not running.
    started_ms: i64,
}

/// Figures of one minute.
#[derive(Clone, Copy, Default)]
struct Minute {
    start_ms: i64,
    rows: u64,
    bytes: u64,
}

/// Averages of the last 30 minutes, or of the time it is running.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Rate {
    pub rows: f64,
    pub bytes: f64,
}

impl Journal {
    /// Goes on with what was stored.
    pub(crate) fn new((delivered, failed): (u64, u64), errors: Vec<(i64, String)>) -> Self {
        Self(Mutex::new(Pages {
            delivered,
            failed,
            errors: errors.into(),
            ..Pages::default()
        }))
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn started(&self) {
        self.pages().started_ms = clock::now_ms();
        self.line("info", "started");
    }

    pub(crate) fn stopped(&self, why: &str) {
        self.pages().started_ms = 0;
        self.line("info", why);
    }

    pub(crate) fn delivered(&self, rows: u32, bytes: u64) {
        let rows = u64::from(rows);
        let mut pages = self.pages();
        pages.delivered += rows;
        let start_ms = clock::now_ms() / MINUTE_MS * MINUTE_MS;
        match pages.minutes.back_mut() {
            Some(minute) if minute.start_ms == start_ms => {
                minute.rows += rows;
                minute.bytes += bytes;
            }
            _ => {
                pages.minutes.push_back(Minute {
                    start_ms,
                    rows,
                    bytes,
                });
                if pages.minutes.len() > MINUTES {
                    pages.minutes.pop_front();
                }
            }
        }
    }

    pub(crate) fn failed(&self, rows: u32) {
        self.pages().failed += u64::from(rows);
    }

    pub(crate) fn error(&self, at_ms: i64, message: String) {
        self.line("error", &message);
        let mut pages = self.pages();
        pages.errors.push_back((at_ms, message));
        if pages.errors.len() > ERRORS {
            pages.errors.pop_front();
        }
    }

    pub(crate) fn line(&self, level: &str, words: &str) {
        let line = format!("{} {level} {words}", time(clock::now_ms()));
        let mut pages = self.pages();
        pages.lines.push_back(line);
        if pages.lines.len() > LINES {
            pages.lines.pop_front();
        }
    }

    pub(crate) fn counts(&self) -> (u64, u64) {
        let pages = self.pages();
        (pages.delivered, pages.failed)
    }

    pub(crate) fn uptime_ms(&self) -> i64 {
        match self.pages().started_ms {
            0 => 0,
            started => (clock::now_ms() - started).max(0),
        }
    }

    /// The newest first.
    pub(crate) fn errors(&self, since_ms: i64) -> Vec<LoggedError> {
        let pages = self.pages();
        let errors = pages.errors.iter().rev().filter(|(at, _)| *at >= since_ms);
        let errors = errors.map(|(at, message)| LoggedError {
            message: message.clone(),
            time: time(*at),
        });
        errors.collect()
    }

    /// A point for each minute since then; those without rows are 0.
    pub(crate) fn throughput(&self, since_ms: i64) -> Vec<Throughput> {
        let pages = self.pages();
        let now = clock::now_ms() / MINUTE_MS * MINUTE_MS;
        let first = pages.minutes.front().map_or(now, |minute| minute.start_ms);
        let mut at = first.max(since_ms / MINUTE_MS * MINUTE_MS);
        let mut points = Vec::new();
        while at <= now {
            let minute = pages.minutes.iter().find(|minute| minute.start_ms == at);
            points.push(Throughput {
                time: time(at),
                value: minute.map_or(0.0, |minute| minute.bytes as f64 / 60.0),
            });
            at += MINUTE_MS;
        }
        points
    }

    pub(crate) fn rate(&self) -> Rate {
        let uptime_ms = self.uptime_ms();
        let pages = self.pages();
        let since = clock::now_ms() - RATE_MINUTES * MINUTE_MS;
        let recent = pages
            .minutes
            .iter()
            .filter(|minute| minute.start_ms > since);
        let (rows, bytes) = recent.fold((0, 0), |(rows, bytes), minute| {
            (rows + minute.rows, bytes + minute.bytes)
        });
        let span_ms = uptime_ms.clamp(1000, RATE_MINUTES * MINUTE_MS);
        let seconds = span_ms as f64 / 1000.0;
        Rate {
            rows: rows as f64 / seconds,
            bytes: bytes as f64 / seconds,
        }
    }

    pub(crate) fn lines(&self, last: usize) -> Vec<String> {
        let pages = self.pages();
        let skipped = pages.lines.len().saturating_sub(last);
        pages.lines.iter().skip(skipped).cloned().collect()
    }
}

/// RFC 3339 in UTC, with milliseconds.
pub(crate) fn time(ms: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(ms)
        .unwrap_or_default()
        .to_rfc3339_opts(SecondsFormat::Millis, true)
}
