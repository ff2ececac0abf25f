//! Queries that end, run as a whole by whoever asks.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rusqlite::{Connection, types::ValueRef};
use tokio::runtime::Handle;
use weir_engine::{Plan, Runner, Step};
use weir_store::Store;

use super::sources::{Reads, Sources};
use crate::{clock, error::Failure};

/// A statement that began right after an interrupt did not see it.
const INTERRUPT_AGAIN: Duration = Duration::from_millis(50);

/// Why there is no result.
#[derive(Debug)]
pub enum Ended {
    /// It took too long and was stopped.
    Late,
    Failed(Failure),
}

impl<E: Into<Failure>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Runs a plan that does not stream on a thread of its own. `row` gets `state` and each row; when
/// it breaks, no more rows come. What it made of `state` is the result.
pub async fn run<S: Send + 'static>(
    store: &Store,
    plan: Plan,
    timeout: Duration,
    state: S,
    row: impl FnMut(&mut S, &[ValueRef<'_>]) -> ControlFlow<()> + Send + 'static,
) -> Result<S, Ended> {
    let conn = store.reader()?;
    let interrupt = conn.get_interrupt_handle();
    let late = Arc::new(AtomicBool::new(false));
    let reading = Reading {
        store: store.clone(),
        conn,
        stop: late.clone(),
        runtime: Handle::current(),
    };
    let mut task = tokio::task::spawn_blocking(move || reading.read(plan, state, row));
    let outcome = match tokio::time::timeout(timeout, &mut task).await {
        Ok(outcome) => outcome,
        Err(_) => {
            late.store(true, Ordering::Relaxed);
            loop {
                interrupt.interrupt();
                if let Ok(outcome) = tokio::time::timeout(INTERRUPT_AGAIN, &mut task).await {
                    break outcome;
                }
            }
        }
    };
    let outcome = outcome.map_err(Failure::internal)?;
    match late.load(Ordering::Relaxed) {
        true => Err(Ended::Late),
        false => Ok(outcome?),
    }
}

struct Reading {
    store: Store,
    conn: Connection,
    stop: Arc<AtomicBool>,
    runtime: Handle,
}

impl Reading {
    fn read<S>(
        self,
        plan: Plan,
        mut state: S,
        mut row: impl FnMut(&mut S, &[ValueRef<'_>]) -> ControlFlow<()>,
    ) -> Result<S, Failure> {
        Sources::open(&self.store, &self.conn, &plan, 0, &self.runtime)?;
        let sources = plan.sources.clone();
        let mut runner = Runner::new(plan, &self.conn, clock::now_ms())?;
        let mut emit = |values: &[ValueRef<'_>]| match self.stop.load(Ordering::Relaxed) {
            true => ControlFlow::Break(()),
            false => row(&mut state, values),
        };
        while runner.step(&self.conn, clock::now_ms(), u32::MAX, &mut emit)? != Step::Done {}
        Reads::default().note(&self.store, &sources, &runner.stats());
        Ok(state)
    }
}
