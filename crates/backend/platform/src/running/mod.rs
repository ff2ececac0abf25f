//! Things that run all the time: sources, sinks, alerts. [`Runners`] starts and stops them, runs
//! them again after a failure, counts what they do, and keeps errors and log lines. Who was
//! started runs again after a restart of the backend: [`Runners::wanted`].

mod history;
mod job;
mod keep;
mod monitor;
mod task;

#[cfg(test)]
mod tests;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use futures_util::future::{BoxFuture, join_all};
use tokio::sync::watch;
use weir_store::{Store, StoreError};

pub use history::ErrorEntry;
pub use job::{Report, Status};
pub use monitor::Monitor;

use job::Job;

use self::task::Task;

/// One attempt. It ends when [`Monitor::stopped`] resolves, with `Ok` when there is nothing left to
/// do, or with the words of what went wrong; then it is called again after a while.
pub type Work = Arc<dyn Fn(Monitor) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// What was counted is on disk at the latest after this time.
const KEEP_EVERY: Duration = Duration::from_secs(5);

/// All of one kind, by id. Cheap to clone.
#[derive(Clone)]
pub struct Runners(Arc<Inner>);

struct Inner {
    /// `source`, `sink` and so on; part of the key in the database.
    kind: &'static str,
    store: Store,
    jobs: RwLock<HashMap<String, Arc<Job>>>,
}

impl Runners {
    /// Reads what is known from before; nothing runs yet. When `stopping` turns true everything
    /// ends.
    pub async fn load(
        store: &Store,
        kind: &'static str,
        stopping: watch::Receiver<bool>,
    ) -> Result<Self, StoreError> {
        let jobs = keep::load(store, kind).await?;
        let runners = Self(Arc::new(Inner {
            kind,
            store: store.clone(),
            jobs: RwLock::new(jobs),
        }));
        tokio::spawn(runners.clone().keep(stopping));
        Ok(runners)
    }

    /// Ids of those that were started and not stopped before the backend ended.
    pub fn wanted(&self) -> Vec<String> {
        let jobs = self.jobs();
        let wanted = jobs.iter().filter(|(_, job)| job.wanted());
        wanted.map(|(id, _)| id.clone()).collect()
    }

    /// Does nothing when it runs already.
    pub async fn start(&self, id: &str, work: Work) -> Result<(), StoreError> {
        let job = self.job(id);
        let mut task = job.task.lock().await;
        if task.as_ref().is_some_and(|task| !task.has_ended()) {
            return Ok(());
        }
        job.begin();
        self.store(id, &job).await?;
        *task = Some(Task::spawn(job.clone(), work));
        Ok(())
    }

    /// Resolves when nothing of it runs any more.
    pub async fn stop(&self, id: &str) -> Result<(), StoreError> {
        let Some(job) = self.find(id) else {
            return Ok(());
        };
        job.unwanted();
        job.halt().await;
        self.store(id, &job).await
    }

    /// Stops it and forgets all about it.
    pub async fn remove(&self, id: &str) -> Result<(), StoreError> {
        let removed = self
            .0
            .jobs
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(id);
        if let Some(job) = removed {
            job.halt().await;
        }
        keep::remove(&self.0.store, self.0.kind, id).await
    }

    /// Running, or to be run again after a failure.
    pub fn is_active(&self, id: &str) -> bool {
        self.find(id).is_some_and(|job| job.is_active())
    }

    pub fn report(&self, id: &str) -> Report {
        self.find(id).map(|job| job.report()).unwrap_or_default()
    }

    /// Those not older than `within`, the newest first.
    pub fn errors(&self, id: &str, within: Duration) -> Vec<ErrorEntry> {
        self.find(id)
            .map(|job| job.errors(within))
            .unwrap_or_default()
    }

    /// Start of each minute within `within` in unix ms, and bytes per second in it.
    pub fn throughput(&self, id: &str, within: Duration) -> Vec<(i64, f64)> {
        self.find(id)
            .map(|job| job.throughput(within))
            .unwrap_or_default()
    }

    /// Bytes per second of all of them together, in the minute that runs.
    pub fn rate(&self) -> f64 {
        let jobs = self.jobs();
        let newest = |job: &Arc<Job>| job.throughput(Duration::ZERO).last().map(|(_, rate)| *rate);
        // The sum of nothing is -0.
        jobs.values()
            .filter_map(newest)
            .fold(0.0, |all, one| all + one)
    }

    /// The last `count` log lines since the backend started, the oldest first.
    pub fn logs(&self, id: &str, count: usize) -> Vec<String> {
        self.find(id).map(|job| job.logs(count)).unwrap_or_default()
    }

    fn jobs(&self) -> HashMap<String, Arc<Job>> {
        self.0
            .jobs
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn find(&self, id: &str) -> Option<Arc<Job>> {
        let jobs = self.0.jobs.read().unwrap_or_else(PoisonError::into_inner);
        jobs.get(id).cloned()
    }

    fn job(&self, id: &str) -> Arc<Job> {
        let mut jobs = self.0.jobs.write().unwrap_or_else(PoisonError::into_inner);
        jobs.entry(id.to_string()).or_default().clone()
    }

    async fn store(&self, id: &str, job: &Job) -> Result<(), StoreError> {
        let kept = vec![(id.to_string(), job.kept())];
        keep::store(&self.0.store, self.0.kind, kept).await
    }

    /// Writes what has changed from time to time, and at the end.
    async fn keep(self, mut stopping: watch::Receiver<bool>) {
        loop {
            let over = tokio::select! {
                // A dropped sender ends it, too.
                _ = stopping.wait_for(|stop| *stop) => true,
                () = tokio::time::sleep(KEEP_EVERY) => false,
            };
            let jobs = self.jobs();
            if over {
                join_all(jobs.values().map(|job| job.halt())).await;
            }
            let changed: Vec<_> = jobs
                .iter()
                .filter(|(_, job)| job.take_changed())
                .map(|(id, job)| (id.clone(), job.kept()))
                .collect();
            if !changed.is_empty()
                && let Err(error) = keep::store(&self.0.store, self.0.kind, changed).await
            {
                tracing::warn!("figures of {}s: {error}", self.0.kind);
            }
            if over {
                return;
            }
        }
    }
}
