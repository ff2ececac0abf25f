//! Arrays: taken apart, put together, searched and added up. Elements are kept in wire encoding,
//! in which equal elements are equal texts.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use rusqlite::types::{Value, ValueRef};
use serde_json::value::RawValue;
use weir_api::DataType;

use super::{
    super::{
        aggregate::Order,
        native::{Args, MAX_ITEMS, Native, Out, native},
    },
    values::{decode, encode},
};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "array_pop_back(array) -> array",
        "Without the last element.",
        |a| {
            let items = raw(a, 0)?;
            Ok(Out::array(&items[..items.len().saturating_sub(1)]))
        },
    ),
    native(
        "array_pop_front(array) -> array",
        "Without the first element.",
        |a| Ok(Out::array(raw(a, 0)?.iter().skip(1))),
    ),
    native(
        "array_slice(array, integer[, integer]) -> array",
        "Elements from the n-th, the first being 1, the last -1; a negative length leaves off so many at the end.",
        |a| {
            let items = raw(a, 0)?;
            let (first, end) = bounds(
                items.len(),
                a.int(1)?,
                if a.len() > 2 { Some(a.int(2)?) } else { None },
            );
            Ok(Out::array(&items[first..end]))
        },
    ),
    native(
        "array_resize(array, integer[, any]) -> array",
        "So many elements: cut, or filled up with the third or the type's zero; at the start where the number is negative.",
        |a| {
            let mut items: Vec<String> = raw(a, 0)?.into_iter().map(String::from).collect();
            let size = a.int(1)?;
            let length = bounded(size.abs())?;
            let filling = match a.len() {
                3 => encode(
                    ValueRef::from(&converted(a, 2, a.item_type(0))?),
                    a.item_type(0),
                ),
                _ => zero(a.item_type(0)),
            };
            let missing = length.saturating_sub(items.len());
            if size < 0 {
                items.splice(..0, std::iter::repeat_n(filling, missing));
                items.drain(..items.len() - length);
            } else {
                items.extend(std::iter::repeat_n(filling, missing));
                items.truncate(length);
            }
            Ok(Out::array(items))
        },
    ),
    native(
        "array_rotate_left(array, integer) -> array",
        "The first n elements moved to the end.",
        |a| rotated(a, a.int(1)?),
    ),
    native(
        "array_rotate_right(array, integer) -> array",
        "The last n elements moved to the start.",
        |a| rotated(a, -a.int(1)?),
    ),
    native(
        "array_shift_left(array, integer[, any]) -> array",
        "The first n elements dropped, the end filled up.",
        |a| shifted(a, a.int(1)?),
    ),
    native(
        "array_shift_right(array, integer[, any]) -> array",
        "The last n elements dropped, the start filled up.",
        |a| shifted(a, -a.int(1)?),
    ),
    native(
        "array_distinct(array) -> array",
        "Every different element once, without NULL.",
        |a| {
            let mut seen = HashSet::new();
            Ok(Out::array(
                raw(a, 0)?
                    .into_iter()
                    .filter(|item| *item != "null" && seen.insert(*item)),
            ))
        },
    ),
    native(
        "array_uniq(array, array…) -> uint32",
        "How many elements, or rows of elements, differ.",
        |a| {
            let rows = rows(a)?;
            Ok(rows.into_iter().collect::<HashSet<_>>().len().into())
        },
    ),
    native(
        "array_compact(array) -> array",
        "Equal neighbours once.",
        |a| {
            let mut items = raw(a, 0)?;
            items.dedup();
            Ok(Out::array(items))
        },
    ),
    native(
        "array_flatten|flatten(array) -> flat",
        "Arrays within arrays as one.",
        |a| {
            let mut items: Vec<String> = raw(a, 0)?.into_iter().map(String::from).collect();
            let mut data_type = a.item_type(0);
            while let DataType::Array(inner) = data_type {
                items = items
                    .iter()
                    .flat_map(|json| {
                        super::values::items(json)
                            .into_iter()
                            .map(|item| item.get().to_string())
                            .collect::<Vec<_>>()
                    })
                    .collect();
                data_type = inner;
            }
            Ok(Out::array(items))
        },
    ),
    native(
        "array_sort(array) -> array",
        "From the least to the greatest, NULL last.",
        |a| sorted(a, false),
    ),
    native(
        "array_reverse_sort(array) -> array",
        "From the greatest to the least, NULL last.",
        |a| sorted(a, true),
    ),
    native(
        "array_partial_sort(integer, array) -> array",
        "Sorted; the first so many places are all that counts.",
        |a| Ok(Out::array(in_order(raw(a, 1)?, a.item_type(1), false))),
    ),
    native(
        "index_of(array, any) -> uint64",
        "The first place of the element, from 1; 0 if nowhere.",
        |a| Ok(places(a)?.next().unwrap_or(0).into()),
    ),
    native(
        "count_equal(array, any) -> uint64",
        "How often the element occurs.",
        |a| Ok(places(a)?.count().into()),
    ),
    native(
        "has_all(array, array) -> bool",
        "Whether the first has every element of the second.",
        |a| {
            let (all, wanted) = pair(a)?;
            Ok(wanted.iter().all(|item| all.contains(item)).into())
        },
    ),
    native(
        "has_any(array, array) -> bool",
        "Whether the first has an element of the second.",
        |a| {
            let (all, wanted) = pair(a)?;
            Ok(wanted.iter().any(|item| all.contains(item)).into())
        },
    ),
    native(
        "has_substr(array, array) -> bool",
        "Whether the elements of the second follow each other in the first.",
        |a| {
            let (all, wanted) = pair(a)?;
            Ok((wanted.is_empty() || all.windows(wanted.len()).any(|part| part == wanted)).into())
        },
    ),
    native(
        "array_intersect(array, array…) -> array",
        "The different elements that all arrays have.",
        |a| {
            let others = (1..a.len())
                .map(|index| normal(a, index))
                .collect::<Result<Vec<_>, _>>()?;
            let mut seen = HashSet::new();
            let kept = normal(a, 0)?.into_iter();
            let kept = kept.filter(|item| {
                item != "null"
                    && others.iter().all(|other| other.contains(item))
                    && seen.insert(item.clone())
            });
            Ok(Out::array(kept.collect::<Vec<_>>()))
        },
    ),
    native(
        "array_union(array, array…) -> array",
        "The different elements of all arrays.",
        |a| {
            let mut seen = HashSet::new();
            let all = (0..a.len())
                .map(|index| normal(a, index))
                .collect::<Result<Vec<_>, _>>()?;
            let kept = all
                .into_iter()
                .flatten()
                .filter(|item| seen.insert(item.clone()));
            Ok(Out::array(kept.collect::<Vec<_>>()))
        },
    ),
    native(
        "array_except(array, array) -> array",
        "The elements of the first that the second has not.",
        |a| {
            let (all, others) = pair(a)?;
            Ok(Out::array(
                all.into_iter()
                    .filter(|item| !others.contains(item))
                    .collect::<Vec<_>>(),
            ))
        },
    ),
    native(
        "array_jaccard_index(array, array) -> float64",
        "The share of all different elements that both have.",
        |a| {
            let (x, y) = pair(a)?;
            let (x, y): (HashSet<_>, HashSet<_>) =
                (x.into_iter().collect(), y.into_iter().collect());
            Ok((x.intersection(&y).count() as f64 / x.union(&y).count() as f64).into())
        },
    ),
    native(
        "array_enumerate(array, array…) -> array(uint32)",
        "1, 2, 3, … for every element.",
        |a| Ok(Out::array((1..=a.items(0)?.len()).map(|n| n.to_string()))),
    ),
    native(
        "array_enumerate_uniq(array, array…) -> array(uint32)",
        "For every element how often it came up to there.",
        |a| {
            let mut seen: HashMap<Vec<String>, usize> = HashMap::new();
            let counts = rows(a)?.into_iter().map(|row| {
                let count = seen.entry(row).or_default();
                *count += 1;
                count.to_string()
            });
            Ok(Out::array(counts.collect::<Vec<_>>()))
        },
    ),
    native(
        "array_enumerate_dense(array, array…) -> array(uint32)",
        "For every element the number of its first appearance among different ones.",
        |a| {
            let mut seen: HashMap<Vec<String>, usize> = HashMap::new();
            let numbers = rows(a)?.into_iter().map(|row| {
                let next = seen.len() + 1;
                seen.entry(row).or_insert(next).to_string()
            });
            Ok(Out::array(numbers.collect::<Vec<_>>()))
        },
    ),
    native(
        "array_avg(array) -> float64",
        "The mean; NaN of no element.",
        |a| {
            let numbers = floats(a, 0)?;
            Ok((numbers.iter().sum::<f64>() / numbers.len() as f64).into())
        },
    ),
    native("array_product(array) -> float64", "The product.", |a| {
        Ok(floats(a, 0)?.iter().product::<f64>().into())
    }),
    native(
        "array_dot_product|dot_product(array, array) -> float64",
        "The sum of the products of elements at the same place.",
        |a| {
            let (x, y) = (floats(a, 0)?, floats(a, 1)?);
            same_length(x.len(), y.len())?;
            Ok(x.iter().zip(&y).map(|(x, y)| x * y).sum::<f64>().into())
        },
    ),
    native(
        "l1_distance|distance_l1(array, array) -> float64",
        "The sum of the differences at the same places.",
        |a| distance(a, |d| d.map(f64::abs).sum()),
    ),
    native(
        "l2_distance|distance_l2(array, array) -> float64",
        "The Euclidean distance.",
        |a| distance(a, |d| d.map(|d| d * d).sum::<f64>().sqrt()),
    ),
    native(
        "linf_distance|distance_linf(array, array) -> float64",
        "The greatest difference at the same place.",
        |a| distance(a, |d| d.map(f64::abs).fold(0.0, f64::max)),
    ),
    native(
        "l1_norm|norm_l1(array) -> float64",
        "The sum of the sizes.",
        |a| Ok(floats(a, 0)?.iter().map(|x| x.abs()).sum::<f64>().into()),
    ),
    native(
        "l2_norm|norm_l2(array) -> float64",
        "The Euclidean length.",
        |a| {
            Ok(floats(a, 0)?
                .iter()
                .map(|x| x * x)
                .sum::<f64>()
                .sqrt()
                .into())
        },
    ),
    native(
        "cosine_distance(array, array) -> float64",
        "1 - the cosine of the angle between both.",
        |a| {
            let (x, y) = (floats(a, 0)?, floats(a, 1)?);
            same_length(x.len(), y.len())?;
            let dot = x.iter().zip(&y).map(|(x, y)| x * y).sum::<f64>();
            let length = |v: &[f64]| v.iter().map(|x| x * x).sum::<f64>().sqrt();
            Ok((1.0 - dot / (length(&x) * length(&y))).into())
        },
    ),
    native("array_min(array) -> element", "The least element.", |a| {
        extreme(a, Ordering::Less)
    }),
    native(
        "array_max(array) -> element",
        "The greatest element.",
        |a| extreme(a, Ordering::Greater),
    ),
    native(
        "array_count(array) -> uint32",
        "How many elements are not 0.",
        |a| Ok(truths(a, 0)?.iter().filter(|t| **t).count().into()),
    ),
    native(
        "array_all(array) -> bool",
        "Whether no element is 0.",
        |a| Ok(truths(a, 0)?.iter().all(|t| *t).into()),
    ),
    native(
        "array_exists(array) -> bool",
        "Whether an element is not 0.",
        |a| Ok(truths(a, 0)?.iter().any(|t| *t).into()),
    ),
    native(
        "array_string_concat(array[, string]) -> string",
        "The elements as text with the separator between, without NULL.",
        |a| {
            let parts = raw(a, 0)?.into_iter().filter(|item| *item != "null");
            let parts = parts.map(|item| {
                let value = decode(item, a.item_type(0));
                crate::value::text(ValueRef::from(&value), a.item_type(0))
            });
            Ok(parts
                .collect::<Result<Vec<_>, _>>()?
                .join(a.text_or(1, "")?)
                .into())
        },
    ),
    native(
        "empty_array_to_single(array) -> array",
        "An array of the type's zero where it is empty.",
        |a| {
            let items = raw(a, 0)?;
            Ok(if items.is_empty() {
                Out::array([zero(a.item_type(0))])
            } else {
                Out::array(items)
            })
        },
    ),
    // The rest serves functions that take a lambda: its results are the second argument.
    native("_array_filter(array, array) -> array", "", |a| {
        let mask = truths(a, 1)?;
        Ok(Out::array(
            raw(a, 0)?
                .into_iter()
                .zip(mask)
                .filter(|(_, keep)| *keep)
                .map(|(item, _)| item),
        ))
    }),
    native("_array_first(array, array) -> element", "", |a| {
        found(a, false, false)
    }),
    native("_array_last(array, array) -> element", "", |a| {
        found(a, true, false)
    }),
    native("_array_first_or_null(array, array) -> element", "", |a| {
        found(a, false, true)
    }),
    native("_array_last_or_null(array, array) -> element", "", |a| {
        found(a, true, true)
    }),
    native("_array_first_index(array, array) -> uint32", "", |a| {
        Ok(truths(a, 1)?
            .iter()
            .position(|t| *t)
            .map_or(0, |at| at + 1)
            .into())
    }),
    native("_array_last_index(array, array) -> uint32", "", |a| {
        Ok(truths(a, 1)?
            .iter()
            .rposition(|t| *t)
            .map_or(0, |at| at + 1)
            .into())
    }),
    native("_array_sort(array, array) -> array", "", |a| {
        sorted_by(a, false)
    }),
    native("_array_reverse_sort(array, array) -> array", "", |a| {
        sorted_by(a, true)
    }),
    native("_array_fill(array, array) -> array", "", |a| {
        let (mut items, mask) = (raw(a, 0)?, truths(a, 1)?);
        for index in 1..items.len() {
            if !mask[index] {
                items[index] = items[index - 1];
            }
        }
        Ok(Out::array(items))
    }),
    native("_array_reverse_fill(array, array) -> array", "", |a| {
        let (mut items, mask) = (raw(a, 0)?, truths(a, 1)?);
        for index in (0..items.len().saturating_sub(1)).rev() {
            if !mask[index] {
                items[index] = items[index + 1];
            }
        }
        Ok(Out::array(items))
    }),
    native("_array_split(array, array) -> array(array)", "", |a| {
        let mut parts: Vec<Vec<&str>> = Vec::new();
        for (index, (item, cut)) in raw(a, 0)?.into_iter().zip(truths(a, 1)?).enumerate() {
            match parts.last_mut() {
                Some(part) if !(cut && index > 0) => part.push(item),
                _ => parts.push(vec![item]),
            }
        }
        Ok(Out::array(
            parts.iter().map(|part| format!("[{}]", part.join(","))),
        ))
    }),
    native(
        "_array_reverse_split(array, array) -> array(array)",
        "",
        |a| {
            let mut parts: Vec<Vec<&str>> = Vec::new();
            let mut open = false;
            for (item, cut) in raw(a, 0)?.into_iter().zip(truths(a, 1)?) {
                match parts.last_mut() {
                    Some(part) if open => part.push(item),
                    _ => parts.push(vec![item]),
                }
                open = !cut;
            }
            Ok(Out::array(
                parts.iter().map(|part| format!("[{}]", part.join(","))),
            ))
        },
    ),
];

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
    let filling = std::iter::repeat_n(filling, count);
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
    Ok((0..length)
        .map(|at| all.iter().map(|items| items[at].to_string()).collect())
        .collect())
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
    Ok(raw(a, index)?.into_iter().map(one).collect())
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
