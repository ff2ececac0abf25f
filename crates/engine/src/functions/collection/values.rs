//! Arrays and maps as SQLite has them: JSON.

use std::collections::HashMap;

use rusqlite::{
    Connection,
    types::{Value, ValueRef},
};
use serde_json::value::RawValue;
use weir_api::DataType;

use super::super::{parsed, scalar, text_arg};
use crate::codec::{self, default_value};

/// A value as JSON.
pub(in crate::functions) fn encode(value: ValueRef<'_>, data_type: &DataType) -> String {
    let mut out = Vec::new();
    codec::encode_row(&mut out, std::slice::from_ref(data_type), &[value]);
    String::from_utf8_lossy(&out[1..out.len() - 1]).into_owned()
}

/// JSON as a value; NULL for null and for what is not of the type.
pub(in crate::functions) fn decode(json: &str, data_type: &DataType) -> Value {
    if json == "null" {
        return Value::Null;
    }
    codec::decode(json, data_type.inner()).unwrap_or(Value::Null)
}

/// The text of a JSON string, else the JSON itself.
pub(in crate::functions) fn plain(json: &str) -> String {
    serde_json::from_str(json).unwrap_or_else(|_| json.to_string())
}

pub(in crate::functions) fn items(json: &str) -> Vec<&RawValue> {
    serde_json::from_str(json).unwrap_or_default()
}

/// Members in the order in which they are written.
pub(in crate::functions) fn members(json: &str) -> Vec<(String, Box<RawValue>)> {
    struct Members(Vec<(String, Box<RawValue>)>);
    impl<'de> serde::Deserialize<'de> for Members {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct Visitor;
            impl<'de> serde::de::Visitor<'de> for Visitor {
                type Value = Members;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("an object")
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(
                    self,
                    mut map: A,
                ) -> Result<Members, A::Error> {
                    let mut members = Vec::new();
                    while let Some(member) = map.next_entry()? {
                        members.push(member);
                    }
                    Ok(Members(members))
                }
            }
            deserializer.deserialize_map(Visitor)
        }
    }
    serde_json::from_str::<Members>(json).map_or_else(|_| Vec::new(), |members| members.0)
}

/// The value of a key: of several the last.
fn member(json: &str, key: &str) -> Option<Box<RawValue>> {
    let found = members(json)
        .into_iter()
        .rev()
        .find(|(name, _)| name == key);
    found.map(|(_, json)| json)
}

/// The position of the n-th of `length` elements; negative counts from the end.
pub(in crate::functions) fn position(n: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let index = if n > 0 { n - 1 } else { length.checked_add(n)? };
    (n != 0 && (0..length).contains(&index)).then(|| usize::try_from(index).ok())?
}

