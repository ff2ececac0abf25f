//! What stands at a path, as a type.

use rusqlite::{
    Connection,
    functions::Context,
    types::{Value, ValueRef},
};
use weir_api::DataType;

use super::{
    super::{collection, parsed, scalar, text_arg},
    compact::compact,
};
use crate::codec;

/// The JSON at the path of the arguments from the third on.
fn at(context: &Context<'_>, text: &str) -> Option<String> {
    let mut current = text.trim().to_string();
    for index in 2..context.len() {
        let members = || collection::members(&current);
        current = match context.get_raw(index) {
            ValueRef::Integer(n) if current.starts_with('{') => {
                let members = members();
                let place = collection::position(n, members.len())?;
                members.get(place)?.1.get().to_string()
            }
            ValueRef::Integer(n) => {
                let items = collection::items(&current);
                let place = collection::position(n, items.len())?;
                items.get(place)?.get().to_string()
            }
            ValueRef::Text(key) => {
                let mut found = members().into_iter().rev();
                let found = found.find(|(name, _)| name.as_bytes() == key);
                found?.1.get().to_string()
            }
            _ => return None,
        };
    }
    let valid =
        context.len() > 2 || serde_json::from_str::<serde::de::IgnoredAny>(&current).is_ok();
    valid.then_some(current)
}

/// As the type, where the JSON is of its kind.
fn typed(json: &str, data_type: &DataType) -> Value {
    let quoted = json.starts_with('"');
    match data_type.inner() {
        _ if json == "null" => codec::default_value(data_type),
        DataType::String if quoted => Value::Text(collection::plain(json)),
        DataType::String => Value::Text(compact(json)),
        DataType::Bool => {
            let number = json.parse::<f64>().is_ok_and(|number| number != 0.0);
            Value::Integer(i64::from(json == "true" || number))
        }
        inner if inner.is_numeric() => {
            let plain = match json {
                "true" => "1".to_string(),
                "false" => "0".to_string(),
                other => collection::plain(other),
            };
            let number = crate::value::Num::parse(&plain).filter(|_| !plain.is_empty());
            let value = number.and_then(|number| number.write(inner).ok());
            value.unwrap_or_else(|| codec::default_value(data_type))
        }
        inner => codec::decode(json, inner).unwrap_or_else(|_| codec::default_value(data_type)),
    }
}

/// An element as text.
fn texts(json: &str) -> String {
    match json.starts_with(['{', '[']) {
        true => compact(json),
        false => collection::plain(json),
    }
}

fn kind(json: &str) -> &'static str {
    match json.as_bytes().first() {
        Some(b'{') => "Object",
        Some(b'[') => "Array",
        Some(b'"') => "String",
        Some(b't' | b'f') => "Bool",
        Some(b'n') | None => "Null",
        _ if json.parse::<i64>().is_ok() => "Int64",
        _ if json.parse::<u64>().is_ok() => "UInt64",
        _ => "Double",
    }
}

fn list(texts: impl Iterator<Item = String>) -> Value {
    Value::Text(serde_json::to_string(&texts.collect::<Vec<_>>()).unwrap_or_default())
}

pub(in crate::functions) fn register(conn: &Connection) -> rusqlite::Result<()> {
    // What is at the path, as the type that the first argument names.
    let reading = |name: &str, read: fn(Option<&str>, &DataType) -> Value| {
        scalar(conn, name, -1, move |context| {
            let data_type = parsed(context, DataType::parse)?;
            let Some(text) = text_arg(context, 1)? else {
                return Ok(Value::Null);
            };
            if (2..context.len()).any(|index| context.get_raw(index) == ValueRef::Null) {
                return Ok(Value::Null);
            }
            Ok(read(at(context, text).as_deref(), &data_type))
        })
    };
    reading("_json_at", |json, data_type| {
        json.map_or_else(
            || codec::default_value(data_type),
            |json| typed(json, data_type),
        )
    })?;
    reading("_json_raw", |json, _| {
        Value::Text(json.map(compact).unwrap_or_default())
    })?;
    reading("_json_has", |json, _| {
        Value::Integer(i64::from(json.is_some()))
    })?;
    reading("_json_length", |json, _| {
        let json = json.unwrap_or_default();
        let length = if json.starts_with('{') {
            collection::members(json).len()
        } else {
            collection::items(json).len()
        };
        Value::Integer(i64::try_from(length).unwrap_or(i64::MAX))
    })?;
    reading("_json_type", |json, _| {
        Value::Text(json.map_or("Null", kind).to_string())
    })?;
    reading("_json_texts", |json, _| {
        let items = collection::items(json.unwrap_or_default()).into_iter();
        list(items.map(|item| texts(item.get())))
    })?;
    reading("_json_raws", |json, _| {
        list(
            collection::items(json.unwrap_or_default())
                .into_iter()
                .map(|item| compact(item.get())),
        )
    })?;
    reading("_json_keys", |json, _| {
        list(
            collection::members(json.unwrap_or_default())
                .into_iter()
                .map(|(key, _)| key),
        )
    })?;
    reading("_json_pairs", |json, _| {
        let members = collection::members(json.unwrap_or_default()).into_iter();
        let pairs =
            members.map(|(key, json)| serde_json::json!([key, compact(json.get())]).to_string());
        Value::Text(format!("[{}]", pairs.collect::<Vec<_>>().join(",")))
    })?;
    reading("_json_typed_pairs", |json, data_type| {
        let value_type = match data_type {
            DataType::Array(item) => match item.as_ref() {
                DataType::Tuple(fields) => fields
                    .get(1)
                    .map_or(DataType::String, |(_, field)| field.clone()),
                other => other.clone(),
            },
            other => other.clone(),
        };
        let members = collection::members(json.unwrap_or_default()).into_iter();
        let pairs = members.map(|(key, json)| {
            let value = typed(json.get(), &value_type);
            format!(
                "[{},{}]",
                serde_json::Value::from(key),
                collection::encode((&value).into(), &value_type)
            )
        });
        Value::Text(format!("[{}]", pairs.collect::<Vec<_>>().join(",")))
    })?;
    scalar(conn, "_json", 2, |context| {
        let data_type = parsed(context, DataType::parse)?;
        Ok(Value::Text(collection::encode(
            context.get_raw(1),
            &data_type,
        )))
    })
}
