//! Attempts, one after the other, until somebody ends them.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt;
use tokio::{sync::watch, task::JoinHandle};

use super::{Job, Monitor, Status, Work, job::PATIENCE};

pub(super) struct Task {
    stop: watch::Sender<bool>,
    handle: JoinHandle<()>,
}

impl Task {
    pub(super) fn spawn(job: Arc<Job>, work: Work) -> Self {
        let (stop, stopping) = watch::channel(false);
        Self {
            stop,
            handle: tokio::spawn(attempts(job, work, stopping)),
        }
    }

    pub(super) fn has_ended(&self) -> bool {
        self.handle.is_finished()
    }

    pub(super) async fn end(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(PATIENCE, &mut self.handle)
            .await
            .is_err()
        {
            self.handle.abort();
        }
    }
}

async fn attempts(job: Arc<Job>, work: Work, stopping: watch::Receiver<bool>) {
    let monitor = Monitor::new(job.clone(), stopping);
    let mut wait = FIRST_WAIT;
    loop {
        let attempt = AssertUnwindSafe(work(monitor.clone())).catch_unwind();
        let outcome = attempt
            .await
            .unwrap_or_else(|_| Err("internal error of the backend; its log says more".into()));
        if monitor.is_stopping() {
            return;
        }
        let Err(message) = outcome else {
            job.log("INFO", "complete");
            return job.ended(Status::Complete, "");
        };
        if job.was_up() {
            wait = FIRST_WAIT;
        }
        job.error(&message, 1);
        job.ended(Status::Interrupted, &message);
        job.log("INFO", &format!("next attempt in {} ms", wait.as_millis()));
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = monitor.stopped() => return,
        }
        wait = (wait * 2).min(LAST_WAIT);
    }
}

/// Wait before the next attempt; it doubles from the first to the last.
const FIRST_WAIT: Duration = Duration::from_millis(250);

const LAST_WAIT: Duration = Duration::from_secs(30);
