//! One of the values.

use std::cmp::Ordering;

use rusqlite::types::{Value, ValueRef};
use weir_api::DataType;

use super::{
    Accumulator,
    key::Order,
    memory,
    state::{self, Cell},
};
use crate::{types, value::owned};

#[derive(Default)]
pub(super) struct First(Option<Value>);

impl Accumulator for First {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        if self.0.is_none() {
            self.0 = Some(owned(args[0]));
        }
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        Ok(self.0.clone().unwrap_or(Value::Null))
    }

    fn bytes(&self) -> usize {
        self.0.as_ref().map_or(0, memory::bytes)
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        state::save(&self.0.as_ref().map(Cell::from))
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        self.0 = state::restore::<Option<Cell>>(saved)?.map(Value::from);
        Ok(())
    }
}

#[derive(Default)]
pub(super) struct Last(Option<Value>);

impl Accumulator for Last {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        self.0 = Some(owned(args[0]));
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        Ok(self.0.clone().unwrap_or(Value::Null))
    }

    fn bytes(&self) -> usize {
        self.0.as_ref().map_or(0, memory::bytes)
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        state::save(&self.0.as_ref().map(Cell::from))
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        self.0 = state::restore::<Option<Cell>>(saved)?.map(Value::from);
        Ok(())
    }
}

fn is_nan(value: ValueRef<'_>) -> bool {
    value == ValueRef::Text(b"nan")
}

pub(super) struct Extreme {
    order: Order,
    floats: bool,
    wanted: Ordering,
    best: Option<Value>,
}

impl Extreme {
    pub(super) fn new(data_type: &DataType, max: bool) -> Self {
        Self {
            order: Order::of(data_type),
            floats: types::is_float(data_type),
            wanted: wanted(max),
            best: None,
        }
    }
}

fn wanted(max: bool) -> Ordering {
    if max {
        Ordering::Greater
    } else {
        Ordering::Less
    }
}

impl Accumulator for Extreme {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        let better = match &self.best {
            // NaN is only the result where there is nothing else.
            Some(best) if self.floats && (is_nan(args[0]) || is_nan(best.into())) => {
                is_nan(best.into())
            }
            Some(best) => self.order.compare(args[0], best.into()) == self.wanted,
            None => true,
        };
        if better {
            self.best = Some(owned(args[0]));
        }
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        Ok(self.best.clone().unwrap_or(Value::Null))
    }

    fn bytes(&self) -> usize {
        self.best.as_ref().map_or(0, memory::bytes)
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        state::save(&self.best.as_ref().map(Cell::from))
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        self.best = state::restore::<Option<Cell>>(saved)?.map(Value::from);
        Ok(())
    }
}

/// The first argument of the row whose second is the least or greatest.
pub(super) struct ArgExtreme {
    order: Order,
    floats: bool,
    wanted: Ordering,
    best: Option<(Value, Value)>,
}

impl ArgExtreme {
    pub(super) fn new(data_type: &DataType, max: bool) -> Self {
        Self {
            order: Order::of(data_type),
            floats: types::is_float(data_type),
            wanted: wanted(max),
            best: None,
        }
    }
}

impl Accumulator for ArgExtreme {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        let better = match &self.best {
            Some((_, best)) if self.floats && (is_nan(args[1]) || is_nan(best.into())) => {
                is_nan(best.into())
            }
            Some((_, best)) => self.order.compare(args[1], best.into()) == self.wanted,
            None => true,
        };
        if better {
            self.best = Some((owned(args[0]), owned(args[1])));
        }
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        Ok(self
            .best
            .as_ref()
            .map_or(Value::Null, |(value, _)| value.clone()))
    }

    fn bytes(&self) -> usize {
        let best = self.best.as_ref();
        best.map_or(0, |(value, by)| memory::bytes(value) + memory::bytes(by))
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        let best = self.best.as_ref();
        state::save(&best.map(|(value, by)| (Cell::from(value), Cell::from(by))))
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let best: Option<(Cell, Cell)> = state::restore(saved)?;
        self.best = best.map(|(value, by)| (value.into(), by.into()));
        Ok(())
    }
}
