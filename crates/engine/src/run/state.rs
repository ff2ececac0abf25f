//! State of a plan's stages between steps, by PARTITION BY where groups are apart.

use std::collections::HashMap;

use rusqlite::types::ValueRef;
use serde::{Deserialize, Serialize};

use super::{
    group::Group,
    groups::Groups,
    passing::{Memory, SavedMemory},
};
use crate::{
    SqlError,
    functions::aggregate::{Cell, Scripts, write_key},
    plan::{Aggregation, Stage, Work},
};

/// Groups of one PARTITION BY, each with its own watermark. Without it there is one.
#[derive(Default)]
pub(super) struct Parts {
    by_key: HashMap<Vec<u8>, usize>,
    pub(super) parts: Vec<Groups>,
}

pub(super) enum State {
    Groups(Parts),
    Rows(Memory),
}

/// Partitions of one query.
const MAX_PARTS: usize = 100_000;

impl Parts {
    /// The groups that a row belongs to.
    pub(super) fn of(
        &mut self,
        aggregation: &Aggregation,
        row: &[ValueRef<'_>],
    ) -> Result<&mut Groups, SqlError> {
        let mut key = Vec::new();
        for place in &aggregation.partition {
            write_key(&mut key, row[*place]);
        }
        let index = match self.by_key.get(&key) {
            Some(index) => *index,
            None if self.parts.len() >= MAX_PARTS => {
                return Err(SqlError::new(format!(
                    "PARTITION BY has more than {MAX_PARTS} values"
                )));
            }
            None => {
                self.parts.push(Groups::default());
                self.by_key.insert(key, self.parts.len() - 1);
                self.parts.len() - 1
            }
        };
        let groups = self.parts.get_mut(index);
        groups.ok_or_else(|| SqlError::new("a partition is lost"))
    }

    pub(super) fn changed(&self) -> bool {
        self.parts.iter().any(|groups| groups.changed)
    }

    pub(super) fn set_changed(&mut self, changed: bool) {
        if self.parts.is_empty() {
            self.parts.push(Groups::default());
            self.by_key.insert(Vec::new(), 0);
        }
        for groups in &mut self.parts {
            groups.changed = changed;
        }
    }

    /// The first row's groups are another's successors.
    pub(super) fn replaces(&mut self, old: Self) -> Vec<Vec<rusqlite::types::Value>> {
        let mut gone = Vec::new();
        let mut old_parts: Vec<Option<Groups>> = old.parts.into_iter().map(Some).collect();
        for (key, index) in old.by_key {
            let Some(before) = old_parts.get_mut(index).and_then(Option::take) else {
                continue;
            };
            match self
                .by_key
                .get(&key)
                .and_then(|own| self.parts.get_mut(*own))
            {
                Some(groups) => gone.extend(groups.replaces(before)),
                None => gone.extend(Groups::default().replaces(before)),
            }
        }
        gone
    }
}

impl State {
    pub(super) fn new(stage: &Stage) -> Self {
        match stage.work {
            Work::Groups(_) => Self::Groups(Parts::default()),
            Work::Rows(_) => Self::Rows(Memory::default()),
        }
    }
}

/// Of a group by its number: what was sent, and the times of its events.
type SavedMore = (u64, Option<Vec<Cell>>, (i64, i64, i64));

/// Everything that a stage holds, and what it was made for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct SavedGroups {
    /// Number of keys, and the calls.
    shape: (usize, Vec<String>),
    /// Window's end, number, keys, states of the calls.
    groups: Vec<(i64, u64, Vec<Cell>, Vec<serde_json::Value>)>,
    created: u64,
    closed: i64,
    changed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    newest: Option<i64>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    more: Vec<SavedMore>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    partition: Vec<u8>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) enum SavedState {
    Groups(Vec<SavedGroups>),
    Rows(SavedMemory),
}

fn shape(aggregation: &Aggregation) -> (usize, Vec<String>) {
    let calls = aggregation.calls.iter().map(|(spec, _)| spec.text());
    (aggregation.keys, calls.collect())
}

