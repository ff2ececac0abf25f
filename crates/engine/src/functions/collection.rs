//! Arrays and maps, stored as JSON.

use rusqlite::{
    Connection,
    types::{Value, ValueRef},
};
use serde_json::value::RawValue;
use weir_api::DataType;

use super::{Call, Function, parsed, scalar, text_arg};
use crate::{
    codec,
    plan::{Typed, escape},
    types,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["array"],
        signature: "array(any, …) -> array",
        help: "An array of the values; [a, b] is the same.",
        arguments: (0, 100),
        build: |call| array(call.args),
    },
    Function {
        names: &["array_length"],
        signature: "array_length(array) -> uint64",
        help: "The number of elements.",
        arguments: (1, 1),
        build: |call| {
            item(call, 0)?;
            Ok(call.typed(
                format!("_elements({})", call.args[0].sql),
                DataType::UInt(64),
            ))
        },
    },
    Function {
        names: &["array_element"],
        signature: "array_element(array, n) -> element",
        help: "The n-th element, the first being 1, the last -1; a[n] is the same.",
        arguments: (2, 2),
        build: |call| subscript(&call.args[0], &call.args[1]),
    },
    Function {
        names: &["has"],
        signature: "has(array, any) -> bool",
        help: "Whether the array has the element.",
        arguments: (2, 2),
        build: |call| {
            let item = item(call, 0)?;
            let value = call.args[1].cast(&item)?;
            let sql = format!(
                "_has('{}', {}, {})",
                escape(&item.to_string()),
                call.args[0].sql,
                value.sql
            );
            Ok(call.typed(sql, DataType::Bool))
        },
    },
    Function {
        names: &["array_string_concat"],
        signature: "array_string_concat(array[, separator]) -> string",
        help: "The elements as text, one after the other.",
        arguments: (1, 2),
        build: |call| {
            item(call, 0)?;
            let separator = if call.args.len() > 1 {
                call.text(1)?
            } else {
                "''".to_string()
            };
            Ok(call.typed(
                format!("_array_join({}, {separator})", call.args[0].sql),
                DataType::String,
            ))
        },
    },
    Function {
        names: &["map_keys"],
        signature: "map_keys(map) -> array",
        help: "The keys of a map.",
        arguments: (1, 1),
        build: |call| {
            let (key, _) = map(call)?;
            Ok(call.typed(
                format!("_map_part(0, {})", call.args[0].sql),
                DataType::Array(Box::new(key)),
            ))
        },
    },
    Function {
        names: &["map_values"],
        signature: "map_values(map) -> array",
        help: "The values of a map.",
        arguments: (1, 1),
        build: |call| {
            let (_, value) = map(call)?;
            Ok(call.typed(
                format!("_map_part(1, {})", call.args[0].sql),
                DataType::Array(Box::new(value)),
            ))
        },
    },
    Function {
        names: &["map_contains"],
        signature: "map_contains(map, key) -> bool",
        help: "Whether the map has the key.",
        arguments: (2, 2),
        build: |call| {
            map(call)?;
            let key = call.text(1)?;
            Ok(call.typed(
                format!(
                    "(_member('string', {}, {key}) IS NOT NULL)",
                    call.args[0].sql
                ),
                DataType::Bool,
            ))
        },
    },
    Function {
        names: &["map"],
        signature: "map(key, value, …) -> map",
        help: "A map of the pairs.",
        arguments: (0, 100),
        build: |call| {
            if !call.args.len().is_multiple_of(2) {
                return Err("map takes pairs of key and value".to_string());
            }
            let pick = |odd: usize| -> Result<Vec<Typed>, String> {
                let picked: Vec<_> = call.args.iter().skip(odd).step_by(2).cloned().collect();
                crate::plan::unified(&picked)
            };
            let (keys, values) = (pick(0)?, pick(1)?);
            let data_type = |all: &[Typed]| {
                all.first()
                    .map_or(DataType::String, |t| t.data_type.clone())
            };
            let (key, value) = (data_type(&keys), data_type(&values));
            let mut sql = format!("_map('{}'", escape(&value.to_string()));
            for (key, value) in keys.iter().zip(&values) {
                sql.push_str(&format!(
                    ", {}, {}",
                    key.cast(&DataType::String)?.sql,
                    value.sql
                ));
            }
            sql.push(')');
            Ok(Typed::new(
                sql,
                DataType::Map(Box::new(key), Box::new(value)),
            ))
        },
    },
];

