//! Runs a plan: history in one go, a followed stream step by step.

mod checkpoint;
mod each;
mod follow;
mod groups;
mod rows;
mod stats;

use std::{ops::ControlFlow, sync::Arc};

use rusqlite::{Connection, types::ValueRef};

pub use self::{
    checkpoint::Checkpoint,
    stats::{NodeStats, RunnerStats},
};
use self::{groups::Groups, stats::Counters};
use crate::{
    Plan, SqlError,
    parse::Emit,
    plan::{Seek, quote_name},
    udf::library::Library,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The query has ended.
    Done,
    /// There is more to read now.
    More,
    /// Nothing to do until the followed stream has new rows, or until the time given (Unix ms).
    Idle { wake_at_ms: Option<i64> },
}

/// Receives one row of the result; `Break` ends the query.
type Sink<'a> = &'a mut dyn FnMut(&[ValueRef<'_>]) -> ControlFlow<()>;

/// A query between its steps. Holds the state of aggregations, not the connection: each step may
/// use another one to the same database.
pub struct Runner {
    plan: Plan,
    /// The functions of people that it calls.
    library: Option<Arc<Library>>,
    /// `_seq` of the last row read.
    position: i64,
    groups: Groups,
    /// Unix ms of the next result of an aggregation without windows.
    next_emit_ms: i64,
    /// Rows left until LIMIT.
    remaining: Option<u64>,
    done: bool,
    counters: Counters,
}

impl Runner {
    /// Fixes where a streaming query starts.
    pub fn new(plan: Plan, conn: &Connection, now_ms: i64) -> Result<Self, SqlError> {
        let position = match &plan.leaf {
            Some(leaf) => start(plan.seek, &leaf.table, conn)?,
            None => 0,
        };
        let period = match plan.emit {
            Emit::Periodic(period) => period,
            Emit::AfterWatermark(_) => 0,
        };
        Ok(Self {
            position,
            groups: Groups::default(),
            next_emit_ms: now_ms.saturating_add(period),
            remaining: plan.limit,
            done: plan.limit == Some(0),
            counters: Counters::default(),
            library: Library::new(&plan.functions),
            plan,
        })
    }

    /// A bounded query runs to its end. A streaming one reads at most `max_rows` new source rows
    /// and sends what is due. `emit` receives rows in the order of [`Plan::header`]; when it
    /// breaks, the query has ended.
    pub fn step(
        &mut self,
        conn: &Connection,
        now_ms: i64,
        max_rows: u32,
        emit: &mut dyn FnMut(&[ValueRef<'_>]) -> ControlFlow<()>,
    ) -> Result<Step, SqlError> {
        if self.done {
            return Ok(Step::Done);
        }
        if let Some(library) = &self.library {
            library.register(conn)?;
            library.begin_step();
        }
        let step = if self.plan.streaming {
            self.follow(conn, now_ms, max_rows.max(1), emit)?
        } else {
            self.history(conn, now_ms, emit)?;
            Step::Done
        };
        self.done |= step == Step::Done;
        Ok(if self.done { Step::Done } else { step })
    }

    /// `_seq` of the last row read of the followed stream.
    pub fn position(&self) -> i64 {
        self.position
    }

    pub fn stats(&self) -> RunnerStats {
        self.counters.stats(&self.plan)
    }
}

/// The `_seq` after which to read.
fn start(seek: Seek, table: &str, conn: &Connection) -> Result<i64, SqlError> {
    let table = quote_name(table);
    let newest = || -> Result<i64, SqlError> {
        let sql = format!("SELECT coalesce(max(_seq), 0) FROM {table}");
        Ok(conn.query_row(&sql, [], |row| row.get(0))?)
    };
    match seek {
        Seek::Latest => newest(),
        Seek::Earliest => Ok(0),
        Seek::Time(from) => {
            let sql = format!("SELECT min(_seq) FROM {table} WHERE _tp_time >= ?1");
            let first: Option<i64> = conn.query_row(&sql, [from], |row| row.get(0))?;
            first.map_or_else(newest, |first| Ok(first - 1))
        }
    }
}
