//! Gathers result rows into events, with the metrics between them.

use std::{
    ops::ControlFlow,
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::types::ValueRef;
use weir_api::{
    DataType,
    timeplus::query::{BatchingPolicy, Metrics},
};
use weir_engine::{RunnerStats, codec};

use super::{event_log::EventLog, frame};
use crate::{clock, error::HttpError};

/// An event is sent at this size whatever the policy says: the log has to stay divisible.
const MAX_BYTES: usize = 256 << 10;
const METRICS_EVERY: Duration = Duration::from_secs(1);

#[derive(Debug, Clone, Copy)]
pub struct Batching {
    count: u32,
    age: Duration,
}

impl TryFrom<Option<BatchingPolicy>> for Batching {
    type Error = HttpError;

    fn try_from(policy: Option<BatchingPolicy>) -> Result<Self, HttpError> {
        let policy = policy.unwrap_or_default();
        if policy.count == Some(0) {
            let field = "batching_policy.count";
            return Err(HttpError::field(field, "at least 1 is needed"));
        }
        Ok(Self {
            count: policy.count.unwrap_or(500),
            age: Duration::from_millis(policy.time_ms.unwrap_or(100).into()),
        })
    }
}

pub(crate) struct Output {
    log: Arc<EventLog>,
    types: Vec<DataType>,
    batching: Batching,
    /// Rows of the open batch, comma-separated.
    buffer: Vec<u8>,
    buffered: u32,
    opened: Instant,
    /// In sent events.
    sent: u64,
    first_row: Option<Instant>,
    metrics: Metrics,
    metrics_due: Instant,
    sent_at_metrics: u64,
    waited: Duration,
}

impl Output {
    pub(crate) fn new(log: Arc<EventLog>, types: Vec<DataType>, batching: Batching) -> Self {
        let now = Instant::now();
        Self {
            log,
            types,
            batching,
            buffer: Vec::new(),
            buffered: 0,
            opened: now,
            sent: 0,
            first_row: None,
            metrics: Metrics::default(),
            metrics_due: now + METRICS_EVERY,
            sent_at_metrics: 0,
            waited: Duration::ZERO,
        }
    }

    /// Breaks when the query was canceled.
    pub(crate) fn row(&mut self, values: &[ValueRef<'_>]) -> ControlFlow<()> {
        let now = Instant::now();
        if self.buffered == 0 {
            self.opened = now;
            self.first_row.get_or_insert(now);
        } else {
            self.buffer.push(b',');
        }
        codec::encode_row(&mut self.buffer, &self.types, values);
        self.buffered += 1;
        let full = self.buffered >= self.batching.count || self.buffer.len() >= MAX_BYTES;
        if full || now.duration_since(self.opened) >= self.batching.age {
            self.flush()?;
        }
        if now >= self.metrics_due {
            self.send_metrics()?;
        }
        ControlFlow::Continue(())
    }

    pub(crate) fn flush(&mut self) -> ControlFlow<()> {
        if self.buffered == 0 {
            return ControlFlow::Continue(());
        }
        self.sent += u64::from(self.buffered);
        let frame = frame::rows(self.sent, &mut self.buffer);
        self.buffer.clear();
        self.buffered = 0;
        self.push(frame)
    }

    /// Sends what is due between two steps; `idle` sends the open batch at once.
    pub(crate) fn after_step(
        &mut self,
        stats: &RunnerStats,
        worked: Duration,
        idle: bool,
    ) -> ControlFlow<()> {
        self.metrics.scanned_rows = stats.scanned_rows;
        self.metrics.scanned_bytes = stats.scanned_bytes;
        self.metrics.last_event_time = stats.last_event_time;
        self.metrics.watermark = stats.watermark;
        self.metrics.processing_time = i64::try_from(worked.as_millis()).unwrap_or(i64::MAX);
        if idle || (self.buffered > 0 && self.opened.elapsed() >= self.batching.age) {
            self.flush()?;
        }
        if Instant::now() >= self.metrics_due {
            self.send_metrics()?;
        }
        match self.log.wait_for_room() {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }

    pub(crate) fn metrics_due(&self) -> Instant {
        self.metrics_due
    }

    pub(crate) fn first_row(&self) -> Option<Instant> {
        self.first_row
    }

    /// The metrics of now; begins a new second.
    pub(crate) fn take_metrics(&mut self) -> Metrics {
        let now = Instant::now();
        let since = METRICS_EVERY + now.saturating_duration_since(self.metrics_due);
        let new = self.sent - self.sent_at_metrics;
        self.metrics.count = i64::try_from(self.sent).unwrap_or(i64::MAX);
        self.metrics.eps = new as f64 / since.as_secs_f64();
        self.metrics.server_time = clock::now_ms();
        self.sent_at_metrics = self.sent;
        self.metrics_due = now + METRICS_EVERY;
        self.metrics
    }

    /// Time spent waiting for readers so far.
    pub(crate) fn waited(&self) -> Duration {
        self.waited
    }

    pub(crate) fn sent(&self) -> u64 {
        self.sent
    }

    fn send_metrics(&mut self) -> ControlFlow<()> {
        let metrics = self.take_metrics();
        self.push(frame::named("metrics", self.sent, &metrics))
    }

    fn push(&mut self, frame: bytes::Bytes) -> ControlFlow<()> {
        let started = Instant::now();
        let pushed = self.log.push(frame, self.sent);
        self.waited += started.elapsed();
        match pushed {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    }
}
