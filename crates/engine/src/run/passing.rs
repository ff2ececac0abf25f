//! Stages that take rows one by one and hand rows on: what came before, by key.

use std::collections::{HashMap, VecDeque};

use rusqlite::types::{Value, ValueRef};
use serde::{Deserialize, Serialize};

use crate::{
    SqlError,
    functions::aggregate::{Cell, write_key},
    plan::{CarryKind, Passing},
    value::owned,
    working::Charge,
};

/// Of a remembered value beside its text.
const VALUE: usize = 48;

#[derive(Default)]
pub(super) struct Memory {
    /// By call and key: the last values, the newest last.
    before: HashMap<Vec<u8>, Before>,
    /// Keys in the order in which they were first seen (dedup).
    order: VecDeque<(Vec<u8>, i64)>,
    bytes: usize,
    charge: Charge,
}

#[derive(Default)]
struct Before {
    values: VecDeque<Vec<Value>>,
    count: i64,
    version: Option<Value>,
}

/// Call and key, the last values, how many there were, the version.
type SavedBefore = (Vec<u8>, Vec<Vec<Cell>>, i64, Option<Cell>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct SavedMemory {
    before: Vec<SavedBefore>,
    order: Vec<(Vec<u8>, i64)>,
}

impl Memory {
    pub(super) fn save(&self) -> SavedMemory {
        let cells = |values: &Vec<Value>| values.iter().map(Cell::from).collect();
        let before = self.before.iter().map(|(key, before)| {
            let values = before.values.iter().map(cells).collect();
            let version = before.version.as_ref().map(Cell::from);
            (key.clone(), values, before.count, version)
        });
        SavedMemory {
            before: before.collect(),
            order: self.order.iter().cloned().collect(),
        }
    }

    pub(super) fn restore(saved: SavedMemory) -> Result<Self, SqlError> {
        let mut memory = Self::default();
        for (key, values, count, version) in saved.before {
            let values = values.into_iter();
            let values = values.map(|row| row.into_iter().map(Value::from).collect());
            let before = Before {
                values: values.collect(),
                count,
                version: version.map(Value::from),
            };
            let rows = before.values.iter();
            memory.bytes += 2 * key.len() + rows.map(|row| size(row)).sum::<usize>() + VALUE;
            memory.before.insert(key, before);
        }
        memory.order = saved.order.into();
        memory.charge.set(memory.bytes).map_err(SqlError::new)?;
        Ok(memory)
    }

    /// The rows that a row gives.
    pub(super) fn take(
        &mut self,
        passing: &Passing,
        row: &[ValueRef<'_>],
        now_ms: i64,
        out: &mut Vec<Vec<Value>>,
    ) -> Result<(), SqlError> {
        match passing {
            Passing::Carry { columns, calls } => {
                let (kept, mut rest) = row.split_at(*columns);
                let mut result: Vec<Value> = kept.iter().map(|value| owned(*value)).collect();
                for (index, call) in calls.iter().enumerate() {
                    let (args, after) = rest.split_at(2 + call.keys);
                    rest = after;
                    let key = key(index, &args[2..]);
                    result.push(self.look_back(key, call.kind, args[0], args[1]));
                }
                out.push(result);
            }
            Passing::Dedup {
                columns,
                rows,
                keep_ms,
                most,
            } => {
                let (kept, keys) = row.split_at(*columns);
                if let Some(keep) = keep_ms {
                    let old = now_ms.saturating_sub(*keep);
                    while self.order.front().is_some_and(|(_, at)| *at <= old) {
                        self.forget_first();
                    }
                }
                let key = key(0, keys);
                let known = match self.before.get_mut(&key) {
                    // One that an earlier version kept did not count.
                    Some(before) => {
                        before.count = before.count.max(1).saturating_add(1);
                        before.count
                    }
                    None => {
                        self.bytes += 3 * key.len() + VALUE;
                        self.order.push_back((key.clone(), now_ms));
                        let before = Before {
                            count: 1,
                            ..Before::default()
                        };
                        self.before.insert(key, before);
                        if self.order.len() > *most {
                            self.forget_first();
                        }
                        1
                    }
                };
                if known.unsigned_abs() <= *rows {
                    out.push(kept.iter().map(|value| owned(*value)).collect());
                }
            }
            Passing::Changelog {
                columns,
                keys,
                version,
                drop_late,
            } => {
                let (kept, rest) = row.split_at(*columns);
                let (keys, rest) = rest.split_at(*keys);
                let before = self.before.entry(key(0, keys)).or_default();
                let newer = rest.first().filter(|_| *version);
                if let (Some(newer), Some(known), true) = (newer, &before.version, *drop_late)
                    && is_older(*newer, known)
                {
                    return Ok(());
                }
                before.version = newer.map(|value| owned(*value));
                let new: Vec<Value> = kept.iter().map(|value| owned(*value)).collect();
                if let Some(mut old) = before.values.pop_front() {
                    self.bytes = self.bytes.saturating_sub(size(&old));
                    old.push(Value::Integer(-1));
                    out.push(old);
                }
                self.bytes += size(&new);
                before.values.push_back(new.clone());
                let mut new = new;
                new.push(Value::Integer(1));
                out.push(new);
            }
        }
        self.charge.set(self.bytes).map_err(SqlError::new)
    }

    fn look_back(
        &mut self,
        key: Vec<u8>,
        kind: CarryKind,
        value: ValueRef<'_>,
        otherwise: ValueRef<'_>,
    ) -> Value {
        let length = key.len();
        let before = self.before.entry(key).or_insert_with(|| {
            self.bytes += 2 * length + VALUE;
            Before::default()
        });
        before.count += 1;
        match kind {
            CarryKind::RowNumber => Value::Integer(before.count),
            CarryKind::Lag(offset) => {
                let new = vec![owned(value)];
                self.bytes += size(&new);
                before.values.push_back(new);
                let index = before.values.len().checked_sub(offset + 1);
                let found = index.and_then(|index| before.values.get(index)?.first().cloned());
                while before.values.len() > offset.max(1)
                    && let Some(old) = before.values.pop_front()
                {
                    self.bytes = self.bytes.saturating_sub(size(&old));
                }
                found.unwrap_or_else(|| owned(otherwise))
            }
        }
    }

    fn forget_first(&mut self) {
        if let Some((key, _)) = self.order.pop_front() {
            self.bytes = self.bytes.saturating_sub(3 * key.len() + VALUE);
            self.before.remove(&key);
        }
    }
}

fn key(index: usize, keys: &[ValueRef<'_>]) -> Vec<u8> {
    let mut key = vec![u8::try_from(index % 256).unwrap_or_default()];
    for value in keys {
        write_key(&mut key, *value);
    }
    key
}

fn size(row: &[Value]) -> usize {
    let text = |value: &Value| match value {
        Value::Text(text) => text.len(),
        Value::Blob(bytes) => bytes.len(),
        _ => 0,
    };
    row.iter().map(|value| VALUE + text(value)).sum()
}

fn is_older(new: ValueRef<'_>, known: &Value) -> bool {
    match (new, known) {
        (ValueRef::Integer(new), Value::Integer(known)) => new < *known,
        (ValueRef::Real(new), Value::Real(known)) => new < *known,
        (ValueRef::Text(new), Value::Text(known)) => new < known.as_bytes(),
        _ => false,
    }
}
