//! State of an aggregation between steps: nothing that was read is read again.

use std::collections::{BTreeMap, HashMap};

use rusqlite::types::{Value, ValueRef};

use crate::{
    SqlError,
    functions::aggregate::{Accumulator, add, write_key},
    plan::Stage,
    value::owned,
};

/// More groups than this end the query with an error.
const MAX_GROUPS: usize = 1_000_000;

/// Groups that belong to no window are in this one, which never ends.
const NO_WINDOW: i64 = i64::MAX;

#[derive(Default)]
pub(super) struct Groups {
    /// By the end of their window in Unix ms.
    windows: BTreeMap<i64, HashMap<Vec<u8>, Group>>,
    count: usize,
    created: u64,
    /// Windows that end here or before have been sent.
    closed: i64,
    pub(super) changed: bool,
    key: Vec<u8>,
}

struct Group {
    /// Order of arrival.
    number: u64,
    keys: Vec<Value>,
    accumulators: Vec<Box<dyn Accumulator>>,
}

impl Group {
    /// Keys, then results.
    fn finish(&self) -> Result<Vec<Value>, SqlError> {
        let mut row = self.keys.clone();
        for accumulator in &self.accumulators {
            row.push(accumulator.finish().map_err(SqlError::new)?);
        }
        Ok(row)
    }
}

impl Groups {
    /// Adds a row of the stage's text; false if its window has been sent already.
    pub(super) fn add(&mut self, stage: &Stage, row: &[ValueRef<'_>]) -> Result<bool, SqlError> {
        let (keys, mut args) = row.split_at(stage.keys);
        let window = match stage.window_key {
            None => NO_WINDOW,
            Some((index, offset)) => match keys[index] {
                ValueRef::Integer(edge) => edge.saturating_add(offset),
                // No time, no window.
                _ => return Ok(true),
            },
        };
        if window <= self.closed {
            return Ok(false);
        }
        self.key.clear();
        for key in keys {
            write_key(&mut self.key, *key);
        }
        let groups = self.windows.entry(window).or_default();
        if !groups.contains_key(&self.key) {
            self.count += 1;
            if self.count > MAX_GROUPS {
                return Err(SqlError::new(format!(
                    "the aggregation has more than {MAX_GROUPS} groups: group by less, or by windows"
                )));
            }
            self.created += 1;
            let group = Group {
                number: self.created,
                keys: keys.iter().map(|key| owned(*key)).collect(),
                accumulators: stage
                    .calls
                    .iter()
                    .map(|(spec, _)| spec.accumulator())
                    .collect(),
            };
            groups.insert(self.key.clone(), group);
        }
        if let Some(group) = groups.get_mut(&self.key) {
            for (accumulator, (_, count)) in group.accumulators.iter_mut().zip(&stage.calls) {
                let (own, rest) = args.split_at(*count);
                add(accumulator.as_mut(), own).map_err(SqlError::new)?;
                args = rest;
            }
        }
        self.changed = true;
        Ok(true)
    }

    /// The groups of the first window that ends at or before `watermark`, and forgets them.
    pub(super) fn take_window(
        &mut self,
        watermark: i64,
    ) -> Result<Option<Vec<Vec<Value>>>, SqlError> {
        match self.windows.first_entry() {
            Some(entry) if *entry.key() <= watermark => {
                let groups = entry.remove();
                self.count -= groups.len();
                finished(&groups).map(Some)
            }
            _ => {
                self.closed = self.closed.max(watermark);
                Ok(None)
            }
        }
    }

    /// Every group, kept.
    pub(super) fn all(&self) -> Result<Vec<Vec<Value>>, SqlError> {
        match self.windows.get(&NO_WINDOW) {
            Some(groups) => finished(groups),
            None => Ok(Vec::new()),
        }
    }
}

fn finished(groups: &HashMap<Vec<u8>, Group>) -> Result<Vec<Vec<Value>>, SqlError> {
    let mut groups: Vec<_> = groups.values().collect();
    groups.sort_unstable_by_key(|group| group.number);
    groups.into_iter().map(Group::finish).collect()
}
