//! State of an aggregation between steps: nothing that was read is read again.

use std::collections::{BTreeMap, HashMap};

use rusqlite::types::{Value, ValueRef};
use serde::{Deserialize, Serialize};

use crate::{
    SqlError,
    functions::aggregate::{Accumulator, Cell, Charge, Scripts, add, write_key},
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
    /// Of all groups.
    bytes: usize,
    charge: Charge,
}

struct Group {
    /// Order of arrival.
    number: u64,
    keys: Vec<Value>,
    accumulators: Vec<Box<dyn Accumulator>>,
    /// Since it was sent last.
    updated: bool,
}

/// Of a group beside its keys and the states of its calls.
const GROUP: usize = 256;

/// Of a state that does not grow.
const STATE: usize = 64;

impl Group {
    fn bytes(&self, key: usize) -> usize {
        let states = self.accumulators.iter();
        // The key is kept as bytes and as values.
        GROUP + 2 * key + states.map(|state| STATE + state.bytes()).sum::<usize>()
    }

    /// Keys, then results.
    fn finish(&self) -> Result<Vec<Value>, SqlError> {
        let mut row = self.keys.clone();
        for accumulator in &self.accumulators {
            row.push(accumulator.finish().map_err(SqlError::new)?);
        }
        Ok(row)
    }
}

/// Everything that [`Groups`] holds, and what it was made for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct SavedGroups {
    /// Number of keys, and the calls.
    shape: (usize, Vec<String>),
    /// Window's end, number, keys, states of the calls.
    groups: Vec<(i64, u64, Vec<Cell>, Vec<serde_json::Value>)>,
    created: u64,
    closed: i64,
    changed: bool,
}

fn shape(stage: &Stage) -> (usize, Vec<String>) {
    let calls = stage.calls.iter().map(|(spec, _)| spec.text());
    (stage.keys, calls.collect())
}

impl Groups {
    pub(super) fn save(&self, stage: &Stage) -> Result<SavedGroups, SqlError> {
        let mut saved = Vec::with_capacity(self.count);
        for (window, groups) in &self.windows {
            for group in groups.values() {
                let states = group.accumulators.iter().map(|state| state.save());
                let states: Result<_, _> = states.collect();
                let keys = group.keys.iter().map(Cell::from).collect();
                saved.push((*window, group.number, keys, states.map_err(SqlError::new)?));
            }
        }
        Ok(SavedGroups {
            shape: shape(stage),
            groups: saved,
            created: self.created,
            closed: self.closed,
            changed: self.changed,
        })
    }

    /// Fails where `stage` is not the one that the groups were saved for.
    pub(super) fn restore(
        stage: &Stage,
        saved: SavedGroups,
        library: Option<&dyn Scripts>,
    ) -> Result<Self, SqlError> {
        if saved.shape != shape(stage) {
            return Err(SqlError::new(
                "the query's aggregates are others than those of its checkpoint",
            ));
        }
        let mut groups = Self {
            count: saved.groups.len(),
            created: saved.created,
            closed: saved.closed,
            changed: saved.changed,
            ..Self::default()
        };
        for (window, number, keys, states) in saved.groups {
            let keys: Vec<Value> = keys.into_iter().map(Value::from).collect();
            let mut key = Vec::new();
            for value in &keys {
                write_key(&mut key, value.into());
            }
            let mut accumulators = Vec::with_capacity(stage.calls.len());
            for ((spec, _), state) in stage.calls.iter().zip(states) {
                let mut accumulator = spec.accumulator(library).map_err(SqlError::new)?;
                accumulator.restore(state).map_err(SqlError::new)?;
                accumulators.push(accumulator);
            }
            let group = Group {
                number,
                keys,
                accumulators,
                // Sent once more: nobody knows whether it was.
                updated: true,
            };
            groups.bytes += group.bytes(key.len());
            groups.windows.entry(window).or_default().insert(key, group);
        }
        groups.charge.set(groups.bytes).map_err(SqlError::new)?;
        Ok(groups)
    }

    /// Adds a row of the stage's text; false if its window has been sent already.
    pub(super) fn add(
        &mut self,
        stage: &Stage,
        row: &[ValueRef<'_>],
        library: Option<&dyn Scripts>,
    ) -> Result<bool, SqlError> {
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
                    .map(|(spec, _)| spec.accumulator(library).map_err(SqlError::new))
                    .collect::<Result<_, _>>()?,
                updated: true,
            };
            self.bytes += group.bytes(self.key.len());
            groups.insert(self.key.clone(), group);
        }
        if let Some(group) = groups.get_mut(&self.key) {
            group.updated = true;
            for (accumulator, (_, count)) in group.accumulators.iter_mut().zip(&stage.calls) {
                let (own, rest) = args.split_at(*count);
                let before = accumulator.bytes();
                add(accumulator.as_mut(), own).map_err(SqlError::new)?;
                self.bytes = self.bytes.saturating_sub(before) + accumulator.bytes();
                args = rest;
            }
        }
        self.charge.set(self.bytes).map_err(SqlError::new)?;
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
                let gone = groups.iter().map(|(key, group)| group.bytes(key.len()));
                self.bytes = self.bytes.saturating_sub(gone.sum());
                self.charge.set(self.bytes).map_err(SqlError::new)?;
                finished(&groups).map(Some)
            }
            _ => {
                self.closed = self.closed.max(watermark);
                Ok(None)
            }
        }
    }

    /// Every group, kept; window after window.
    pub(super) fn all(&self) -> Result<Vec<Vec<Value>>, SqlError> {
        let mut all = Vec::with_capacity(self.count);
        for groups in self.windows.values() {
            all.extend(finished(groups)?);
        }
        Ok(all)
    }

    /// Those that have changed since they were sent last, kept.
    pub(super) fn updated(&mut self) -> Result<Vec<Vec<Value>>, SqlError> {
        let mut all = Vec::new();
        for groups in self.windows.values_mut() {
            let mut updated: Vec<_> = groups.values_mut().filter(|group| group.updated).collect();
            updated.sort_unstable_by_key(|group| group.number);
            for group in updated {
                group.updated = false;
                all.push(group.finish()?);
            }
        }
        Ok(all)
    }
}

fn finished(groups: &HashMap<Vec<u8>, Group>) -> Result<Vec<Vec<Value>>, SqlError> {
    let mut groups: Vec<_> = groups.values().collect();
    groups.sort_unstable_by_key(|group| group.number);
    groups.into_iter().map(Group::finish).collect()
}
