//! Each number of a signed call is used once.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::{
    clock,
    random::{self, Digest},
};

/// A signature is good for so long before and after its time.
pub(crate) const LIFE_MS: i64 = 15 * 60 * 1000;

/// So many are kept before those are looked for that do not matter any more.
const MANY: usize = 10_000;

/// Numbers that were used, each with the time from which it does not matter any more. Callers choose
/// them and how long they are, so that only a digest is kept.
#[derive(Default)]
pub(crate) struct Nonces(Mutex<Used>);

#[derive(Default)]
struct Used {
    until: HashMap<Digest, i64>,
    /// Of how many the others were thrown away last.
    left: usize,
}

impl Nonces {
    /// False where it was used before.
    pub(crate) fn take(&self, key: &str, nonce: &str, signed_ms: i64) -> bool {
        let now = clock::now_ms();
        let number = random::digest(&format!("{key} {nonce}"));
        let mut used = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if used.until.len() >= MANY + 2 * used.left {
            used.until.retain(|_, until| *until > now);
            used.left = used.until.len();
        }
        let until = signed_ms.saturating_add(LIFE_MS);
        let before = used.until.insert(number, until);
        before.is_none_or(|until| until <= now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_counts_once_and_old_ones_are_thrown_away() {
        let nonces = Nonces::default();
        let now = clock::now_ms();
        assert!(nonces.take("key", "a", now));
        assert!(!nonces.take("key", "a", now));
        assert!(nonces.take("other", "a", now));
        for n in 0..3 * MANY {
            assert!(nonces.take("key", &n.to_string(), now - 2 * LIFE_MS));
        }
        let kept = nonces.0.lock().expect("unharmed").until.len();
        assert!(kept <= MANY + 4, "{kept}");
        assert!(!nonces.take("key", "a", now), "it still counts");
    }
}
