//! One thing that runs: its state and the task that runs it again and again.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{
    history::{ErrorEntry, History},
    keep::StoredJob,
    task::Task,
};
use crate::{clock, delivery::masked::masked_words};

const LOG_LINES: usize = 2000;
/// What does not end by itself after this time is cut off.
pub(super) const PATIENCE: Duration = Duration::from_secs(4);

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Status {
    #[default]
    Stopped,
    Running,
    /// Failed; tried again after a while.
    Interrupted,
    Stopping,
    /// There was nothing left to do.
    Complete,
}

impl Status {
    /// As sources say it.
    pub fn source_word(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Running => "running",
            Self::Interrupted => "interrupted",
            Self::Stopping => "stopping",
            Self::Complete => "complete",
        }
    }

    /// As sinks say it.
    pub fn sink_word(self) -> &'static str {
        match self {
            Self::Running | Self::Stopping => "running",
            Self::Interrupted => "error",
            Self::Stopped | Self::Complete => "stopped",
        }
    }
}

/// How one stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub status: Status,
    /// Why it is interrupted; empty otherwise.
    pub message: String,
    /// Unix milliseconds of the last start; 0 for never.
    pub started_ms: i64,
    /// Milliseconds it has been running without a break.
    pub uptime_ms: i64,
    /// Rows that came through.
    pub successes: u64,
    /// Rows and attempts that did not.
    pub failures: u64,
}

#[derive(Default)]
pub(super) struct Job {
    pub(super) task: tokio::sync::Mutex<Option<Task>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    wanted: bool,
    status: Status,
    message: String,
    started_ms: i64,
    /// It works since then.
    up_ms: Option<i64>,
    history: History,
    log: VecDeque<String>,
    /// Not written yet.
    changed: bool,
}

impl Job {
    pub(super) fn from_stored(kept: StoredJob) -> Self {
        let state = State {
            wanted: kept.wanted,
            started_ms: kept.started_ms,
            history: kept.history,
            ..State::default()
        };
        Self {
            state: Mutex::new(state),
            ..Self::default()
        }
    }

    pub(super) fn kept(&self) -> StoredJob {
        let state = self.state();
        StoredJob {
            wanted: state.wanted,
            started_ms: state.started_ms,
            history: state.history.clone(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn wanted(&self) -> bool {
        self.state().wanted
    }

    pub(super) fn unwanted(&self) {
        self.state().wanted = false;
    }

    pub(super) fn take_changed(&self) -> bool {
        std::mem::take(&mut self.state().changed)
    }

    pub(super) fn is_active(&self) -> bool {
        matches!(
            self.state().status,
            Status::Running | Status::Interrupted | Status::Stopping
        )
    }

    pub(super) fn begin(&self) {
        let now_ms = clock::now_ms();
        let mut state = self.state();
        state.wanted = true;
        state.status = Status::Running;
        state.message.clear();
        state.started_ms = now_ms;
        state.up_ms = None;
        drop(state);
        self.log("INFO", "started");
    }

    /// It works.
    pub(super) fn up(&self) {
        let mut state = self.state();
        if state.status == Status::Interrupted {
            state.status = Status::Running;
            state.message.clear();
        }
        state.up_ms.get_or_insert_with(clock::now_ms);
    }

    pub(super) fn count(&self, rows: u64, bytes: u64) {
        let mut state = self.state();
        state.history.count(clock::now_ms(), rows, bytes);
        state.changed = true;
    }

    pub(super) fn error(&self, message: &str, failures: u64) {
        let message = &masked_words(message);
        let mut state = self.state();
        state.history.error(clock::now_ms(), message, failures);
        state.changed = true;
        drop(state);
        self.log("ERROR", message);
    }

    /// `level` is INFO, WARN or ERROR.
    pub(super) fn log(&self, level: &str, words: &str) {
        let words = masked_words(words);
        let line = format!("{} {level} {words}", clock::iso(clock::now_ms()));
        let mut state = self.state();
        state.log.push_back(line);
        if state.log.len() > LOG_LINES {
            state.log.pop_front();
        }
    }

    pub(super) fn report(&self) -> Report {
        let state = self.state();
        Report {
            status: state.status,
            message: state.message.clone(),
            started_ms: state.started_ms,
            uptime_ms: state
                .up_ms
                .map_or(0, |since| (clock::now_ms() - since).max(0)),
            successes: state.history.successes,
            failures: state.history.failures,
        }
    }

    pub(super) fn errors(&self, within: Duration) -> Vec<ErrorEntry> {
        self.state().history.errors_since(ago(within))
    }

    pub(super) fn throughput(&self, within: Duration) -> Vec<(i64, f64)> {
        let since = ago(within);
        self.state().history.throughput(clock::now_ms(), since)
    }

    pub(super) fn logs(&self, count: usize) -> Vec<String> {
        let state = self.state();
        let skipped = state.log.len().saturating_sub(count);
        state.log.iter().skip(skipped).cloned().collect()
    }

    /// Ends the task and waits for it.
    pub(super) async fn halt(&self) {
        let mut task = self.task.lock().await;
        let Some(task) = task.take() else { return };
        if !task.has_ended() {
            self.state().status = Status::Stopping;
        }
        task.end().await;
        let mut state = self.state();
        state.status = Status::Stopped;
        state.message.clear();
        state.up_ms = None;
        drop(state);
        self.log("INFO", "stopped");
    }

    pub(super) fn ended(&self, status: Status, message: &str) {
        let mut state = self.state();
        // Who stops it has the last word.
        if state.status != Status::Stopping {
            state.status = status;
            state.message = masked_words(message);
        }
        state.up_ms = None;
    }

    pub(super) fn was_up(&self) -> bool {
        self.state().up_ms.is_some()
    }
}

/// Unix milliseconds.
fn ago(within: Duration) -> i64 {
    let within = i64::try_from(within.as_millis()).unwrap_or(i64::MAX);
    clock::now_ms().saturating_sub(within)
}
