//! What comes in masses is recorded, but nobody fills the log with it: whoever is refused, signs in
//! or sends rows again and again would in the end push out what others did.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// So many are recorded at once, and then one in each interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    at_once: u32,
    interval: Duration,
}

/// Of one actor.
pub(super) const ATTEMPTS: Pace = Pace {
    at_once: 300,
    interval: Duration::from_secs(10),
};
/// Statements that insert into one stream.
pub(super) const INSERTS: Pace = Pace {
    at_once: 30,
    interval: Duration::from_secs(60),
};
/// Requests that send rows to one stream.
pub(super) const ROWS: Pace = Pace {
    at_once: 1,
    interval: Duration::from_secs(60 * 60),
};

/// Actors that are remembered; those that have all their attempts left are forgotten first.
const REMEMBERED: usize = 1000;

struct Left {
    pace: Pace,
    attempts: u32,
    since: Instant,
    /// Not recorded since the last one that was.
    skipped: u64,
}

impl Left {
    /// With what the time since has given back.
    fn renew(&mut self, now: Instant) {
        let gone =
            now.saturating_duration_since(self.since).as_secs() / self.pace.interval.as_secs();
        let back = u32::try_from(gone).unwrap_or(u32::MAX);
        self.attempts = self.attempts.saturating_add(back).min(self.pace.at_once);
        self.since += self.pace.interval.saturating_mul(back);
    }
}

/// By actor and what they do; those who are not known are one.
#[derive(Default)]
pub(super) struct Attempts(Mutex<HashMap<String, Left>>);

impl Attempts {
    /// Whether one more is recorded: how many were not since the last. None where it is not.
    pub(super) fn take(&self, whose: &str, pace: Pace, now: Instant) -> Option<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.retain(|_, left| {
                left.renew(now);
                left.attempts < left.pace.at_once
            });
        }
        let left = all.entry(whose.to_string()).or_insert(Left {
            pace,
            attempts: pace.at_once,
            since: now,
            skipped: 0,
        });
        if left.attempts == pace.at_once {
            left.since = now;
        }
        left.renew(now);
        match left.attempts.checked_sub(1) {
            Some(fewer) => {
                left.attempts = fewer;
                Some(std::mem::take(&mut left.skipped))
            }
            None => {
                left.skipped += 1;
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_so_many_are_recorded_and_the_others_counted() {
        let attempts = Attempts::default();
        let begin = Instant::now();
        let recorded = (0..1000).filter(|_| attempts.take("", ATTEMPTS, begin).is_some());
        assert_eq!(recorded.count(), ATTEMPTS.at_once as usize);
        assert_eq!(
            attempts.take("bob", ATTEMPTS, begin),
            Some(0),
            "others have their own"
        );
        let later = begin + ATTEMPTS.interval;
        assert_eq!(attempts.take("", ATTEMPTS, later), Some(700));
        assert_eq!(attempts.take("", ATTEMPTS, later), None);
        let much_later = begin + ATTEMPTS.interval * 100_000;
        let recorded = (0..1000).filter(|_| attempts.take("", ATTEMPTS, much_later).is_some());
        assert_eq!(recorded.count(), ATTEMPTS.at_once as usize);
    }

    #[test]
    fn what_sends_rows_is_recorded_once_an_hour() {
        let attempts = Attempts::default();
        let begin = Instant::now();
        let told = (0..1000).filter_map(|n| {
            let now = begin + Duration::from_secs(n * 10);
            attempts.take("rows", ROWS, now)
        });
        assert_eq!(told.collect::<Vec<_>>(), [0, 359, 359]);
    }

    #[test]
    fn names_do_not_fill_the_memory() {
        let attempts = Attempts::default();
        let begin = Instant::now();
        for n in 0..REMEMBERED {
            attempts.take(&n.to_string(), ATTEMPTS, begin);
        }
        attempts.take("another", ATTEMPTS, begin + ATTEMPTS.interval * 2);
        assert_eq!(attempts.0.lock().expect("lock").len(), 1);
    }
}
