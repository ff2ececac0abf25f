//! One-time sign-in links: they live in memory only, so a restart ends them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::random::{self, Digest};

pub(super) struct Links {
    life: Duration,
    open: Mutex<HashMap<Digest, Instant>>,
}

impl Links {
    pub(super) fn new(life: Duration) -> Self {
        Self {
            life,
            open: Mutex::default(),
        }
    }

    pub(super) fn issue(&self) -> String {
        let token = random::secret();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, issued| issued.elapsed() < self.life);
        open.insert(random::digest(&token), Instant::now());
        token
    }

    /// True once for each token, and only while it lives.
    pub(super) fn consume(&self, token: &str) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&random::digest(token))
            .is_some_and(|issued| issued.elapsed() < self.life)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_works_once_and_not_after_its_life() {
        let links = Links::new(Duration::from_secs(600));
        let token = links.issue();
        assert!(!links.consume("guess"));
        assert!(links.consume(&token));
        assert!(!links.consume(&token));

        let expired = Links::new(Duration::ZERO);
        let token = expired.issue();
        assert!(!expired.consume(&token));
    }
}
