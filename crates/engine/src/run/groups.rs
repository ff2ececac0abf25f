//! State of an aggregation between steps: nothing that was read is read again.

use std::collections::{BTreeMap, HashMap};

use rusqlite::types::{Value, ValueRef};
use serde::{Deserialize, Serialize};

use crate::{
    SqlError,
    functions::aggregate::{Accumulator, Cell, add, write_key},
    plan::Stage,
    udf::library::Library,
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
        library: Option<&Library>,
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
            };
            groups.windows.entry(window).or_default().insert(key, group);
        }
        Ok(groups)
    }

    /// Adds a row of the stage's text; false if its window has been sent already.
    pub(super) fn add(
        &mut self,
        stage: &Stage,
        row: &[ValueRef<'_>],
        library: Option<&Library>,
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
