//! Each number of a signed call is used once.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::clock;

/// A signature is good for so long before and after its time.
pub(crate) const LIFE_MS: i64 = 15 * 60 * 1000;

/// Numbers that were used, each with the time from which it does not matter any more.
#[derive(Default)]
pub(crate) struct Nonces(Mutex<HashMap<String, i64>>);

impl Nonces {
    /// False where it was used before.
    pub(crate) fn take(&self, key: &str, nonce: &str, signed_ms: i64) -> bool {
        let now = clock::now_ms();
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, until| *until > now);
        let until = signed_ms.saturating_add(LIFE_MS);
        used.insert(format!("{key} {nonce}"), until).is_none()
    }
}
