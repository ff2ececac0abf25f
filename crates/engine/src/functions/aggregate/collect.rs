//! Many of the values.

use std::collections::{HashMap, HashSet};

use rusqlite::types::{Value, ValueRef};
use weir_api::DataType;

use super::{
    Accumulator, MAX_VALUES,
    key::write_key,
    memory,
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

/// Of an entry of a set or a list, beside its bytes.
const ENTRY: usize = 48;

#[derive(Default)]
pub(super) struct Distinct {
    keys: HashSet<Vec<u8>>,
    bytes: usize,
}

impl Accumulator for Distinct {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        let mut key = Vec::new();
        args.iter().for_each(|arg| write_key(&mut key, *arg));
        if !self.keys.contains(&key) {
            full(self.keys.len())?;
            self.bytes += key.len() + ENTRY;
            self.keys.insert(key);
        }
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        i64::try_from(self.keys.len())
            .map(Value::Integer)
            .map_err(|error| error.to_string())
    }

    fn bytes(&self) -> usize {
        self.bytes
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        let keys: Vec<Bytes> = self.keys.iter().cloned().map(Bytes).collect();
        state::save(&keys)
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let keys: Vec<Bytes> = state::restore(saved)?;
        self.keys = keys.into_iter().map(|key| key.0).collect();
        self.bytes = self.keys.iter().map(|key| key.len() + ENTRY).sum();
        Ok(())
    }
}

/// Every value, or every different value, in the order of arrival.
pub(super) struct List {
    data_type: DataType,
    items: Vec<String>,
    seen: Option<HashSet<Vec<u8>>>,
    bytes: usize,
    /// So many values are enough.
    limit: usize,
}

impl List {
    /// A limit of 0 is none.
    pub(super) fn new(data_type: &DataType, unique: bool, limit: f64) -> Self {
        Self {
            data_type: data_type.clone(),
            items: Vec::new(),
            seen: unique.then(HashSet::new),
            bytes: 0,
            limit: if limit > 0.0 {
                limit as usize
            } else {
                usize::MAX
            },
        }
    }
}

impl Accumulator for List {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        if self.items.len() >= self.limit {
            return Ok(());
        }
        if let Some(seen) = &mut self.seen {
            let key = key(args[0]);
            let length = key.len();
            if !seen.insert(key) {
                return Ok(());
            }
            self.bytes += length + ENTRY;
        }
        full(self.items.len())?;
        let item = json(args[0], &self.data_type);
        self.bytes += item.len() + ENTRY;
        self.items.push(item);
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        Ok(Value::Text(format!("[{}]", self.items.join(","))))
    }

    fn bytes(&self) -> usize {
        self.bytes
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
        let keys = self.seen.iter().flatten().map(Vec::len);
        let items = self.items.iter().map(String::len);
        self.bytes = keys.chain(items).map(|length| length + ENTRY).sum();
        Ok(())
    }
}

/// The most frequent values; among equally frequent ones those that came first.
pub(super) struct Top {
    data_type: DataType,
    length: usize,
    /// As tuples of value, count and 0, the error.
    counted: bool,
    counts: HashMap<Vec<u8>, (u64, usize, Value)>,
    bytes: usize,
}

impl Top {
    pub(super) fn new(data_type: &DataType, result: &DataType, length: usize) -> Self {
        let counted = match result {
            DataType::Array(item) => **item != *data_type,
            _ => false,
        };
        Self {
            data_type: data_type.clone(),
            length,
            counted,
            counts: HashMap::new(),
            bytes: 0,
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
        let value = owned(args[0]);
        self.bytes += key.len() + memory::bytes(&value) + 2 * ENTRY;
        self.counts.insert(key, (1, position, value));
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        let mut all: Vec<_> = self.counts.values().collect();
        let order = |(count, position, _): &&(u64, usize, Value)| (u64::MAX - count, *position);
        if self.length < all.len() {
            // Most of them need no place.
            all.select_nth_unstable_by_key(self.length, order);
            all.truncate(self.length);
        }
        all.sort_unstable_by_key(order);
        let items: Vec<_> = all
            .iter()
            .map(
                |(count, _, value)| match json(value.into(), &self.data_type) {
                    value if self.counted => format!("[{value},{count},0]"),
                    value => value,
                },
            )
            .collect();
        Ok(Value::Text(format!("[{}]", items.join(","))))
    }

    fn bytes(&self) -> usize {
        self.bytes
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
        let counts = self.counts.iter();
        self.bytes = counts
            .map(|(key, (_, _, value))| key.len() + memory::bytes(value) + 2 * ENTRY)
            .sum();
        Ok(())
    }
}
