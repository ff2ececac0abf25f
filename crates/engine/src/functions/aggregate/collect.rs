//! Many of the values.

use std::collections::{HashMap, HashSet};

use rusqlite::types::{Value, ValueRef};
use weir_api::DataType;

use super::{
    Accumulator, MAX_VALUES,
    key::write_key,
    state::{self, Bytes, Cell},
};
use crate::{codec, value::owned};

fn key(value: ValueRef<'_>) -> Vec<u8> {
    let mut key = Vec::new();
    write_key(&mut key, value);
    key
}

fn full(length: usize) -> Result<(), String> {
    if length < MAX_VALUES {
        Ok(())
    } else {
        Err(format!(
            "more than {MAX_VALUES} values in one group's state"
        ))
    }
}

fn json(value: ValueRef<'_>, data_type: &DataType) -> String {
    let mut out = Vec::new();
    codec::encode_row(&mut out, std::slice::from_ref(data_type), &[value]);
    String::from_utf8_lossy(&out[1..out.len() - 1]).into_owned()
}

#[derive(Default)]
pub(super) struct Distinct(HashSet<Vec<u8>>);

impl Accumulator for Distinct {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        let key = key(args[0]);
        if !self.0.contains(&key) {
            full(self.0.len())?;
            self.0.insert(key);
        }
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        i64::try_from(self.0.len())
            .map(Value::Integer)
            .map_err(|error| error.to_string())
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        let keys: Vec<Bytes> = self.0.iter().cloned().map(Bytes).collect();
        state::save(&keys)
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let keys: Vec<Bytes> = state::restore(saved)?;
        self.0 = keys.into_iter().map(|key| key.0).collect();
        Ok(())
    }
}

/// Every value, or every different value, in the order of arrival.
pub(super) struct List {
    data_type: DataType,
    items: Vec<String>,
    seen: Option<HashSet<Vec<u8>>>,
}

impl List {
    pub(super) fn new(data_type: &DataType, unique: bool) -> Self {
        Self {
            data_type: data_type.clone(),
            items: Vec::new(),
            seen: unique.then(HashSet::new),
        }
    }
}

impl Accumulator for List {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        if let Some(seen) = &mut self.seen
            && !seen.insert(key(args[0]))
        {
            return Ok(());
        }
        full(self.items.len())?;
        self.items.push(json(args[0], &self.data_type));
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        Ok(Value::Text(format!("[{}]", self.items.join(","))))
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        let seen = self.seen.as_ref();
        let seen = seen.map(|keys| keys.iter().cloned().map(Bytes).collect::<Vec<_>>());
        state::save(&(&self.items, seen))
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let (items, seen): (Vec<String>, Option<Vec<Bytes>>) = state::restore(saved)?;
        self.items = items;
        self.seen = seen.map(|keys| keys.into_iter().map(|key| key.0).collect());
        Ok(())
    }
}

/// The most frequent values; among equally frequent ones those that came first.
pub(super) struct Top {
    data_type: DataType,
    length: usize,
    counts: HashMap<Vec<u8>, (u64, usize, Value)>,
}

impl Top {
    pub(super) fn new(data_type: &DataType, length: usize) -> Self {
        Self {
            data_type: data_type.clone(),
            length,
            counts: HashMap::new(),
        }
    }
}

impl Accumulator for Top {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        let key = key(args[0]);
        if let Some((count, ..)) = self.counts.get_mut(&key) {
            *count += 1;
            return Ok(());
        }
        let position = self.counts.len();
        full(position)?;
        self.counts.insert(key, (1, position, owned(args[0])));
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        let mut all: Vec<_> = self.counts.values().collect();
        all.sort_unstable_by_key(|(count, position, _)| (u64::MAX - count, *position));
        all.truncate(self.length);
        let items: Vec<_> = all
            .iter()
            .map(|(_, _, value)| json(value.into(), &self.data_type))
            .collect();
        Ok(Value::Text(format!("[{}]", items.join(","))))
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        let counts = self.counts.values();
        let counts: Vec<_> = counts
            .map(|(count, position, value)| (count, position, Cell::from(value)))
            .collect();
        state::save(&counts)
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let counts: Vec<(u64, usize, Cell)> = state::restore(saved)?;
        self.counts = counts
            .into_iter()
            .map(|(count, position, value)| {
                let value = Value::from(value);
                (key((&value).into()), (count, position, value))
            })
            .collect();
        Ok(())
    }
}
