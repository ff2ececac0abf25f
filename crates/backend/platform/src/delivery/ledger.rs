//! What became of a sink's rows. Its owner stores it with the rows, in one transaction.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Errors kept.
pub(crate) const ERRORS: usize = 100;

#[derive(Default)]
pub struct Ledger(Mutex<Pages>);

#[derive(Default)]
struct Pages {
    delivered: u64,
    failed: u64,
    /// The newest last.
    errors: VecDeque<(i64, String)>,
}

impl Ledger {
    /// Goes on with what was stored.
    pub fn new((delivered, failed): (u64, u64), errors: Vec<(i64, String)>) -> Self {
        Self(Mutex::new(Pages {
            delivered,
            failed,
            errors: errors.into(),
        }))
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `errors` are those of the rows that failed, with their times.
    pub fn note(&self, delivered: u32, failed: u32, errors: Vec<(i64, String)>) {
        let mut pages = self.pages();
        pages.delivered += u64::from(delivered);
        pages.failed += u64::from(failed);
        pages.errors.extend(errors);
        let surplus = pages.errors.len().saturating_sub(ERRORS);
        pages.errors.drain(..surplus);
    }

    /// Rows delivered and rows given up.
    pub fn counts(&self) -> (u64, u64) {
        let pages = self.pages();
        (pages.delivered, pages.failed)
    }

    /// The oldest first.
    pub fn errors(&self) -> Vec<(i64, String)> {
        self.pages().errors.iter().cloned().collect()
    }
}