fn item(call: &Call<'_>, index: usize) -> Result<DataType, String> {
    match call.args[index].data_type.inner() {
        DataType::Array(item) => Ok(item.as_ref().clone()),
        other => Err(format!("argument {} is an array, not {other}", index + 1)),
    }
}

fn map(call: &Call<'_>) -> Result<(DataType, DataType), String> {
    match call.args[0].data_type.inner() {
        DataType::Map(key, value) => Ok((key.as_ref().clone(), value.as_ref().clone())),
        other => Err(format!("argument 1 is a map, not {other}")),
    }
}

pub(crate) fn array(values: &[Typed]) -> Result<Typed, String> {
    let values = crate::plan::unified(values)?;
    let item = values
        .first()
        .map_or(DataType::String, |value| value.data_type.clone());
    let list: String = values
        .iter()
        .map(|value| format!(", {}", value.sql))
        .collect();
    Ok(Typed::new(
        format!("_array('{}'{list})", escape(&item.to_string())),
        DataType::Array(Box::new(item)),
    ))
}

/// `value[index]` of an array, a map or JSON. NULL where there is no such element.
pub(crate) fn subscript(value: &Typed, index: &Typed) -> Result<Typed, String> {
    let (function, data_type, index) = match value.data_type.inner() {
        DataType::Array(item) => {
            if !index.data_type.is_numeric() {
                return Err(format!(
                    "an array's index is a whole number, not {}",
                    index.data_type
                ));
            }
            ("_element", item.as_ref(), index.cast(&DataType::Int(64))?)
        }
        DataType::Map(_, item) => ("_member", item.as_ref(), index.cast(&DataType::String)?),
        DataType::Json => ("_member", &DataType::Json, index.cast(&DataType::String)?),
        DataType::Tuple(fields) => {
            let position = index
                .sql
                .parse::<usize>()
                .ok()
                .filter(|p| (1..=fields.len()).contains(p));
            let position = position.ok_or("a tuple's index is a number in its range")?;
            ("_element", &fields[position - 1].1, index.clone())
        }
        other => return Err(format!("{other} has no elements")),
    };
    Ok(Typed::new(
        format!(
            "{function}('{}', {}, {})",
            escape(&data_type.to_string()),
            value.sql,
            index.sql
        ),
        types::nullable(data_type.inner().clone()),
    ))
}

/// A value as JSON.
pub(super) fn encode(value: ValueRef<'_>, data_type: &DataType) -> String {
    let mut out = Vec::new();
    codec::encode_row(&mut out, std::slice::from_ref(data_type), &[value]);
    String::from_utf8_lossy(&out[1..out.len() - 1]).into_owned()
}

/// JSON as a value; NULL for null and for what is not of the type.
pub(super) fn decode(json: &str, data_type: &DataType) -> Value {
    if json == "null" {
        return Value::Null;
    }
    codec::decode(json, data_type.inner()).unwrap_or(Value::Null)
}

pub(super) fn items(json: &str) -> Vec<&RawValue> {
    serde_json::from_str(json).unwrap_or_default()
}

/// Members in the order in which they are written.
pub(super) fn members(json: &str) -> Vec<(String, Box<RawValue>)> {
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
pub(super) fn position(n: i64, length: usize) -> Option<usize> {
    let length = i64::try_from(length).ok()?;
    let index = if n > 0 { n - 1 } else { length.checked_add(n)? };
    (n != 0 && (0..length).contains(&index)).then(|| usize::try_from(index).ok())?
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
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
