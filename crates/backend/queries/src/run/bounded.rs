//! Queries that end, run as a whole by whoever asks.

use std::{ops::ControlFlow, time::Duration};

use rusqlite::types::ValueRef;
use tokio::{runtime::Handle, sync::oneshot};
use weir_engine::{Governor, Plan, Step};
use weir_platform::access::{self, client_gone};
use weir_store::Store;

use super::stepper::Stepper;
use crate::error::HttpError;

/// Why there is no result.
#[derive(Debug)]
pub enum Ended {
    /// It took too long and was stopped.
    Late,
    Failed(HttpError),
}

impl<E: Into<HttpError>> From<E> for Ended {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Runs a plan that does not stream on a thread of its own. `row` gets `state` and each row; when
/// it breaks, no more rows come. What it made of `state` is the result. It ends early when nobody
/// waits for it any more.
pub async fn run<S: Send + 'static>(
    store: &Store,
    plan: Plan,
    timeout: Duration,
    state: S,
    row: impl FnMut(&mut S, &[ValueRef<'_>]) -> ControlFlow<()> + Send + 'static,
) -> Result<S, Ended> {
    let governor = Governor::of(&access::user());
    let (stop, stopped) = oneshot::channel();
    let waiting = Waiting {
        governor: governor.clone(),
        _stop: stop,
    };
    let reading = Reading {
        store: store.clone(),
        governor,
        runtime: Handle::current(),
    };
    let mut task = tokio::task::spawn_blocking(move || reading.read(plan, state, row, stopped));
    let ended = tokio::select! {
        outcome = &mut task => return Ok(outcome.map_err(HttpError::internal)??),
        () = tokio::time::sleep(timeout) => Ended::Late,
        () = client_gone() => Ended::Failed(HttpError::bad_request("the client disconnected, or its session ended")),
    };
    drop(waiting);
    // Its memory and its files are free when this returns.
    let _ = task.await;
    Err(ended)
}

/// Somebody waits for the result. Dropping it ends the query.
struct Waiting {
    governor: Governor,
    _stop: oneshot::Sender<()>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.governor.stop();
    }
}

struct Reading {
    store: Store,
    governor: Governor,
    runtime: Handle,
}

impl Reading {
    fn read<S>(
        self,
        plan: Plan,
        mut state: S,
        mut row: impl FnMut(&mut S, &[ValueRef<'_>]) -> ControlFlow<()>,
        stopped: oneshot::Receiver<()>,
    ) -> Result<S, HttpError> {
        let stopped = async move {
            // Nothing is ever sent: it ends when its sender is dropped.
            let _ = stopped.await;
        };
        let start = (&self.store, &self.runtime);
        let mut stepper = Stepper::open(start, &plan, None, &self.governor, None, stopped)?;
        let mut emit = |values: &[ValueRef<'_>]| match self.governor.is_stopped() {
            true => ControlFlow::Break(()),
            false => row(&mut state, values),
        };
        while stepper.step(u32::MAX, &mut emit)? != Step::Done {}
        stepper.stats();
        Ok(state)
    }
}
