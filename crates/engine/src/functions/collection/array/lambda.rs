//! What functions with lambdas are made of: an array and what the lambda gave for each element.

use super::{found, raw, sorted_by, truths};
use crate::functions::native::{Native, Out, native};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
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
