//! Maps.

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use weir_api::DataType;

use super::{
    super::{
        Call, Function,
        native::{Args, Native, Out, native},
    },
    item,
    values::{decode, encode, members},
};
use crate::{
    typed::{Typed, escape},
    value::{Op, arithmetic},
};

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["map_keys"],
        signature: "map_keys(map) -> array",
        help: "The keys of a map.",
        arguments: (1, 1),
        build: |call| {
            let (key, _) = map(call, 0)?;
            let part = if key.is_numeric() { 2 } else { 0 };
            Ok(call.typed(
                format!("_map_part({part}, {})", call.args[0].sql),
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
            let (_, value) = map(call, 0)?;
            Ok(call.typed(
                format!("_map_part(1, {})", call.args[0].sql),
                DataType::Array(Box::new(value)),
            ))
        },
    },
    Function {
        names: &["map_contains", "map_contains_key"],
        signature: "map_contains(map, key) -> bool",
        help: "Whether the map has the key.",
        arguments: (2, 2),
        build: |call| {
            map(call, 0)?;
            let key = call.text(1)?;
            // No key is NULL.
            Ok(call.with(&call.args[..1]).typed(
                format!(
                    "CASE WHEN {0} IS NULL THEN NULL ELSE coalesce(_has_member({0}, {key}), 0) END",
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
        arguments: (0, 1000),
        build: of_pairs,
    },
    Function {
        names: &["map_cast"],
        signature: "map_cast(keys, values) -> map",
        help: "A map of two arrays, or of pairs of key and value.",
        arguments: (0, 1000),
        build: |call| match call.args {
            [keys, _] if matches!(keys.data_type.inner(), DataType::Array(_)) => of_arrays(call),
            _ => of_pairs(call),
        },
    },
    Function {
        names: &["map_from_arrays"],
        signature: "map_from_arrays(array, array) -> map",
        help: "A map of keys and values.",
        arguments: (2, 2),
        build: of_arrays,
    },
    Function {
        names: &["_map_of_pairs"],
        signature: "",
        help: "",
        arguments: (1, 1),
        build: |call| {
            let item = item(call, 0)?;
            let data_type = match item.inner() {
                DataType::Tuple(fields) => match fields.as_slice() {
                    [(_, key), (_, value)] => Some(DataType::Map(
                        Box::new(key.clone()),
                        Box::new(value.clone()),
                    )),
                    _ => None,
                },
                _ => None,
            };
            let data_type = data_type.ok_or("the lambda gives a pair (key, value)")?;
            Ok(call.typed(format!("_map_of_pairs({})", call.args[0].sql), data_type))
        },
    },
    Function {
        names: &["map_concat", "map_update"],
        signature: "map_concat(map, map, …) -> map",
        help: "The members of all maps; the last of a key holds.",
        arguments: (1, 20),
        build: |call| {
            let all = crate::typed::unified(call.args)?;
            let data_type = all
                .first()
                .map_or(DataType::Json, |map| map.data_type.inner().clone());
            let list: Vec<_> = all.iter().map(|map| map.sql.as_str()).collect();
            Ok(call.typed(format!("_map_concat({})", list.join(", ")), data_type))
        },
    },
];

pub(in crate::functions) const NATIVE: &[Native] = &[
    native(
        "map_add(map, map, map…) -> map",
        "The values of equal keys added up.",
        |a| combined(a, Op::Add),
    ),
    native(
        "map_subtract(map, map, map…) -> map",
        "The values of equal keys subtracted from the first.",
        |a| combined(a, Op::Subtract),
    ),
    native("map_sort(map) -> map", "By key.", |a| {
        let mut all = members(a.text(0)?);
        all.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(object(
            all.iter().map(|(key, json)| (key.as_str(), json.get())),
        ))
    }),
    native(
        "map_contains_key_like(map, string) -> bool",
        "Whether a key is like the pattern.",
        |a| {
            let pattern = super::super::text::pattern::Like::new(a.text(1)?);
            Ok(members(a.text(0)?)
                .iter()
                .any(|(key, _)| pattern.matches(key))
                .into())
        },
    ),
    native(
        "map_extract_key_like(map, string) -> map",
        "The members whose key is like the pattern.",
        |a| {
            let pattern = super::super::text::pattern::Like::new(a.text(1)?);
            let all = members(a.text(0)?);
            let kept = all.iter().filter(|(key, _)| pattern.matches(key));
            Ok(object(kept.map(|(key, json)| (key.as_str(), json.get()))))
        },
    ),
    native("_map_filter(map, array) -> map", "", |a| {
        let mask = super::array::truths(a, 1)?;
        let all = members(a.text(0)?);
        let kept = all.iter().zip(mask).filter(|(_, keep)| *keep);
        Ok(object(
            kept.map(|((key, json), _)| (key.as_str(), json.get())),
        ))
    }),
];

fn map(call: &Call<'_>, index: usize) -> Result<(DataType, DataType), String> {
    match call.args[index].data_type.inner() {
        DataType::Map(key, value) => Ok((key.as_ref().clone(), value.as_ref().clone())),
        other => Err(format!("argument {} is a map, not {other}", index + 1)),
    }
}

fn of_pairs(call: &Call<'_>) -> Result<Typed, String> {
    if !call.args.len().is_multiple_of(2) {
        return Err("takes pairs of key and value".to_string());
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
}

fn of_arrays(call: &Call<'_>) -> Result<Typed, String> {
    let data_type = DataType::Map(Box::new(item(call, 0)?), Box::new(item(call, 1)?));
    Ok(call.typed(format!("_map_of_arrays({})", call.list()), data_type))
}

fn object<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>) -> Out {
    let entries = entries.map(|(key, json)| format!("{}:{json}", serde_json::Value::from(key)));
    Out::Text(format!("{{{}}}", entries.collect::<Vec<_>>().join(",")))
}

fn combined(a: &Args<'_>, op: Op) -> Result<Out, String> {
    let value_type = |index: usize| match a.data_type(index) {
        DataType::Map(_, value) => value.as_ref(),
        other => other,
    };
    let result = value_type(0);
    let mut total: BTreeMap<String, String> = BTreeMap::new();
    for index in 0..a.len() {
        for (key, json) in members(a.text(index)?) {
            let value = decode(json.get(), value_type(index));
            let before = match total.get(&key) {
                Some(known) => decode(known, result),
                None => crate::codec::default_value(result),
            };
            let op = if index == 0 { Op::Add } else { op };
            let sum = arithmetic(op, (&before).into(), (&value).into(), result)?;
            total.insert(key, encode(ValueRef::from(&sum), result));
        }
    }
    Ok(object(
        total
            .iter()
            .map(|(key, json)| (key.as_str(), json.as_str())),
    ))
}
