//! Runs a plan: history in one go, a followed stream step by step.

mod checkpoint;
mod due;
mod each;
mod follow;
mod governor;
mod group;
mod groups;
mod passing;
mod pipeline;
mod rows;
mod sessions;
mod state;
mod stats;

use std::{ops::ControlFlow, sync::Arc};

use rusqlite::{Connection, types::ValueRef};

pub use self::{
    checkpoint::Checkpoint,
    governor::{Governed, Governor, Turn},
    stats::{NodeStats, RunnerStats},
};
use self::{
    state::{Parts, State},
    stats::Counters,
};
use crate::{
    Plan, SqlError, functions::aggregate::Scripts, parse::Policy, plan::Seek, typed::quote_name,
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
    /// For each stream that it follows.
    cursors: Vec<Cursor>,
    /// For each stage of the plan.
    states: Vec<State>,
    /// Unix ms of the next result of an aggregation without windows.
    next_emit_ms: i64,
    /// When rows came last (Unix ms).
    last_row_ms: Option<i64>,
    /// Results of the last aggregation sent so far.
    version: i64,
    /// Rows left until LIMIT.
    remaining: Option<u64>,
    done: bool,
    counters: Counters,
    governor: Option<Governor>,
}

/// Where a query stands in a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cursor {
    /// `_seq` of the last row before the query's start.
    start: i64,
    /// `_seq` of the last row read.
    position: i64,
}

impl Runner {
    /// Fixes where a streaming query starts.
    pub fn new(plan: Plan, conn: &Connection, now_ms: i64) -> Result<Self, SqlError> {
        let mut cursors = Vec::with_capacity(plan.leaves.len());
        for (leaf, seek) in &plan.leaves {
            let start = start(*seek, &leaf.table, conn)?;
            cursors.push(Cursor {
                start,
                position: start,
            });
        }
        let period = match plan.emission.policy {
            Policy::Periodic(period) | Policy::Repeated(period) => period,
            Policy::WindowClose | Policy::Updates(_) | Policy::PerEvent => 0,
        };
        Ok(Self {
            cursors,
            states: plan.stages.iter().map(|stage| State::new(stage)).collect(),
            next_emit_ms: now_ms.saturating_add(period),
            last_row_ms: None,
            version: 0,
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

    /// To be called before the first step. Each step needs a turn of the governor, and a connection
    /// that it governs.
    pub fn governed_by(&mut self, governor: &Governor) {
        self.governor = Some(governor.clone());
        if let Some(library) = &self.library {
            library.stopped_by(governor.flag());
        }
    }

    /// Whether it follows streams.
    pub fn streams(&self) -> bool {
        self.plan.streaming
    }

    /// `_seq` of the last row read of the first followed stream.
    pub fn position(&self) -> i64 {
        self.cursors.first().map_or(0, |cursor| cursor.position)
    }

    /// To be called before a step where rows of a followed stream that keeps the last row of each
    /// key were deleted: a result that is made of all of its rows is made anew.
    pub fn rows_went(&mut self) {
        if self.begins_anew() {
            self.set_changed(true);
        }
    }

    fn set_changed(&mut self, changed: bool) {
        for state in &mut self.states {
            if let State::Groups(parts) = state {
                Parts::set_changed(parts, changed);
            }
        }
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
