//! Arrays: taken apart, put together, searched and added up. Elements are kept in wire encoding,
//! in which equal elements are equal texts.

pub(in crate::functions) mod lambda;
pub(in crate::functions) mod numbers;
pub(in crate::functions) mod search;
pub(in crate::functions) mod shape;

use std::cmp::Ordering;

use rusqlite::types::{Value, ValueRef};
use serde_json::value::RawValue;
use weir_api::DataType;

use super::{
    super::{
        aggregate::Order,
        native::{Args, MAX_ITEMS, Out, go_on, times},
    },
    values::{decode, encode},
};

/// The elements as they are written.
pub(super) fn raw<'a>(a: &Args<'a>, index: usize) -> Result<Vec<&'a str>, String> {
    Ok(a.items(index)?.into_iter().map(RawValue::get).collect())
}

pub(super) fn bounded(length: i128) -> Result<usize, String> {
    let length = usize::try_from(length)
        .ok()
        .filter(|length| *length <= MAX_ITEMS);
    length.ok_or_else(|| format!("an array has at most {MAX_ITEMS} elements"))
}

pub(super) fn same_length(left: usize, right: usize) -> Result<(), String> {
    if left == right {
        Ok(())
    } else {
        Err(format!("the arrays differ in length: {left} and {right}"))
    }
}

pub(super) fn zero(data_type: &DataType) -> String {
    encode(
        ValueRef::from(&crate::codec::default_value(data_type)),
        data_type,
    )
}

/// An argument as a value of a type.
fn converted(a: &Args<'_>, index: usize, to: &DataType) -> Result<Value, String> {
    crate::value::convert(a.raw(index), a.data_type(index), to)
}

/// Where a slice begins and ends.
fn bounds(length: usize, start: i128, count: Option<i128>) -> (usize, usize) {
    let total = length as i128;
    let first = if start > 0 { start - 1 } else { total + start };
    let end = match count {
        None => total,
        Some(count) if count < 0 => total + count,
        Some(count) => first.saturating_add(count),
    };
    let clamp = |n: i128| usize::try_from(n.clamp(0, total)).unwrap_or(0);
    let first = if start == 0 { total } else { first };
    (clamp(first), clamp(end).max(clamp(first)))
}

fn rotated(a: &Args<'_>, by: i128) -> Result<Out, String> {
    let mut items = raw(a, 0)?;
    if !items.is_empty() {
        let by = usize::try_from(by.rem_euclid(items.len() as i128)).unwrap_or(0);
        items.rotate_left(by);
    }
    Ok(Out::array(items))
}

fn shifted(a: &Args<'_>, by: i128) -> Result<Out, String> {
    let mut items: Vec<String> = raw(a, 0)?.into_iter().map(String::from).collect();
    let filling = match a.len() {
        3 => encode(
            ValueRef::from(&converted(a, 2, a.item_type(0))?),
            a.item_type(0),
        ),
        _ => zero(a.item_type(0)),
    };
    let count = usize::try_from(by.unsigned_abs())
        .unwrap_or(usize::MAX)
        .min(items.len());
    let filling = times(filling, count)?;
    if by < 0 {
        items.truncate(items.len() - count);
        items.splice(..0, filling);
    } else {
        items.drain(..count);
        items.extend(filling);
    }
    Ok(Out::array(items))
}

/// Elements at the same place of every array.
fn rows(a: &Args<'_>) -> Result<Vec<Vec<String>>, String> {
    let all = (0..a.len())
        .map(|index| raw(a, index))
        .collect::<Result<Vec<_>, _>>()?;
    let length = all.first().map_or(0, Vec::len);
    for items in &all {
        same_length(length, items.len())?;
    }
    (0..length)
        .map(|at| {
            go_on()?;
            Ok(all.iter().map(|items| items[at].to_string()).collect())
        })
        .collect()
}

/// The elements of two arrays so that equal ones are equal texts, whatever their numbers' types.
fn pair(a: &Args<'_>) -> Result<(Vec<String>, Vec<String>), String> {
    Ok((normal(a, 0)?, normal(a, 1)?))
}

fn normal(a: &Args<'_>, index: usize) -> Result<Vec<String>, String> {
    let data_type = a.item_type(index);
    let float = crate::types::is_float(data_type);
    let one = |item: &str| match item.parse::<f64>() {
        Ok(number) if float && number.fract() == 0.0 && number.abs() < 9e15 => {
            format!("{}", number as i64)
        }
        _ => item.to_string(),
    };
    let items = raw(a, index)?.into_iter();
    items.map(|item| go_on().map(|()| one(item))).collect()
}

