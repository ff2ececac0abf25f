//! Whether who called does not wait any more.

use std::{
    cell::RefCell,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

thread_local! {
    /// Of the step that this thread runs: SQLite asks aggregates for their results also when it
    /// clears away after an interrupt, and tells them nothing.
    static RUNNING: RefCell<Option<Stop>> = const { RefCell::new(None) };
}

/// Cheap to clone; all clones are set together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// What runs on this thread is stopped by it until the answer is dropped.
    pub(crate) fn enter(self) -> Running {
        RUNNING.set(Some(self));
        Running
    }

    /// Whether what runs on this thread was stopped.
    pub(crate) fn is_set_here() -> bool {
        RUNNING.with_borrow(|stop| stop.as_ref().is_some_and(Self::is_set))
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

pub(crate) struct Running;

impl Drop for Running {
    fn drop(&mut self) {
        RUNNING.set(None);
    }
}