impl State {
    pub(super) fn save(&self, stage: &Stage) -> Result<SavedState, SqlError> {
        match (self, stage.aggregation()) {
            (Self::Rows(memory), _) => Ok(SavedState::Rows(memory.save())),
            (Self::Groups(parts), Some(aggregation)) => {
                let mut saved = Vec::with_capacity(parts.parts.len());
                for (key, index) in &parts.by_key {
                    if let Some(groups) = parts.parts.get(*index) {
                        saved.push(save(groups, aggregation, key)?);
                    }
                }
                // Says what the query aggregates where nothing has come yet.
                if saved.is_empty() {
                    saved.push(save(&Groups::default(), aggregation, &[])?);
                }
                Ok(SavedState::Groups(saved))
            }
            (Self::Groups(_), None) => Err(SqlError::new("a stage has lost its aggregation")),
        }
    }

    /// Fails where `stage` is not the one that the state was saved for.
    pub(super) fn restore(
        stage: &Stage,
        saved: SavedState,
        library: Option<&dyn Scripts>,
    ) -> Result<Self, SqlError> {
        match (saved, stage.aggregation()) {
            (SavedState::Rows(memory), None) => Memory::restore(memory).map(Self::Rows),
            (SavedState::Groups(saved), Some(aggregation)) => {
                let mut parts = Parts::default();
                for groups in saved {
                    let key = groups.partition.clone();
                    let restored = restore(groups, aggregation, library)?;
                    if restored.is_new() {
                        continue;
                    }
                    parts.parts.push(restored);
                    parts.by_key.insert(key, parts.parts.len() - 1);
                }
                Ok(Self::Groups(parts))
            }
            _ => Err(other()),
        }
    }
}

fn other() -> SqlError {
    SqlError::new("the query's aggregates are others than those of its checkpoint")
}

fn save(
    groups: &Groups,
    aggregation: &Aggregation,
    partition: &[u8],
) -> Result<SavedGroups, SqlError> {
    let (mut saved, mut more) = (Vec::with_capacity(groups.count), Vec::new());
    for (window, members) in &groups.windows {
        for group in members.values() {
            let states = group.accumulators.iter().map(|state| state.save());
            let states: Result<_, _> = states.collect();
            let keys = group.keys.iter().map(Cell::from).collect();
            saved.push((*window, group.number, keys, states.map_err(SqlError::new)?));
            if group.sent.is_some() || group.span != (0, 0, 0) {
                let sent = group.sent.as_ref();
                let sent = sent.map(|row| row.iter().map(Cell::from).collect());
                more.push((group.number, sent, group.span));
            }
        }
    }
    Ok(SavedGroups {
        shape: shape(aggregation),
        groups: saved,
        created: groups.created,
        closed: groups.closed.unwrap_or(i64::MIN),
        changed: groups.changed,
        newest: groups.newest,
        more,
        partition: partition.to_vec(),
    })
}

fn restore(
    saved: SavedGroups,
    aggregation: &Aggregation,
    library: Option<&dyn Scripts>,
) -> Result<Groups, SqlError> {
    if saved.shape != shape(aggregation) {
        return Err(other());
    }
    let mut groups = Groups {
        count: saved.groups.len(),
        created: saved.created,
        closed: Some(saved.closed).filter(|closed| *closed > i64::MIN),
        changed: saved.changed,
        newest: saved.newest,
        ..Groups::default()
    };
    let more = saved.more.into_iter();
    let mut more: HashMap<u64, _> = more
        .map(|(number, sent, span)| (number, (sent, span)))
        .collect();
    let (start, end) = super::sessions::edges(&aggregation.frame);
    for (window, number, keys, states) in saved.groups {
        let keys: Vec<_> = keys.into_iter().map(rusqlite::types::Value::from).collect();
        let mut key = Vec::new();
        for (index, value) in keys.iter().enumerate() {
            if Some(index) != start && Some(index) != end {
                write_key(&mut key, value.into());
            }
        }
        // Sent once more: nobody knows whether it was.
        let mut group = Group::new(aggregation, number, keys, library)?;
        for (accumulator, state) in group.accumulators.iter_mut().zip(states) {
            accumulator.restore(state).map_err(SqlError::new)?;
        }
        if let Some((sent, span)) = more.remove(&number) {
            let sent: Option<Vec<Cell>> = sent;
            group.sent = sent.map(|row| row.into_iter().map(Into::into).collect());
            group.span = span;
        }
        groups.bytes += group.bytes(key.len());
        groups.windows.entry(window).or_default().insert(key, group);
    }
    groups.charge.set(groups.bytes).map_err(SqlError::new)?;
    Ok(groups)
}
