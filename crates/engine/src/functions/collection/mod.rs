//! Arrays and maps, stored as JSON.

mod values;

pub(super) use values::{decode, encode, items, members, position, register};
use weir_api::DataType;

use super::{Call, Function};
use crate::{
    typed::{Typed, escape},
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
                crate::typed::unified(&picked)
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
    let values = crate::typed::unified(values)?;
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
