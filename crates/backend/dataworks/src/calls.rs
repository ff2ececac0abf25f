//! How often each caller may call.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

const SECOND: Duration = Duration::from_secs(1);

/// Callers that are remembered before those of past seconds are forgotten.
const MANY: usize = 1000;

pub(super) struct Calls {
    per_second: u32,
    /// When the caller's second began, and calls in it.
    seconds: Mutex<HashMap<String, (Instant, u32)>>,
}

impl Calls {
    pub(super) fn new(per_second: u32) -> Self {
        Self {
            per_second,
            seconds: Mutex::default(),
        }
    }

    /// False where it is one too many.
    pub(super) fn take(&self, caller: &str) -> bool {
        let now = Instant::now();
        let mut seconds = self.seconds.lock().unwrap_or_else(PoisonError::into_inner);
        if seconds.len() > MANY {
            seconds.retain(|_, (began, _)| now.duration_since(*began) < SECOND);
        }
        let (began, count) = seconds.entry(caller.to_string()).or_insert((now, 0));
        if now.duration_since(*began) >= SECOND {
            (*began, *count) = (now, 0);
        }
        *count += 1;
        *count <= self.per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_caller_has_its_own_count() {
        let calls = Calls::new(2);
        assert!(calls.take("a") && calls.take("a"));
        // A slow machine may have begun another second.
        let third = calls.take("a");
        let seconds = calls.seconds.lock().expect("lock");
        assert_eq!(third, seconds["a"].1 <= 2);
        drop(seconds);
        assert!(calls.take("b"));
    }
}
