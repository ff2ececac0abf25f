use std::ops::ControlFlow;

use rusqlite::{Connection, types::ValueRef};

use crate::{Plan, SqlError};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The query has ended.
    Done,
    /// `max_rows` was reached: there is more to read now.
    More,
    /// Nothing to do until a source has new rows, or until the time given (Unix ms).
    Idle { wake_at_ms: Option<i64> },
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RunnerStats {
    pub scanned_rows: i64,
    pub scanned_bytes: i64,
    pub emitted_rows: i64,
    /// Rows that came after their window was emitted.
    pub late_rows: i64,
    /// Unix milliseconds, 0 where there is none.
    pub last_event_time: i64,
    /// Unix milliseconds, 0 where there is none.
    pub watermark: i64,
    pub nodes: Vec<NodeStats>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NodeStats {
    pub id: i64,
    pub name: String,
    pub rows: i64,
    pub bytes: i64,
    pub time_ns: i64,
    /// Ids of the nodes that feed it.
    pub inputs: Vec<i64>,
}

pub struct Runner {
    stats: RunnerStats,
}

impl Runner {
    pub fn new(_plan: Plan, _conn: &Connection, _now_ms: i64) -> Result<Self, SqlError> {
        Ok(Self {
            stats: RunnerStats::default(),
        })
    }

    pub fn step(
        &mut self,
        _conn: &Connection,
        _now_ms: i64,
        _max_rows: u32,
        _emit: &mut dyn FnMut(&[ValueRef<'_>]) -> ControlFlow<()>,
    ) -> Result<Step, SqlError> {
        Ok(Step::Done)
    }

    pub fn stats(&self) -> RunnerStats {
        self.stats.clone()
    }
}
