//! Values as bytes that are equal where the values are.

use std::cmp::Ordering;

use rusqlite::types::ValueRef;
use weir_api::DataType;

use crate::{
    codec::enum_number,
    types,
    value::{compare_nested, compare_wide},
};

pub(crate) fn write_key(out: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => out.push(0),
        ValueRef::Integer(number) => {
            out.push(1);
            out.extend_from_slice(&number.to_be_bytes());
        }
        ValueRef::Real(number) => {
            out.push(2);
            // -0 equals 0.
            out.extend_from_slice(&(number + 0.0).to_bits().to_be_bytes());
        }
        ValueRef::Text(bytes) => bytes_key(out, 3, bytes),
        ValueRef::Blob(bytes) => bytes_key(out, 4, bytes),
    }
}

fn bytes_key(out: &mut Vec<u8>, tag: u8, bytes: &[u8]) {
    out.push(tag);
    out.extend_from_slice(&bytes.len().to_be_bytes());
    out.extend_from_slice(bytes);
}

/// The order in which SQLite sorts values of one type.
pub(crate) struct Order {
    wide: bool,
    nested: bool,
    /// The definition of an enum, which sorts by its numbers.
    definition: Option<String>,
}

impl Order {
    pub(crate) fn of(data_type: &DataType) -> Self {
        Self {
            wide: types::is_wide(data_type),
            nested: types::is_nested(data_type),
            definition: match data_type.inner() {
                DataType::Enum(definition) => Some(definition.clone()),
                _ => None,
            },
        }
    }

    pub(crate) fn compare(&self, left: ValueRef<'_>, right: ValueRef<'_>) -> Ordering {
        let rank = |value: ValueRef<'_>| match value {
            ValueRef::Null => 0,
            ValueRef::Integer(_) | ValueRef::Real(_) => 1,
            ValueRef::Text(_) => 2,
            ValueRef::Blob(_) => 3,
        };
        if let (Some(definition), ValueRef::Text(left), ValueRef::Text(right)) =
            (&self.definition, left, right)
        {
            let number = |name: &[u8]| enum_number(definition, &String::from_utf8_lossy(name));
            return number(left).cmp(&number(right));
        }
        match (left, right) {
            (ValueRef::Integer(left), ValueRef::Integer(right)) => left.cmp(&right),
            (ValueRef::Real(left), ValueRef::Real(right)) => left.total_cmp(&right),
            (ValueRef::Integer(left), ValueRef::Real(right)) => (left as f64).total_cmp(&right),
            (ValueRef::Real(left), ValueRef::Integer(right)) => left.total_cmp(&(right as f64)),
            (ValueRef::Text(left), ValueRef::Text(right)) if self.wide => compare_wide(
                &String::from_utf8_lossy(left),
                &String::from_utf8_lossy(right),
            ),
            (ValueRef::Text(left), ValueRef::Text(right)) if self.nested => compare_nested(
                &String::from_utf8_lossy(left),
                &String::from_utf8_lossy(right),
            ),
            (ValueRef::Text(left), ValueRef::Text(right))
            | (ValueRef::Blob(left), ValueRef::Blob(right)) => left.cmp(right),
            _ => rank(left).cmp(&rank(right)),
        }
    }
}
