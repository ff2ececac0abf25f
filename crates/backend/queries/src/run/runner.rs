//! The thread of one query: from the engine's rows to the event log.

use std::{
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::runtime::Handle;
use weir_api::timeplus::query::Status;
use weir_engine::{Limits, Plan, Step};
use weir_store::Store;

use super::{
    frame,
    live::{End, LiveQuery},
    output::{Batching, Output},
    pause::wait_until,
    stepper::Stepper,
};
use crate::{clock, error::HttpError};

/// Source rows handled at once; between two steps no read transaction is open.
const STEP_ROWS: u32 = 5000;

/// Rows that are counted together.
const COUNTED: u64 = 500;

/// Between two looks whether a reader has come back.
const READERS_AGAIN: Duration = Duration::from_millis(100);

pub(crate) struct Job {
    pub live: Arc<LiveQuery>,
    pub plan: Plan,
    pub batching: Batching,
    pub store: Store,
    pub runtime: Handle,
}

/// A query that has its starting point: rows that are committed from now on will be seen.
pub(crate) struct Prepared {
    job: Job,
    stepper: Stepper,
    started: Instant,
}

/// How a query ended when nothing went wrong.
enum Outcome {
    Finished,
    Canceled,
}

impl Job {
    pub(crate) fn prepare(self) -> Result<Prepared, HttpError> {
        let started = Instant::now();
        let deadline = Duration::from_secs(Limits::get().query_seconds);
        let mut cancel = self.live.cancellation();
        let canceled = async move {
            // The sender lives as long as the query.
            let _ = cancel.wait_for(Option::is_some).await;
        };
        let stepper = Stepper::open(
            (&self.store, &self.runtime),
            &self.plan,
            None,
            self.live.governor(),
            (!self.plan.streaming).then_some(deadline),
            canceled,
        )?;
        Ok(Prepared {
            job: self,
            stepper,
            started,
        })
    }
}

impl Prepared {
    /// Runs the query to its end and writes its last events.
    pub(crate) fn run(self) {
        let live = self.job.live.clone();
        let types = self.job.plan.header.iter().map(|c| c.data_type.clone());
        let mut output = Output::new(live.log.clone(), types.collect(), self.job.batching);
        let result = catch_unwind(AssertUnwindSafe(|| self.execute(&mut output)));
        let (status, message) = match (live.canceled(), result) {
            (Some(reason), _) => (Status::Canceled, reason),
            (None, Ok(Ok(Outcome::Finished))) => (Status::Finished, String::new()),
            (None, Ok(Ok(Outcome::Canceled))) => (Status::Canceled, String::new()),
            (None, Ok(Err(message))) => (Status::Failed, message),
            (None, Err(_)) => {
                tracing::error!("query {} panicked: {}", live.id(), live.started().sql);
                (Status::Failed, "internal error of the backend".into())
            }
        };
        live.note_end(End {
            status,
            message,
            at_ms: clock::now_ms(),
        });
        let metrics = output.take_metrics();
        live.log.close([
            frame::named("metrics", output.sent(), &metrics),
            frame::named("query", output.sent(), &live.query()),
        ]);
    }

    fn execute(mut self, output: &mut Output) -> Result<Outcome, String> {
        let mut worked = Duration::ZERO;
        loop {
            self.wait_for_readers();
            if self.job.live.canceled().is_some() {
                return Ok(Outcome::Canceled);
            }
            self.stepper.take()?;
            let step = self.step(output, &mut worked)?;
            let stats = self.stepper.stats();
            let first = output.first_row().map(|at| at.duration_since(self.started));
            let response_time = first.map_or(0, |time| time.as_millis().try_into().unwrap_or(0));
            let flow = output.after_step(&stats, worked, step != Step::More);
            self.job.live.note(stats.nodes, response_time);
            if flow.is_break() {
                return Ok(Outcome::Canceled);
            }
            match step {
                Step::Done => return Ok(Outcome::Finished),
                Step::More => {}
                Step::Idle { wake_at_ms } => self.wait(wake_at_ms, output.metrics_due())?,
            }
        }
    }

    fn step(&mut self, output: &mut Output, worked: &mut Duration) -> Result<Step, String> {
        let (started, waited) = (Instant::now(), output.waited());
        let mut stopped = false;
        let live = self.job.live.clone();
        let (mut rows, mut over) = (0, None);
        let step = self.stepper.step(STEP_ROWS, &mut |row| {
            rows += 1;
            if rows == COUNTED {
                over = live.sent(std::mem::take(&mut rows)).err();
            }
            if over.is_some() {
                return ControlFlow::Break(());
            }
            let flow = output.row(row);
            stopped |= flow.is_break();
            flow
        });
        *worked += started.elapsed().saturating_sub(output.waited() - waited);
        if let Some(words) = over.or(live.sent(rows).err()) {
            return Err(words);
        }
        match step {
            Ok(step) => Ok(step),
            // Stopping the emission, or an interrupt, is no failure of the query.
            Err(_) if stopped || self.job.live.canceled().is_some() => Ok(Step::More),
            Err(error) => Err(error.to_string()),
        }
    }

    /// A query that follows a stream rests while all its readers are gone: the rows stay.
    fn wait_for_readers(&self) {
        let live = &self.job.live;
        let left = || matches!(live.log.readers(), (0, visits) if visits > 0);
        if !self.job.plan.streaming || !left() {
            return;
        }
        live.park(true);
        let mut cancel = live.cancellation();
        while left() {
            let again = Instant::now() + READERS_AGAIN;
            if wait_until(cancel.wait_for(Option::is_some), Some(again)).is_some() {
                break;
            }
        }
        live.park(false);
    }

    /// Until a source has new rows, a timer is due, or the query is canceled.
    fn wait(&mut self, wake_at_ms: Option<i64>, metrics_due: Instant) -> Result<(), String> {
        let mut cancel = self.job.live.cancellation();
        let canceled = async move {
            let _ = cancel.wait_for(Option::is_some).await;
        };
        self.job.live.park(true);
        let woken = self.stepper.wait(wake_at_ms, Some(metrics_due), canceled);
        self.job.live.park(false);
        woken.map(drop)
    }
}
