//! One group of an aggregation: its keys and the states of its calls.

use rusqlite::types::Value;

use crate::{
    SqlError,
    functions::aggregate::{Accumulator, Scripts},
    plan::Aggregation,
};

/// Of a group beside its keys and the states of its calls.
const GROUP: usize = 256;

/// Of a state that does not grow.
const STATE: usize = 64;

pub(super) struct Group {
    /// Order of arrival.
    pub(super) number: u64,
    pub(super) keys: Vec<Value>,
    pub(super) accumulators: Vec<Box<dyn Accumulator>>,
    /// Since it was sent last.
    pub(super) updated: bool,
    /// Keys and results as they were sent last, where that is asked for.
    pub(super) sent: Option<Vec<Value>>,
    /// Times of its first and its last event, and when its last row came (Unix ms).
    pub(super) span: (i64, i64, i64),
}

impl Group {
    pub(super) fn new(
        aggregation: &Aggregation,
        number: u64,
        keys: Vec<Value>,
        library: Option<&dyn Scripts>,
    ) -> Result<Self, SqlError> {
        let calls = aggregation.calls.iter();
        let accumulators = calls.map(|(spec, _)| spec.accumulator(library).map_err(SqlError::new));
        Ok(Self {
            number,
            keys,
            accumulators: accumulators.collect::<Result<_, _>>()?,
            updated: true,
            sent: None,
            span: (0, 0, 0),
        })
    }

    pub(super) fn bytes(&self, key: usize) -> usize {
        let states = self.accumulators.iter();
        // The key is kept as bytes and as values.
        GROUP + 2 * key + states.map(|state| STATE + state.bytes()).sum::<usize>()
    }

    /// Keys, then results.
    pub(super) fn finish(&self) -> Result<Vec<Value>, SqlError> {
        let mut row = self.keys.clone();
        for accumulator in &self.accumulators {
            row.push(accumulator.finish().map_err(SqlError::new)?);
        }
        Ok(row)
    }
}
