//! The thread of a [`super::Follow`].

use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use rusqlite::Connection;
use serde_json::value::RawValue;
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot, watch},
};
use weir_api::{Column, DataType};
use weir_engine::{Checkpoint, Governor, Plan, Runner, RunnerStats, Step, codec};
use weir_store::Store;

use super::Batch;
use crate::{
    clock,
    error::Failure,
    run::sources::{Reads, Sources},
};

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
    conn: Connection,
    sources: Sources,
    runner: Runner,
    reads: Reads,
    /// The last position told.
    told: i64,
    told_at: Instant,
}

/// Why a thread ends early: nobody reads any more, or the query failed.
enum Stop {
    Unread,
    Failed(String),
}

impl Job {
    pub(super) fn run(mut self, ready: oneshot::Sender<Result<Checkpoint, Failure>>) {
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

    fn prepare(&mut self) -> Result<(Prepared, Checkpoint), Failure> {
        let conn = self.store.reader()?;
        self.governor.govern(&conn, None)?;
        let position = self.from.as_ref().map_or(0, Checkpoint::position);
        let mut stop = self.stopped.clone();
        let stopped = async move {
            // Nothing is ever sent: it changes when its sender is dropped.
            let _ = stop.changed().await;
        };
        let sources = Sources::open(
            &self.store,
            &conn,
            &self.plan,
            position,
            &self.runtime,
            stopped,
        )?;
        let plan = Plan::clone(&self.plan);
        let mut runner = match self.from.take() {
            Some(checkpoint) => Runner::resume(plan, checkpoint)?,
            None => Runner::new(plan, &conn, clock::now_ms())?,
        };
        runner.governed_by(&self.governor);
        let started = runner.checkpoint()?;
        let stats = runner.stats();
        let prepared = Prepared {
            conn,
            sources,
            reads: Reads::after(&stats),
            told: started.position(),
            told_at: Instant::now(),
            runner,
        };
        self.note(stats);
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
            state
                .sources
                .take(&state.conn, state.runner.position())
                .map_err(Stop::Failed)?;
            let (rows, step) = self.step(&mut state)?;
            let stats = state.runner.stats();
            state.reads.note(&self.store, &self.plan.sources, &stats);
            self.note(stats);
            let moved = state.runner.position() != state.told;
            let due = moved && state.told_at.elapsed() >= POSITION_EVERY;
            if !rows.is_empty() || due || step == Step::Done {
                let checkpoint = state.runner.checkpoint().map_err(failed)?;
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
            false => Some(state.runner.checkpoint().map_err(failed)?),
        };
        let mut rows = Vec::new();
        let mut stop = None;
        let mut text = Vec::new();
        let step = state
            .runner
            .step(&state.conn, clock::now_ms(), STEP_ROWS, &mut |values| {
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
            (None, Err(error)) => Err(match state.sources.gone() {
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
        let wake = wake_at_ms.map(|at| {
            let ms = u64::try_from(at - clock::now_ms()).unwrap_or(0);
            Instant::now() + Duration::from_millis(ms)
        });
        let moved = state.runner.position() != state.told;
        let position_due = moved.then(|| state.told_at + POSITION_EVERY);
        let due = wake.into_iter().chain(position_due).min();
        let (stopped, sources) = (&mut self.stopped, &mut state.sources);
        self.runtime.block_on(async {
            let timer = async {
                match due {
                    Some(due) => tokio::time::sleep_until(due.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // Nothing is ever sent: it changes when its sender is dropped.
                _ = stopped.changed() => Err(Stop::Unread),
                changed = sources.changed() => changed.map_err(Stop::Failed),
                () = timer => Ok(()),
            }
        })
    }
}

fn failed(error: weir_engine::SqlError) -> Stop {
    Stop::Failed(error.to_string())
}
