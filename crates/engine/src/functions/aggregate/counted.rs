//! Aggregates over rows that count more or less than once: the `_distinct` form, and rows of a
//! changelog, of which one may be taken back.

use std::collections::HashMap;

use rusqlite::types::{Value, ValueRef};

use super::{Accumulator, Cell, MAX_VALUES, Spec, add, write_key};
use crate::value::owned;

/// Which rows count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Rows {
    #[default]
    Each,
    /// Equal ones once.
    Different,
    /// As often as the first argument says: 1, or -1 for one that is taken back.
    Weighed,
}

/// Keeps the rows, and aggregates those that are left when it is asked.
pub(super) struct Counted {
    /// Of the aggregate over them, where each counts.
    spec: Spec,
    weighed: bool,
    rows: HashMap<Vec<u8>, Row>,
    /// Rows that came so far.
    came: u64,
    bytes: usize,
}

struct Row {
    weight: i64,
    /// When it came last.
    place: u64,
    args: Vec<Value>,
}

impl Counted {
    pub(super) fn new(spec: Spec, weighed: bool) -> Self {
        Self {
            spec,
            weighed,
            rows: HashMap::new(),
            came: 0,
            bytes: 0,
        }
    }

    fn count(&mut self, weight: i64, args: &[ValueRef<'_>]) -> Result<(), String> {
        let mut key = Vec::new();
        for arg in args {
            write_key(&mut key, *arg);
        }
        self.came += 1;
        let place = self.came;
        // Twice: as bytes and as values.
        let size = 2 * key.len() + size_of::<Row>();
        let Some(row) = self.rows.get_mut(&key) else {
            if self.rows.len() >= MAX_VALUES {
                return Err(format!(
                    "more than {MAX_VALUES} different values in one group"
                ));
            }
            let args = args.iter().map(|arg| owned(*arg)).collect();
            self.bytes += size;
            let row = Row {
                weight,
                place,
                args,
            };
            self.rows.insert(key, row);
            return Ok(());
        };
        if self.weighed {
            row.weight = row.weight.saturating_add(weight);
            if weight > 0 {
                row.place = place;
            }
            if row.weight == 0 {
                self.rows.remove(&key);
                self.bytes = self.bytes.saturating_sub(size);
            }
        }
        Ok(())
    }
}

impl Accumulator for Counted {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        match (self.weighed, args) {
            (true, [ValueRef::Integer(weight), args @ ..]) => self.count(*weight, args),
            (true, _) => Err("a weight expected".to_string()),
            (false, args) => self.count(1, args),
        }
    }

    fn finish(&self) -> Result<Value, String> {
        let mut rows: Vec<_> = self.rows.values().filter(|row| row.weight > 0).collect();
        rows.sort_unstable_by_key(|row| row.place);
        let mut inner = self.spec.accumulator(None)?;
        for row in rows {
            let args: Vec<ValueRef<'_>> = row.args.iter().map(Into::into).collect();
            for _ in 0..row.weight {
                add(inner.as_mut(), &args)?;
            }
        }
        inner.finish()
    }

    fn bytes(&self) -> usize {
        self.bytes
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        let mut rows: Vec<_> = self.rows.values().collect();
        rows.sort_unstable_by_key(|row| row.place);
        let rows: Vec<(i64, Vec<Cell>)> = rows
            .into_iter()
            .map(|row| (row.weight, row.args.iter().map(Cell::from).collect()))
            .collect();
        serde_json::to_value(rows).map_err(|error| error.to_string())
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let rows: Vec<(i64, Vec<Cell>)> =
            serde_json::from_value(saved).map_err(|error| error.to_string())?;
        *self = Self::new(self.spec.clone(), self.weighed);
        for (weight, args) in rows {
            let args: Vec<Value> = args.into_iter().map(Value::from).collect();
            let args: Vec<ValueRef<'_>> = args.iter().map(Into::into).collect();
            self.count(weight, &args)?;
        }
        Ok(())
    }
}
