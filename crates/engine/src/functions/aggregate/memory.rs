//! What the states of aggregates hold: bounded for each query and for all together.

use std::sync::atomic::{AtomicUsize, Ordering};

use rusqlite::types::Value;

use crate::Limits;

/// Of all queries of the process.
static HELD: AtomicUsize = AtomicUsize::new(0);

/// Changes below this are not worth telling.
const STEP: usize = 64 << 10;

/// What one query, or one group inside SQLite, holds. Dropping it gives it back.
#[derive(Debug, Default)]
pub(crate) struct Charge(usize);

impl Charge {
    /// It holds so many bytes now.
    pub(crate) fn set(&mut self, bytes: usize) -> Result<(), String> {
        if bytes.abs_diff(self.0) < STEP {
            return Ok(());
        }
        let limits = Limits::get();
        if bytes > limits.query_memory_bytes {
            return Err(format!(
                "the aggregation holds more than {} MiB: group by less, or by windows",
                limits.query_memory_bytes >> 20
            ));
        }
        let before = std::mem::replace(&mut self.0, bytes);
        if bytes < before {
            HELD.fetch_sub(before - bytes, Ordering::Relaxed);
            return Ok(());
        }
        let all = HELD.fetch_add(bytes - before, Ordering::Relaxed) + bytes - before;
        if all > limits.memory_bytes {
            return Err(format!(
                "the aggregations of all queries hold more than {} MiB: try again later, or \
                 cancel others",
                limits.memory_bytes >> 20
            ));
        }
        Ok(())
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        HELD.fetch_sub(self.0, Ordering::Relaxed);
    }
}

/// Of a value in the state, beside its place.
pub(super) fn bytes(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.capacity(),
        Value::Blob(bytes) => bytes.capacity(),
        Value::Null | Value::Integer(_) | Value::Real(_) => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_held_is_bounded_and_given_back() {
        let limits = Limits::get();
        let mut charge = Charge::default();
        charge.set(1 << 20).unwrap();
        charge.set(100).unwrap();
        let error = charge.set(limits.query_memory_bytes + 1).unwrap_err();
        assert!(error.contains("256 MiB"), "{error}");
        let most = limits.memory_bytes / limits.query_memory_bytes;
        let mut others: Vec<Charge> = Vec::new();
        let refused = (0..=most).find_map(|_| {
            let mut other = Charge::default();
            let set = other.set(limits.query_memory_bytes);
            others.push(other);
            set.err()
        });
        assert!(refused.unwrap().contains("all queries"));
        drop(others);
        charge.set(limits.query_memory_bytes).unwrap();
    }
}
