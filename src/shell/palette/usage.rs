//! What was opened through the palette and when: what is used often comes first.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

/// Entries that are remembered.
const MOST: usize = 300;

/// After so long a use counts half.
const HALF_LIFE_MS: f64 = 7.0 * 24.0 * 3600.0 * 1000.0;

/// Kept in this browser; holds ids of entries only.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Usage(HashMap<String, Used>);

/// A count that fades, and when it was right (Unix ms).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Used {
    count: f64,
    at_ms: f64,
}

impl Used {
    fn at(self, now_ms: f64) -> f64 {
        self.count * 0.5f64.powf((now_ms - self.at_ms).max(0.0) / HALF_LIFE_MS)
    }
}

impl Usage {
    pub(crate) fn used(&mut self, id: &str, now_ms: f64) {
        let count = self.0.get(id).map_or(0.0, |used| used.at(now_ms)) + 1.0;
        self.0.insert(
            id.into(),
            Used {
                count,
                at_ms: now_ms,
            },
        );
        if self.0.len() > MOST {
            let least = self
                .0
                .iter()
                .min_by(|a, b| a.1.at(now_ms).total_cmp(&b.1.at(now_ms)));
            if let Some(least) = least.map(|(id, _)| id.clone()) {
                self.0.remove(&least);
            }
        }
    }

    /// What its use adds to an entry's score: at most as much as a better match.
    pub(crate) fn weight(&self, id: &str, now_ms: f64) -> u32 {
        let count = self.0.get(id).map_or(0.0, |used| used.at(now_ms));
        (count.ln_1p() * 40.0).min(160.0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn use_fades_and_little_used_is_forgotten() {
        let mut usage = Usage::default();
        usage.used("old", 0.0);
        usage.used("old", 0.0);
        let fresh = usage.weight("old", 0.0);
        assert!(fresh > usage.weight("old", 4.0 * HALF_LIFE_MS));
        assert_eq!(usage.weight("never", 0.0), 0);
        for n in 0..MOST {
            usage.used(&format!("e{n}"), 30.0 * HALF_LIFE_MS);
        }
        assert_eq!(usage.0.len(), MOST);
        assert_eq!(usage.weight("old", 30.0 * HALF_LIFE_MS), 0);
    }
}
