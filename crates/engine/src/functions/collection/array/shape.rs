//! Arrays cut, turned, filled and put in order.

use std::collections::{HashMap, HashSet};

use rusqlite::types::ValueRef;
use weir_api::DataType;

use super::super::values::{decode, encode};
use super::{bounded, bounds, converted, in_order, raw, rotated, rows, shifted, sorted, zero};
use crate::functions::native::{Native, Out, joined, native, times};

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
            let filling = times(filling, missing)?;
            if size < 0 {
                items.splice(..0, filling);
                items.drain(..items.len() - length);
            } else {
                items.extend(filling);
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
        "array_string_concat(array[, string]) -> string",
        "The elements as text with the separator between, without NULL.",
        |a| {
            let parts = raw(a, 0)?.into_iter().filter(|item| *item != "null");
            let parts = parts.map(|item| {
                let value = decode(item, a.item_type(0));
                crate::value::text(ValueRef::from(&value), a.item_type(0))
            });
            let parts = parts.collect::<Result<Vec<_>, _>>()?;
            joined(&parts, a.text_or(1, "")?).map(Out::from)
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
                        super::super::values::items(json)
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
];
