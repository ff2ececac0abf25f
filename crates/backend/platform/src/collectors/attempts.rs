//! What changed nothing is recorded, but nobody fills the log with it: whoever is refused, or signs
//! in, again and again would in the end push out what others did.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// So many of one actor are recorded at once, and then one in each interval.
const AT_ONCE: u32 = 300;
const INTERVAL: Duration = Duration::from_secs(10);
/// Actors that are remembered; those that have all their attempts left are forgotten first.
const REMEMBERED: usize = 1000;

struct Left {
    attempts: u32,
    since: Instant,
    /// Not recorded since the last one that was.
    skipped: u64,
}

impl Left {
    /// With what the time since has given back.
    fn renew(&mut self, now: Instant) {
        let gone = now.saturating_duration_since(self.since).as_secs() / INTERVAL.as_secs();
        let back = u32::try_from(gone).unwrap_or(u32::MAX);
        self.attempts = self.attempts.saturating_add(back).min(AT_ONCE);
        self.since += INTERVAL.saturating_mul(back);
    }
}

/// By actor; those who are not known are one.
#[derive(Default)]
pub(super) struct Attempts(Mutex<HashMap<String, Left>>);

impl Attempts {
    /// Whether one more is recorded: how many were not since the last. None where it is not.
    pub(super) fn take(&self, actor: &str, now: Instant) -> Option<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= REMEMBERED {
            all.retain(|_, left| {
                left.renew(now);
                left.attempts < AT_ONCE
            });
        }
        let left = all.entry(actor.to_string()).or_insert(Left {
            attempts: AT_ONCE,
            since: now,
            skipped: 0,
        });
        if left.attempts == AT_ONCE {
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
        let recorded = (0..1000).filter(|_| attempts.take("", begin).is_some());
        assert_eq!(recorded.count(), AT_ONCE as usize);
        assert_eq!(
            attempts.take("bob", begin),
            Some(0),
            "others have their own"
        );
        let later = begin + INTERVAL;
        assert_eq!(attempts.take("", later), Some(700));
        assert_eq!(attempts.take("", later), None);
        let much_later = begin + INTERVAL * 100_000;
        let recorded = (0..1000).filter(|_| attempts.take("", much_later).is_some());
        assert_eq!(recorded.count(), AT_ONCE as usize);
    }

    #[test]
    fn names_do_not_fill_the_memory() {
        let attempts = Attempts::default();
        let begin = Instant::now();
        for n in 0..REMEMBERED {
            attempts.take(&n.to_string(), begin);
        }
        attempts.take("another", begin + INTERVAL * 2);
        assert_eq!(attempts.0.lock().expect("lock").len(), 1);
    }
}
