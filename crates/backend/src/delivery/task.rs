//! A task that is told to stop and finishes what it has begun.

use std::time::Duration;

use tokio::{sync::watch, task::JoinHandle};

/// What has begun may take so long after a stop.
const LAST_WORDS: Duration = Duration::from_secs(12);

/// Tells a task that it is to stop.
#[derive(Clone)]
pub(crate) struct Stop(watch::Receiver<bool>);

impl Stop {
    pub(crate) fn asked(&self) -> bool {
        *self.0.borrow()
    }

    /// `None` where the stop came first.
    pub(crate) async fn during<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            // A sender that has gone is a stop, too.
            _ = self.0.wait_for(|stop| *stop) => None,
            done = work => Some(done),
        }
    }
}

pub(crate) struct Task {
    stop: watch::Sender<bool>,
    join: JoinHandle<()>,
}

impl Task {
    pub(crate) fn spawn<F>(work: impl FnOnce(Stop) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (stop, stopped) = watch::channel(false);
        Self {
            stop,
            join: tokio::spawn(work(Stop(stopped))),
        }
    }

    /// Waits until it has ended; what does not end in time is cut off.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        if tokio::time::timeout(LAST_WORDS, &mut self.join)
            .await
            .is_err()
        {
            self.join.abort();
            // It ends at its next wait.
            let _ = self.join.await;
        }
    }
}
