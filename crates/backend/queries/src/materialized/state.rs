//! What a materialized view is doing.

use std::time::Duration;

use weir_api::timeplus::materialized_view::Status;
use weir_engine::RunnerStats;

use crate::clock;

/// Failures in a row after which it is not tried again by itself.
const ATTEMPTS: u32 = 8;
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

#[derive(Debug, Clone, Default)]
pub struct State {
    pub status: Status,
    /// Unix ms.
    pub since_ms: i64,
    /// The last failure; kept until it runs again.
    pub error: String,
    pub error_ms: i64,
    /// Failures since rows were last written.
    failures: u32,
    /// Of what is on disk.
    pub checkpoint_ms: i64,
    pub checkpoint_bytes: usize,
    pub position: i64,
    /// The stream that its query follows.
    pub followed: Option<String>,
    pub stats: RunnerStats,
}

impl State {
    pub(super) fn is(&mut self, status: Status) {
        self.status = status;
        self.since_ms = clock::now_ms();
    }

    /// How long to wait before the next attempt; `None` when there is none.
    pub(super) fn failed(&mut self, message: String) -> Option<Duration> {
        self.error = message;
        self.error_ms = clock::now_ms();
        self.failures += 1;
        let again = self.failures < ATTEMPTS;
        self.is(if again {
            Status::AutoRecovering
        } else {
            Status::Error
        });
        let pause = FIRST_PAUSE * 2u32.pow(self.failures.min(ATTEMPTS) - 1);
        again.then(|| pause.min(LONGEST_PAUSE))
    }

    /// A person wants it to run: earlier failures no longer count.
    pub(super) fn wanted(&mut self, status: Status) {
        self.failures = 0;
        self.is(status);
    }

    pub(super) fn saved(&mut self, position: i64, bytes: usize, progress: bool) {
        self.checkpoint_ms = clock::now_ms();
        self.checkpoint_bytes = bytes;
        self.position = position;
        if progress {
            self.failures = 0;
            self.error.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_get_rarer_and_end() {
        let mut state = State::default();
        let mut pauses = Vec::new();
        while let Some(pause) = state.failed("no".into()) {
            assert_eq!(state.status, Status::AutoRecovering);
            pauses.push(pause.as_millis());
        }
        assert_eq!(pauses, [250, 500, 1000, 2000, 4000, 8000, 16_000]);
        assert_eq!((state.status, state.error.as_str()), (Status::Error, "no"));
        state.wanted(Status::Recovering);
        assert!(state.failed("no".into()).is_some());
        state.saved(3, 100, true);
        assert_eq!((state.error.as_str(), state.failures), ("", 0));
    }
}
