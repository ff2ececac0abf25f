//! Between SQLite values and the JSON that functions are called with.
//!
//! | type | in JavaScript |
//! |---|---|
//! | bool | boolean |
//! | int8 … int64, uint8 … uint64 | number; a BigInt beyond ±(2^53 - 1), so that no digit is lost |
//! | int128, int256, uint128, uint256 | BigInt |
//! | float32, float64 | number |
//! | string, fixed_string, uuid, ipv4, ipv6, enum | string |
//! | date, datetime, datetime64 | Date |
//! | array, map, tuple, json | array, object, object (an array where fields have no names), as parsed |
//! | null | null, where the argument's type is nullable; otherwise the result is null without a call |

use std::fmt::Write;

use rusqlite::types::{Value, ValueRef};
use serde_json::{json, value::RawValue};
use weir_api::DataType;

use crate::codec::{self, Object};

const EXACT: i64 = (1 << 53) - 1;

pub(super) fn supported(data_type: &DataType) -> Result<(), String> {
    match data_type {
        DataType::Decimal { .. } => Err(format!(
            "{data_type} is not a type of functions: use string or float64"
        )),
        DataType::Array(inner) | DataType::Nullable(inner) | DataType::LowCardinality(inner) => {
            supported(inner)
        }
        DataType::Map(key, value) => supported(key).and_then(|()| supported(value)),
        DataType::Tuple(fields) => fields.iter().try_for_each(|(_, field)| supported(field)),
        _ => Ok(()),
    }
}

/// How `driver.js` is told a type.
pub(super) fn tag(data_type: &DataType) -> serde_json::Value {
    match data_type.inner() {
        DataType::Float32 | DataType::Float64 => "n".into(),
        DataType::Int(_) | DataType::UInt(_) => "i".into(),
        DataType::Date => "d".into(),
        DataType::DateTime { .. } | DataType::DateTime64 { .. } => "t".into(),
        DataType::Array(item) => json!(["a", tag(item)]),
        DataType::Map(_, value) => json!(["m", tag(value)]),
        DataType::Tuple(fields) => {
            let fields: Vec<_> = fields
                .iter()
                .map(|(name, field)| json!([name, tag(field)]))
                .collect();
            json!(["u", fields])
        }
        _ => "s".into(),
    }
}

/// Appends a value for `driver.js`.
pub(super) fn write(out: &mut String, data_type: &DataType, value: ValueRef<'_>) {
    let data_type = data_type.inner();
    match value {
        ValueRef::Null => out.push_str("null"),
        ValueRef::Integer(number) => integer(out, data_type, number),
        ValueRef::Real(number) if number.is_finite() => put(out, &number),
        ValueRef::Real(number) => out.push_str(if number > 0.0 { "\"inf\"" } else { "\"-inf\"" }),
        ValueRef::Blob(bytes) => {
            let number = <[u8; 8]>::try_from(bytes).map_or(0, u64::from_be_bytes);
            put(out, &number.to_string());
        }
        ValueRef::Text(bytes) => text(out, data_type, &String::from_utf8_lossy(bytes)),
    }
}

fn integer(out: &mut String, data_type: &DataType, number: i64) {
    let millis = |factor: i64| number.saturating_mul(factor).to_string();
    match data_type {
        DataType::Bool => out.push_str(if number == 0 { "false" } else { "true" }),
        DataType::Date => out.push_str(&millis(86_400_000)),
        DataType::DateTime { .. } => out.push_str(&millis(1000)),
        DataType::DateTime64 { precision, .. } => {
            // Dates are whole milliseconds.
            let exponent = i32::from(*precision) - 3;
            let value = match exponent {
                0 => number,
                1.. => number.div_euclid(10_i64.pow(exponent.unsigned_abs())),
                _ => number.saturating_mul(10_i64.pow(exponent.unsigned_abs())),
            };
            put(out, &value);
        }
        _ if (-EXACT..=EXACT).contains(&number) => put(out, &number),
        DataType::Float32 | DataType::Float64 => put(out, &(number as f64)),
        _ => put(out, &number.to_string()),
    }
}

fn text(out: &mut String, data_type: &DataType, text: &str) {
    match data_type {
        DataType::Json => out.push_str(text),
        DataType::Array(item) => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
            list(
                out,
                '[',
                ']',
                items.iter().map(|value| (item.as_ref(), *value)),
            );
        }
        DataType::Tuple(fields) => {
            let items: Vec<&RawValue> = serde_json::from_str(text).unwrap_or_default();
            let types = fields.iter().map(|(_, field)| field);
            list(out, '[', ']', types.zip(items));
        }
        DataType::Map(_, item) => {
            let entries = serde_json::from_str(text).unwrap_or(Object(Vec::new())).0;
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                put(out, key.as_ref());
                out.push(':');
                element(out, item, value);
            }
            out.push('}');
        }
        _ => put(out, text),
    }
}

fn list<'a>(
    out: &mut String,
    open: char,
    close: char,
    items: impl Iterator<Item = (&'a DataType, &'a RawValue)>,
) {
    out.push(open);
    for (index, (data_type, value)) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        element(out, data_type, value);
    }
    out.push(close);
}

fn element(out: &mut String, data_type: &DataType, value: &RawValue) {
    let value = codec::decode(value.get(), data_type).unwrap_or(Value::Null);
    write(out, data_type, ValueRef::from(&value));
}

fn put<T: serde::Serialize + ?Sized>(out: &mut String, value: &T) {
    // Writing numbers and text to a String cannot fail.
    let _ = write!(out, "{}", serde_json::to_string(value).unwrap_or_default());
}

/// `[value, …]` by the type of the result; `rows` of them.
pub(super) fn results(answer: &str, returns: &DataType, rows: usize) -> Result<Vec<Value>, String> {
    let values: Vec<&RawValue> =
        serde_json::from_str(answer).map_err(|error| format!("its result is no array: {error}"))?;
    if values.len() != rows {
        return Err(format!(
            "it returned {} values for {rows} rows",
            values.len()
        ));
    }
    values
        .iter()
        .enumerate()
        .map(|(index, value)| {
            result(value.get(), returns).map_err(|m| format!("value {}: {m}", index + 1))
        })
        .collect()
}

pub(super) fn result(answer: &str, returns: &DataType) -> Result<Value, String> {
    codec::decode(answer, returns).map_err(|message| format!("{message} (it returns {returns})"))
}
