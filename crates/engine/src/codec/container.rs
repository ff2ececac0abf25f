//! JSON, arrays, maps and tuples: stored as JSON text.

use rusqlite::types::{Value, ValueRef};
use serde_json::value::RawValue;
use weir_api::DataType;

use super::{
    Object,
    decode::{decode, shortened},
    encode::{compact, encode_value},
};

/// Levels of a JSON document: whoever reads it may need some stack for each.
const MAX_LEVELS: usize = 100;

pub(super) fn document(json: &str) -> Result<Value, String> {
    if levels(json) > MAX_LEVELS {
        return Err(format!("JSON with more than {MAX_LEVELS} levels"));
    }
    serde_json::from_str::<&RawValue>(json).map_err(|error| format!("not JSON: {error}"))?;
    let mut out = Vec::with_capacity(json.len());
    compact(&mut out, json);
    text_value(out)
}

/// Brackets inside each other, outside texts.
fn levels(json: &str) -> usize {
    let (mut open, mut most, mut in_string, mut escaped) = (0usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'[' | b'{' => {
                open += 1;
                most = most.max(open);
            }
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    most
}

fn text_value(json: Vec<u8>) -> Result<Value, String> {
    String::from_utf8(json)
        .map(Value::Text)
        .map_err(|error| error.to_string())
}

/// Items and fields are stored in wire encoding, so a container needs no second look when read.
fn nested(out: &mut Vec<u8>, json: &str, data_type: &DataType) -> Result<(), String> {
    let value = decode(json, data_type)?;
    encode_value(out, data_type.inner(), ValueRef::from(&value));
    Ok(())
}

pub(super) fn array(json: &str, item: &DataType) -> Result<Value, String> {
    let items: Vec<&RawValue> = serde_json::from_str(json)
        .map_err(|_| format!("'{}' is not a JSON array", shortened(json)))?;
    let mut out = Vec::with_capacity(json.len());
    out.push(b'[');
    for (index, raw) in items.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        nested(&mut out, raw.get(), item).map_err(|error| format!("item {index}: {error}"))?;
    }
    out.push(b']');
    text_value(out)
}

pub(super) fn map(json: &str, key: &DataType, value: &DataType) -> Result<Value, String> {
    let Object(entries) = object(json)?;
    let mut out = Vec::with_capacity(json.len());
    out.push(b'{');
    for (index, (name, raw)) in entries.iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        let mut encoded = Vec::new();
        let quoted = serde_json::to_string(name).map_err(|error| error.to_string())?;
        nested(&mut encoded, &quoted, key).map_err(|error| format!("key '{name}': {error}"))?;
        if encoded.first() == Some(&b'"') {
            out.append(&mut encoded);
        } else {
            out.push(b'"');
            out.append(&mut encoded);
            out.push(b'"');
        }
        out.push(b':');
        nested(&mut out, raw.get(), value).map_err(|error| format!("key '{name}': {error}"))?;
    }
    out.push(b'}');
    text_value(out)
}

fn object(json: &str) -> Result<Object<'_>, String> {
    serde_json::from_str(json).map_err(|_| format!("'{}' is not a JSON object", shortened(json)))
}

/// An array in order, or an object by field name; stored as an array.
pub(super) fn tuple(json: &str, fields: &[(String, DataType)]) -> Result<Value, String> {
    let items: Vec<&RawValue> = if json.starts_with('{') {
        let Object(entries) = object(json)?;
        let find = |name: &String| {
            let entry = entries.iter().find(|(key, _)| key == name);
            entry
                .map(|(_, value)| *value)
                .ok_or_else(|| format!("field '{name}' is missing"))
        };
        fields
            .iter()
            .map(|(name, _)| find(name))
            .collect::<Result<_, _>>()?
    } else {
        serde_json::from_str(json)
            .map_err(|_| format!("'{}' is not a JSON array", shortened(json)))?
    };
    if items.len() != fields.len() {
        return Err(format!(
            "{} items for a tuple of {}",
            items.len(),
            fields.len()
        ));
    }
    let mut out = Vec::with_capacity(json.len());
    out.push(b'[');
    for (index, (raw, (_, field))) in items.iter().zip(fields).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        nested(&mut out, raw.get(), field).map_err(|error| format!("item {index}: {error}"))?;
    }
    out.push(b']');
    text_value(out)
}
