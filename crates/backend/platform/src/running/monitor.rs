use std::sync::Arc;

use tokio::sync::watch;

use super::job::Job;

/// What runs tells by it how it goes, and learns when to end.
#[derive(Clone)]
pub struct Monitor {
    job: Arc<Job>,
    stopping: watch::Receiver<bool>,
}

impl Monitor {
    pub(super) fn new(job: Arc<Job>, stopping: watch::Receiver<bool>) -> Self {
        Self { job, stopping }
    }

    /// Connected and at work: the next failure is waited for anew from the shortest time.
    pub fn up(&self) {
        self.job.up();
    }

    /// Rows that came through.
    pub fn count(&self, rows: u64, bytes: u64) {
        self.job.count(rows, bytes);
    }

    /// Something went wrong with so many rows, and work goes on.
    pub fn failed(&self, rows: u64, message: &str) {
        self.job.error(message, rows);
    }

    pub fn log(&self, words: &str) {
        self.job.log("INFO", words);
    }

    /// Something is not as it should be, and is no error of its own.
    pub fn warn(&self, words: &str) {
        self.job.log("WARN", words);
    }

    pub fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Resolves when work has to end.
    pub async fn stopped(&self) {
        // A dropped sender means the same.
        let _ = self.stopping.clone().wait_for(|stop| *stop).await;
    }
}
