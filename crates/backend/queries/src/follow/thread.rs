//! The thread of a [`super::Follow`].

use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde_json::value::RawValue;
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot, watch},
};
use weir_api::{Column, DataType};
use weir_engine::{Checkpoint, Governor, Plan, RunnerStats, Step, codec};
use weir_store::Store;

use super::Batch;
use crate::{error::HttpError, run::stepper::Stepper};

/// Source rows of one batch.
const STEP_ROWS: u32 = 2000;
/// Rows of a bounded query's batch.
const BATCH_ROWS: usize = 2000;
/// The position is told this often even when no rows come out.
const POSITION_EVERY: Duration = Duration::from_secs(2);

type Row = Vec<Box<RawValue>>;

pub(super) struct Job {
    pub(super) store: Store,
    pub(super) plan: Arc<Plan>,
    pub(super) columns: Arc<[Column]>,
    pub(super) from: Option<Checkpoint>,
    pub(super) stats: Arc<Mutex<RunnerStats>>,
    pub(super) batches: mpsc::Sender<Result<Batch, String>>,
    pub(super) stopped: watch::Receiver<()>,
    pub(super) runtime: Handle,
    pub(super) governor: Governor,
}

struct Prepared {
    stepper: Stepper,
    /// The last position told.
    told: i64,
    told_at: Instant,
}

impl Prepared {
    /// Since the last position was told.
    fn moved(&self) -> bool {
        self.stepper.runner().position() != self.told
    }
}

/// Why a thread ends early: nobody reads any more, or the query failed.
enum Stop {
    Unread,
    Failed(String),
}

impl Job {
    pub(super) fn run(mut self, ready: oneshot::Sender<Result<Checkpoint, HttpError>>) {
        let prepared = match self.prepare() {
            Ok((prepared, started)) => {
                if ready.send(Ok(started)).is_err() {
                    return;
                }
                prepared
            }
            Err(failure) => {
                // Nobody waits any more when the backend stops.
                let _ = ready.send(Err(failure));
                return;
            }
        };
        let ended = catch_unwind(AssertUnwindSafe(|| self.follow(prepared)));
        let message = match ended {
            Ok(Ok(()) | Err(Stop::Unread)) => return,
            Ok(Err(Stop::Failed(message))) => message,
            Err(_) => {
                let sql = &self.plan.analysis.original_query;
                tracing::error!("a query in the background panicked: {sql}");
                "internal error of the backend".to_string()
            }
        };
        let _ = self.batches.blocking_send(Err(message));
    }

    fn prepare(&mut self) -> Result<(Prepared, Checkpoint), HttpError> {
        let mut stop = self.stopped.clone();
        let stopped = async move {
            // Nothing is ever sent: it changes when its sender is dropped.
            let _ = stop.changed().await;
        };
        let mut stepper = Stepper::open(
            (&self.store, &self.runtime),
            &self.plan,
            self.from.take(),
            &self.governor,
            None,
            stopped,
        )?;
        let started = stepper.runner().checkpoint()?;
        self.note(stepper.stats());
        let prepared = Prepared {
            stepper,
            told: started.position(),
            told_at: Instant::now(),
        };
        Ok((prepared, started))
    }

    fn note(&self, stats: RunnerStats) {
        *self.stats.lock().unwrap_or_else(PoisonError::into_inner) = stats;
    }

    fn follow(&mut self, mut state: Prepared) -> Result<(), Stop> {
        loop {
            if self.batches.is_closed() {
                return Err(Stop::Unread);
            }
            state.stepper.take().map_err(Stop::Failed)?;
            let (rows, step) = self.step(&mut state)?;
            self.note(state.stepper.stats());
            let moved = state.moved();
            let due = moved && state.told_at.elapsed() >= POSITION_EVERY;
            if !rows.is_empty() || due || step == Step::Done {
                let checkpoint = state.stepper.runner().checkpoint().map_err(failed)?;
                (state.told, state.told_at) = (checkpoint.position(), Instant::now());
                self.send(rows, checkpoint)?;
            }
            match step {
                Step::Done => return Ok(()),
                Step::More => {}
                Step::Idle { wake_at_ms } => self.wait(&mut state, wake_at_ms)?,
            }
        }
    }

    /// A bounded query's rows are sent while they come, with the checkpoint to begin again.
    fn step(&self, state: &mut Prepared) -> Result<(Vec<Row>, Step), Stop> {
        let header = &self.plan.header;
        let types: Vec<DataType> = header.iter().map(|c| c.data_type.clone()).collect();
        let start = match self.plan.streaming {
            true => None,
            false => Some(state.stepper.runner().checkpoint().map_err(failed)?),
        };
        let mut rows = Vec::new();
        let mut stop = None;
        let mut text = Vec::new();
        let step = state.stepper.step(STEP_ROWS, &mut |values| {
            text.clear();
            codec::encode_row(&mut text, &types, values);
            match serde_json::from_slice::<Row>(&text) {
                Ok(row) => rows.push(row),
                Err(error) => {
                    stop = Some(Stop::Failed(format!("a row cannot be written: {error}")));
                }
            }
            if let Some(start) = &start
                && rows.len() >= BATCH_ROWS
            {
                stop = self
                    .send(std::mem::take(&mut rows), start.clone())
                    .err()
                    .or(stop.take());
            }
            match stop {
                Some(_) => ControlFlow::Break(()),
                None => ControlFlow::Continue(()),
            }
        });
        match (stop, step) {
            (Some(stop), _) => Err(stop),
            (None, Ok(step)) => Ok((rows, step)),
            // The interrupt of a reader that went.
            (None, Err(_)) if self.batches.is_closed() => Err(Stop::Unread),
            // A step that began as its stream was deleted does not find the table any more.
            (None, Err(error)) => Err(match state.stepper.gone() {
                Some(words) => Stop::Failed(words),
                None => failed(error),
            }),
        }
    }

    fn send(&self, rows: Vec<Row>, checkpoint: Checkpoint) -> Result<(), Stop> {
        let batch = Batch {
            columns: self.columns.clone(),
            rows,
            checkpoint,
        };
        let sent = self.batches.blocking_send(Ok(batch));
        sent.map_err(|_| Stop::Unread)
    }

    /// Until a source has new rows, a timer or the position is due, or the reader has gone.
    fn wait(&mut self, state: &mut Prepared, wake_at_ms: Option<i64>) -> Result<(), Stop> {
        let position_due = state.moved().then(|| state.told_at + POSITION_EVERY);
        let stopped = async {
            // Nothing is ever sent: it changes when its sender is dropped.
            let _ = self.stopped.changed().await;
        };
        match state.stepper.wait(wake_at_ms, position_due, stopped) {
            Ok(true) => Err(Stop::Unread),
            Ok(false) => Ok(()),
            Err(words) => Err(Stop::Failed(words)),
        }
    }
}

fn failed(error: weir_engine::SqlError) -> Stop {
    Stop::Failed(error.to_string())
}
