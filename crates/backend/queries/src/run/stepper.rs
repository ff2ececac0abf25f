//! A query on its own thread, step by step: what comes is there before a step, and what was read
//! is told to the store after it.

use std::{
    ops::ControlFlow,
    time::{Duration, Instant},
};

use rusqlite::{Connection, types::ValueRef};
use tokio::runtime::Handle;
use weir_engine::{Checkpoint, Governor, Plan, Runner, RunnerStats, SqlError, Step};
use weir_store::Store;

use super::{
    pause::wait_until,
    sources::{Reads, Sources},
};
use crate::{clock, error::HttpError};

pub(crate) struct Stepper {
    store: Store,
    /// Where rows from outside are in its temporary tables. All others read with whichever is free.
    own: Option<Connection>,
    governor: Governor,
    sources: Sources,
    runner: Runner,
    reads: Reads,
    streams: Vec<String>,
}

impl Stepper {
    /// Rows that are committed from now on will be seen. With `from`, it goes on there. What comes
    /// from outside can take long: `stopped` ends the waiting.
    pub(crate) fn open(
        (store, runtime): (&Store, &Handle),
        plan: &Plan,
        from: Option<Checkpoint>,
        governor: &Governor,
        deadline: Option<Duration>,
        stopped: impl Future<Output = ()>,
    ) -> Result<Self, HttpError> {
        if let Some(deadline) = deadline {
            governor.end_after(deadline);
        }
        let own = match plan.outside.is_empty() {
            true => None,
            false => Some(store.reader()?),
        };
        let position = from.as_ref().map_or(0, Checkpoint::position);
        let sources = Sources::open(store, own.as_ref(), plan, position, runtime, stopped)?;
        let mut runner = match from {
            Some(checkpoint) => Runner::resume(plan.clone(), checkpoint)?,
            None => {
                let _turn = governor.turn(plan.streaming)?;
                reading(store, own.as_ref(), governor, |conn| {
                    Runner::new(plan.clone(), conn, clock::now_ms())
                })?
            }
        };
        runner.governed_by(governor);
        Ok(Self {
            store: store.clone(),
            own,
            governor: governor.clone(),
            sources,
            reads: Reads::after(&runner.stats()),
            streams: plan.sources.clone(),
            runner,
        })
    }

    pub(crate) fn runner(&self) -> &Runner {
        &self.runner
    }

    /// Makes what came ready for the next step.
    pub(crate) fn take(&mut self) -> Result<(), String> {
        self.sources
            .take(self.own.as_ref(), self.runner.position())?;
        if self.sources.rows_went(&self.store) {
            self.runner.rows_went();
        }
        Ok(())
    }

    pub(crate) fn step(
        &mut self,
        rows: u32,
        emit: &mut dyn FnMut(&[ValueRef<'_>]) -> ControlFlow<()>,
    ) -> Result<Step, SqlError> {
        let _turn = self.governor.turn(self.runner.streams())?;
        let runner = &mut self.runner;
        reading(&self.store, self.own.as_ref(), &self.governor, |conn| {
            runner.step(conn, clock::now_ms(), rows, emit)
        })
    }

    /// After a step.
    pub(crate) fn stats(&mut self) -> RunnerStats {
        let stats = self.runner.stats();
        self.reads.note(&self.store, &self.streams, &stats);
        stats
    }

    /// That one of the streams was deleted, in words.
    pub(crate) fn gone(&self) -> Option<String> {
        self.sources.gone()
    }

    /// Until a source has new rows, a timer is due, or `stopped`: then it is true.
    pub(crate) fn wait(
        &mut self,
        wake_at_ms: Option<i64>,
        due: Option<Instant>,
        stopped: impl Future<Output = ()>,
    ) -> Result<bool, String> {
        let wake = wake_at_ms.map(|at| {
            let ms = u64::try_from(at - clock::now_ms()).unwrap_or(0);
            Instant::now() + Duration::from_millis(ms)
        });
        let due = wake.into_iter().chain(due).min();
        let sources = &mut self.sources;
        let event = async {
            tokio::select! {
                () = stopped => Ok(true),
                changed = sources.changed() => changed.map(|()| false),
            }
        };
        wait_until(event, due).unwrap_or(Ok(false))
    }
}

/// Reads with `own`, or with one that is free.
fn reading<T>(
    store: &Store,
    own: Option<&Connection>,
    governor: &Governor,
    read: impl FnOnce(&Connection) -> Result<T, SqlError>,
) -> Result<T, SqlError> {
    let governed = |conn: &Connection| {
        let _governed = governor.govern(conn)?;
        read(conn)
    };
    match own {
        Some(conn) => governed(conn),
        None => store
            .read(governed)
            .unwrap_or_else(|error| Err(SqlError::new(error.to_string()))),
    }
}