/// The places, from 1, of the second argument.
fn places<'a>(a: &Args<'a>) -> Result<impl Iterator<Item = usize> + use<'a>, String> {
    let wanted = match converted(a, 1, a.item_type(0)) {
        Ok(value) => encode(ValueRef::from(&value), a.item_type(0)),
        // What is no value of the type occurs nowhere.
        Err(_) => String::new(),
    };
    let items = raw(a, 0)?.into_iter().enumerate();
    Ok(items
        .filter(move |(_, item)| *item == wanted)
        .map(|(index, _)| index + 1))
}

fn in_order<'a>(items: Vec<&'a str>, data_type: &DataType, descending: bool) -> Vec<&'a str> {
    let order = Order::of(data_type);
    let mut keyed: Vec<(Value, &str)> = items
        .into_iter()
        .map(|item| (decode(item, data_type), item))
        .collect();
    keyed.sort_by(|(left, _), (right, _)| compare(&order, left, right, descending));
    keyed.into_iter().map(|(_, item)| item).collect()
}

/// NULL comes last in both directions.
fn compare(order: &Order, left: &Value, right: &Value, descending: bool) -> Ordering {
    let null = |value: &Value| *value == Value::Null;
    null(left).cmp(&null(right)).then_with(|| {
        let found = order.compare(left.into(), right.into());
        if descending { found.reverse() } else { found }
    })
}

fn sorted(a: &Args<'_>, descending: bool) -> Result<Out, String> {
    Ok(Out::array(in_order(raw(a, 0)?, a.item_type(0), descending)))
}

fn sorted_by(a: &Args<'_>, descending: bool) -> Result<Out, String> {
    let (items, keys) = (raw(a, 0)?, raw(a, 1)?);
    same_length(items.len(), keys.len())?;
    let order = Order::of(a.item_type(1));
    let mut keyed: Vec<(Value, &str)> = keys
        .into_iter()
        .map(|key| decode(key, a.item_type(1)))
        .zip(items)
        .collect();
    keyed.sort_by(|(left, _), (right, _)| compare(&order, left, right, descending));
    Ok(Out::array(keyed.into_iter().map(|(_, item)| item)))
}

fn extreme(a: &Args<'_>, wanted: Ordering) -> Result<Out, String> {
    let data_type = a.item_type(0);
    let order = Order::of(data_type);
    let values = raw(a, 0)?
        .into_iter()
        .map(|item| decode(item, data_type))
        .filter(|value| *value != Value::Null);
    let best = values.reduce(|best, next| {
        if order.compare((&next).into(), (&best).into()) == wanted {
            next
        } else {
            best
        }
    });
    Ok(best
        .unwrap_or_else(|| crate::codec::default_value(data_type.inner()))
        .into())
}

/// The element where the second array holds, from one end.
fn found(a: &Args<'_>, last: bool, or_null: bool) -> Result<Out, String> {
    let mask = truths(a, 1)?;
    let at = if last {
        mask.iter().rposition(|t| *t)
    } else {
        mask.iter().position(|t| *t)
    };
    let items = raw(a, 0)?;
    Ok(match at.and_then(|at| items.get(at)) {
        Some(item) => decode(item, a.item_type(0)).into(),
        None if or_null => Out::Null,
        None => crate::codec::default_value(a.item_type(0)).into(),
    })
}

pub(super) fn floats(a: &Args<'_>, index: usize) -> Result<Vec<f64>, String> {
    let data_type = a.item_type(index);
    let number = |item: &str| {
        go_on()?;
        let value = decode(item, data_type);
        match crate::value::Num::read(ValueRef::from(&value)) {
            Ok(Some(number)) if data_type.is_numeric() || *data_type == DataType::Bool => {
                Ok(number.float())
            }
            _ => Err(format!("'{item}' is not a number")),
        }
    };
    raw(a, index)?
        .into_iter()
        .filter(|item| *item != "null")
        .map(number)
        .collect()
}

fn distance(a: &Args<'_>, sum: fn(&mut dyn Iterator<Item = f64>) -> f64) -> Result<Out, String> {
    let (x, y) = (floats(a, 0)?, floats(a, 1)?);
    same_length(x.len(), y.len())?;
    Ok(sum(&mut x.iter().zip(&y).map(|(x, y)| x - y)).into())
}

/// Which elements count as true.
pub(super) fn truths(a: &Args<'_>, index: usize) -> Result<Vec<bool>, String> {
    let truth = |item: &str| !matches!(item, "0" | "false" | "null" | "0.0" | "-0.0" | "\"\"");
    Ok(raw(a, index)?.into_iter().map(truth).collect())
}
