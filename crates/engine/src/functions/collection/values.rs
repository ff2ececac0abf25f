//! Arrays and maps as SQLite has them: JSON.

use rusqlite::{
    Connection,
    types::{Value, ValueRef},
};
use serde_json::value::RawValue;
use weir_api::DataType;

use super::super::{parsed, scalar, text_arg};
use crate::codec;

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
    scalar(conn, "_element", 3, |context| {
        let item = parsed(context, DataType::parse)?;
        let (Some(text), ValueRef::Integer(n)) = (text_arg(context, 1)?, context.get_raw(2)) else {
            return Ok(Value::Null);
        };
        let items = items(text);
        let found = position(n, items.len()).and_then(|index| items.get(index));
        Ok(found.map_or(Value::Null, |json| decode(json.get(), &item)))
    })?;
    scalar(conn, "_member", 3, |context| {
        let item = parsed(context, DataType::parse)?;
        let (Some(text), Some(key)) = (text_arg(context, 1)?, text_arg(context, 2)?) else {
            return Ok(Value::Null);
        };
        let found = members(text)
            .into_iter()
            .rev()
            .find(|(name, _)| name == key);
        Ok(found.map_or(Value::Null, |(_, json)| decode(json.get(), &item)))
    })?;
    scalar(conn, "_has", 3, |context| {
        let item = parsed(context, DataType::parse)?;
        let Some(text) = text_arg(context, 1)? else {
            return Ok(Value::Null);
        };
        let wanted = encode(context.get_raw(2), &item);
        let found = items(text).into_iter().any(|json| {
            json.get() == wanted
                || encode(ValueRef::from(&decode(json.get(), &item)), &item) == wanted
        });
        Ok(Value::Integer(i64::from(found)))
    })?;
    scalar(conn, "_array_join", 2, |context| {
        let (Some(text), Some(separator)) = (text_arg(context, 0)?, text_arg(context, 1)?) else {
            return Ok(Value::Null);
        };
        let parts: Vec<String> = items(text)
            .into_iter()
            .map(|json| serde_json::from_str(json.get()).unwrap_or_else(|_| json.get().to_string()))
            .collect();
        Ok(Value::Text(parts.join(separator)))
    })?;
    scalar(conn, "_map_part", 2, |context| {
        let Some(text) = text_arg(context, 1)? else {
            return Ok(Value::Null);
        };
        let keys = context.get_raw(0) == ValueRef::Integer(0);
        let parts: Vec<String> = members(text)
            .into_iter()
            .map(|(key, json)| match keys {
                true => serde_json::Value::from(key).to_string(),
                false => json.get().to_string(),
            })
            .collect();
        Ok(Value::Text(format!("[{}]", parts.join(","))))
    })
}
