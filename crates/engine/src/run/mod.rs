//! Runs a plan: history in one go, a followed stream step by step.

mod checkpoint;
mod each;
mod follow;
mod governor;
mod groups;
mod rows;
mod stats;

use std::{ops::ControlFlow, sync::Arc};

use rusqlite::{Connection, types::ValueRef};

pub use self::{
    checkpoint::Checkpoint,
    governor::Governor,
    stats::{NodeStats, RunnerStats},
};
use self::{groups::Groups, stats::Counters};
use crate::{
    Plan, SqlError, functions::aggregate::Scripts, parse::Emit, plan::Seek, typed::quote_name,
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
    /// `_seq` of the last row before the query's start.
    start: i64,
    groups: Groups,
    /// Unix ms of the next result of an aggregation without windows.
    next_emit_ms: i64,
    /// Rows left until LIMIT.
    remaining: Option<u64>,
    done: bool,
    counters: Counters,
    governor: Option<Governor>,
}

impl Runner {
    /// Fixes where a streaming query starts.
    pub fn new(plan: Plan, conn: &Connection, now_ms: i64) -> Result<Self, SqlError> {
        let position = match &plan.leaf {
            Some(leaf) => start(plan.seek, &leaf.table, conn)?,
            None => 0,
        };
        let period = match plan.emit {
            Emit::Periodic(period) | Emit::Repeated(period) => period,
            Emit::AfterWatermark(_) | Emit::Updates(_) => 0,
        };
        Ok(Self {
            position,
            start: position,
            groups: Groups::default(),
            next_emit_ms: now_ms.saturating_add(period),
            remaining: plan.limit,
            done: plan.limit == Some(0),
            counters: Counters::default(),
            governor: None,
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
        if let Some(governor) = &self.governor {
            governor.renew();
        }
        let _running = self
            .governor
            .as_ref()
            .map(|governor| governor.flag().enter());
        let step = if self.plan.streaming {
            self.follow(conn, now_ms, max_rows.max(1), emit)
        } else {
            self.history(conn, now_ms, emit).map(|()| Step::Done)
        };
        let step = step.map_err(|error| match &self.governor {
            Some(governor) => governor.explain(error),
            None => error,
        })?;
        self.done |= step == Step::Done;
        Ok(if self.done { Step::Done } else { step })
    }

    /// To be called before the first step, for the connection that the governor governs.
    pub fn governed_by(&mut self, governor: &Governor) {
        self.governor = Some(governor.clone());
        if let Some(library) = &self.library {
            library.stopped_by(governor.flag());
        }
    }

    /// `_seq` of the last row read of the followed stream.
    pub fn position(&self) -> i64 {
        self.position
    }

    pub fn stats(&self) -> RunnerStats {
        self.counters.stats(&self.plan)
    }
}

fn scripts(library: Option<&Arc<Library>>) -> Option<&dyn Scripts> {
    library.map(|library| library.as_ref() as &dyn Scripts)
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
