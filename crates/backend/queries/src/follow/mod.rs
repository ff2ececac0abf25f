//! A query in the background, read batch by batch with a durable position: what materialized
//! views, sinks and alerts are made of.

mod thread;

#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::value::RawValue;
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot, watch},
};
use weir_api::Column;
pub use weir_engine::Checkpoint;
use weir_engine::{Governor, Plan, RunnerStats, Statement};
use weir_store::Store;

use crate::run::planning;
use crate::{clock, error::HttpError};

/// Batches that wait for their reader; the query waits when there are more.
const AHEAD: usize = 1;

/// A `SELECT` that runs until it is dropped. A streaming one follows its stream; a bounded one
/// ends.
pub struct Follow {
    plan: Arc<Plan>,
    columns: Arc<[Column]>,
    started: Checkpoint,
    stats: Arc<Mutex<RunnerStats>>,
    batches: mpsc::Receiver<Result<Batch, String>>,
    governor: Governor,
    /// The thread ends when it is dropped.
    _stop: watch::Sender<()>,
}

/// Rows, and where the query stands after them. To lose nothing store the checkpoint after the
/// rows are dealt with; to repeat nothing store both in one transaction. `rows` can be empty:
/// from time to time the position alone is told.
pub struct Batch {
    pub columns: Arc<[Column]>,
    /// Values in wire encoding, exactly as a reader of the query gets them.
    pub rows: Vec<Vec<Box<RawValue>>>,
    pub checkpoint: Checkpoint,
}

impl Follow {
    /// Starts with the rows that come from now on (or by the query's `seek_to`), or goes on after
    /// `from`. Rows that are committed after this returns are seen.
    pub async fn start(
        store: &Store,
        sql: &str,
        from: Option<Checkpoint>,
    ) -> Result<Self, HttpError> {
        let Statement::Select(select) = planning::parse(sql)? else {
            return Err(HttpError::bad_request("a SELECT is needed"));
        };
        let plan = planning::plan(&select, &*store.catalog(), clock::now_ms())?;
        let plan = Arc::new(plan);
        let columns: Arc<[Column]> = crate::run::columns(&plan).into();
        let (sender, batches) = mpsc::channel(AHEAD);
        let (stop, stopped) = watch::channel(());
        let governor = Governor::new();
        let (ready, prepared) = oneshot::channel();
        let stats = Arc::<Mutex<RunnerStats>>::default();
        let job = thread::Job {
            store: store.clone(),
            plan: plan.clone(),
            columns: columns.clone(),
            from,
            stats: stats.clone(),
            batches: sender,
            stopped,
            runtime: Handle::current(),
            governor: governor.clone(),
        };
        std::thread::Builder::new()
            .name("follow".into())
            .spawn(move || job.run(ready))
            .map_err(|error| HttpError::internal(format!("no thread for a query: {error}")))?;
        let started = prepared.await.unwrap_or_else(|_| {
            Err(HttpError::internal(
                "a query's thread ended before it began",
            ))
        })?;
        Ok(Self {
            plan,
            columns,
            started,
            stats,
            batches,
            governor,
            _stop: stop,
        })
    }

    /// `None` at the end of the query, an error where it failed.
    pub async fn next(&mut self) -> Result<Option<Batch>, String> {
        self.batches.recv().await.transpose()
    }

    /// Where it started: store it at once so that no row after the start can be lost.
    pub fn started(&self) -> &Checkpoint {
        &self.started
    }

    pub fn columns(&self) -> &Arc<[Column]> {
        &self.columns
    }

    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Of the last step, which can be ahead of the batches read.
    pub fn stats(&self) -> RunnerStats {
        let stats = self.stats.lock().unwrap_or_else(PoisonError::into_inner);
        stats.clone()
    }
}

impl Drop for Follow {
    fn drop(&mut self) {
        self.batches.close();
        self.governor.stop();
    }
}
