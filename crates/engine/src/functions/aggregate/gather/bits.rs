//! Bits and maps, combined.

use rusqlite::types::Value;
use weir_api::DataType;

use super::{Rows, Rule, inner};
use crate::{functions::collection, typed::Typed, value::Num};

rule!(BIT_AND, bits_type, |rows| bits(rows, u64::MAX, |x, y| x
    & y));
rule!(BIT_OR, bits_type, |rows| bits(rows, 0, |x, y| x | y));

rule!(BIT_XOR, bits_type, |rows| bits(rows, 0, |x, y| x ^ y));

rule!(SUM_MAP, |args| map_type(args, true), |rows| maps(
    rows,
    |x, y| x + y
));

rule!(MIN_MAP, |args| map_type(args, false), |rows| maps(
    rows,
    f64::min
));

rule!(MAX_MAP, |args| map_type(args, false), |rows| maps(
    rows,
    f64::max
));

fn bits_type(args: &[Typed]) -> Result<DataType, String> {
    match inner(args)? {
        whole @ (DataType::Int(8..=64) | DataType::UInt(8..=64)) => Ok(whole),
        other => Err(format!("takes a whole number, not {other}")),
    }
}

fn bits(rows: &Rows<'_>, start: u64, combine: fn(u64, u64) -> u64) -> Result<Value, String> {
    let mut total = start;
    for row in rows.rows {
        let number = Num::read((&row[0]).into())?.and_then(|number| number.whole());
        total = combine(total, number.unwrap_or(0) as u64);
    }
    let number = match rows.result {
        DataType::Int(_) => i128::from(total.cast_signed()),
        _ => i128::from(total),
    };
    Num::Int(number).write(rows.result)
}

fn map_type(args: &[Typed], sum: bool) -> Result<DataType, String> {
    match inner(args)? {
        DataType::Map(key, value) if value.is_numeric() => {
            let value = if sum {
                super::super::sum_type(value.inner())
            } else {
                *value
            };
            Ok(DataType::Map(key, Box::new(value)))
        }
        other => Err(format!("takes a map of numbers, not {other}")),
    }
}

fn maps(rows: &Rows<'_>, combine: fn(f64, f64) -> f64) -> Result<Value, String> {
    let DataType::Map(_, value) = rows.result else {
        return Err("a map expected".to_string());
    };
    let mut total: std::collections::BTreeMap<String, f64> = std::collections::BTreeMap::new();
    for row in rows.rows {
        let Value::Text(json) = &row[0] else { continue };
        for (key, json) in collection::members(json) {
            let number = Num::parse(json.get()).map_or(f64::NAN, |number| number.float());
            total
                .entry(key)
                .and_modify(|known| *known = combine(*known, number))
                .or_insert(number);
        }
    }
    let mut members = Vec::with_capacity(total.len());
    for (key, number) in total {
        let number = Num::Float(number).write(value)?;
        members.push(format!(
            "{}:{}",
            serde_json::Value::from(key),
            collection::encode((&number).into(), value)
        ));
    }
    Ok(Value::Text(format!("{{{}}}", members.join(","))))
}