pub(in crate::functions) fn register(conn: &Connection) -> rusqlite::Result<()> {
    scalar(conn, "_array", -1, |context| {
        let item = parsed(context, DataType::parse)?;
        let items: Vec<_> = (1..context.len())
            .map(|i| encode(context.get_raw(i), &item))
            .collect();
        Ok(Value::Text(format!("[{}]", items.join(","))))
    })?;
    scalar(conn, "_map", -1, |context| {
        let item = parsed(context, DataType::parse)?;
        let mut pairs = Vec::new();
        for index in (1..context.len()).step_by(2) {
            let key = text_arg(context, index)?.ok_or("a map's key is not NULL")?;
            let key = encode(ValueRef::Text(key.as_bytes()), &DataType::String);
            pairs.push(format!(
                "{key}:{}",
                encode(context.get_raw(index + 1), &item)
            ));
        }
        Ok(Value::Text(format!("{{{}}}", pairs.join(","))))
    })?;
    scalar(conn, "_elements", 1, |context| {
        let Some(text) = text_arg(context, 0)? else {
            return Ok(Value::Null);
        };
        let count = if text.starts_with('{') {
            members(text).len()
        } else {
            items(text).len()
        };
        i64::try_from(count)
            .map(Value::Integer)
            .map_err(|error| error.to_string())
    })?;
    // A fourth argument: NULL where there is no such element.
    scalar(conn, "_element", -1, |context| {
        let item = parsed(context, DataType::parse)?;
        let (Some(text), ValueRef::Integer(n)) = (text_arg(context, 1)?, context.get_raw(2)) else {
            return Ok(Value::Null);
        };
        let items = items(text);
        let found = position(n, items.len()).and_then(|index| items.get(index));
        Ok(match found {
            Some(json) => decode(json.get(), &item),
            None if context.len() > 3 => Value::Null,
            None => default_value(&item),
        })
    })?;
    scalar(conn, "_member", 3, |context| {
        let item = parsed(context, DataType::parse)?;
        let (Some(text), Some(key)) = (text_arg(context, 1)?, text_arg(context, 2)?) else {
            return Ok(Value::Null);
        };
        let found = member(text, key);
        Ok(found.map_or_else(|| default_value(&item), |json| decode(json.get(), &item)))
    })?;
    scalar(conn, "_has_member", 2, |context| {
        let (Some(text), Some(key)) = (text_arg(context, 0)?, text_arg(context, 1)?) else {
            return Ok(Value::Null);
        };
        Ok(Value::Integer(i64::from(member(text, key).is_some())))
    })?;
    scalar(conn, "_tuple", -1, |context| {
        let data_type = parsed(context, DataType::parse)?;
        let DataType::Tuple(fields) = &*data_type else {
            return Err("a tuple's type expected".to_string());
        };
        let parts = fields.iter().enumerate();
        let parts = parts.map(|(index, (_, field))| encode(context.get_raw(index + 1), field));
        Ok(Value::Text(format!(
            "[{}]",
            parts.collect::<Vec<_>>().join(",")
        )))
    })?;
    scalar(conn, "_array_reverse", 1, |context| {
        let Some(text) = text_arg(context, 0)? else {
            return Ok(Value::Null);
        };
        let parts: Vec<_> = items(text).into_iter().rev().map(RawValue::get).collect();
        Ok(Value::Text(format!("[{}]", parts.join(","))))
    })?;
    scalar(conn, "_map_of_arrays", 2, |context| {
        let (Some(keys), Some(values)) = (text_arg(context, 0)?, text_arg(context, 1)?) else {
            return Ok(Value::Null);
        };
        let (keys, values) = (items(keys), items(values));
        if keys.len() != values.len() {
            return Err("as many keys as values are needed".to_string());
        }
        let pairs = keys.iter().zip(&values);
        let pairs = pairs.map(|(key, value)| {
            format!(
                "{}:{}",
                serde_json::Value::from(plain(key.get())),
                value.get()
            )
        });
        Ok(Value::Text(format!(
            "{{{}}}",
            pairs.collect::<Vec<_>>().join(",")
        )))
    })?;
    scalar(conn, "_map_of_pairs", 1, |context| {
        let Some(text) = text_arg(context, 0)? else {
            return Ok(Value::Null);
        };
        let pairs = items(text)
            .into_iter()
            .filter_map(|pair| match items(pair.get()).as_slice() {
                [key, value] => Some(format!(
                    "{}:{}",
                    serde_json::Value::from(plain(key.get())),
                    value.get()
                )),
                _ => None,
            });
        Ok(Value::Text(format!(
            "{{{}}}",
            pairs.collect::<Vec<_>>().join(",")
        )))
    })?;
    scalar(conn, "_map_concat", -1, |context| {
        let mut all: Vec<(String, Box<RawValue>)> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for index in 0..context.len() {
            let Some(text) = text_arg(context, index)? else {
                return Ok(Value::Null);
            };
            for (key, json) in members(text) {
                match places.get(&key) {
                    Some(place) => all[*place].1 = json,
                    None => {
                        places.insert(key.clone(), all.len());
                        all.push((key, json));
                    }
                }
            }
        }
        let pairs = all
            .iter()
            .map(|(key, json)| format!("{}:{}", serde_json::Value::from(key.as_str()), json.get()));
        Ok(Value::Text(format!(
            "{{{}}}",
            pairs.collect::<Vec<_>>().join(",")
        )))
    })?;
    scalar(conn, "_array_concat", -1, |context| {
        let mut parts = Vec::with_capacity(context.len());
        for index in 0..context.len() {
            match text_arg(context, index)? {
                Some(text) => parts.push(text.get(1..text.len() - 1).unwrap_or_default()),
                None => return Ok(Value::Null),
            }
        }
        parts.retain(|part| !part.is_empty());
        Ok(Value::Text(format!("[{}]", parts.join(","))))
    })?;
    scalar(conn, "_map_part", 2, |context| {
        let Some(text) = text_arg(context, 1)? else {
            return Ok(Value::Null);
        };
        let part = context.get_raw(0);
        let parts: Vec<String> = members(text)
            .into_iter()
            .map(|(key, json)| match part {
                ValueRef::Integer(0) => serde_json::Value::from(key).to_string(),
                ValueRef::Integer(1) => json.get().to_string(),
                // A number.
                _ => key,
            })
            .collect();
        Ok(Value::Text(format!("[{}]", parts.join(","))))
    })
}
