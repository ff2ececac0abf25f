//! The `_array` form of an aggregate.

use rusqlite::types::{Value, ValueRef};
use weir_api::DataType;

use super::{Accumulator, add};
use crate::functions::collection;

/// Hands every element of its arrays on as a row of its own.
pub(super) struct Unrolled {
    inner: Box<dyn Accumulator>,
    /// Of the elements.
    types: [DataType; 2],
}

impl Unrolled {
    pub(super) fn new(inner: Box<dyn Accumulator>, types: [DataType; 2]) -> Self {
        Self { inner, types }
    }
}

impl Accumulator for Unrolled {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        let columns = args.iter().zip(&self.types).map(|(arg, data_type)| {
            let json = arg.as_str().map_err(|_| "an array expected".to_string())?;
            let items = collection::items(json);
            Ok(items
                .iter()
                .map(|item| collection::decode(item.get(), data_type))
                .collect::<Vec<Value>>())
        });
        let columns = columns.collect::<Result<Vec<_>, String>>()?;
        let length = columns.iter().map(Vec::len).min().unwrap_or(0);
        for index in 0..length {
            let row: Vec<ValueRef<'_>> = columns
                .iter()
                .map(|column| (&column[index]).into())
                .collect();
            add(self.inner.as_mut(), &row)?;
        }
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        self.inner.finish()
    }

    fn bytes(&self) -> usize {
        self.inner.bytes()
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        self.inner.save()
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        self.inner.restore(saved)
    }
}
