//! Elements searched for, and arrays compared with each other.

use std::collections::HashSet;

use super::{normal, pair, places};
use crate::functions::native::{Native, Out, go_on, native};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "index_of(array, value) -> uint64",
        "The first place of the element, from 1; 0 if nowhere.",
        |a| Ok(places(a)?.next().unwrap_or(0).into()),
    ),
    native(
        "count_equal(array, value) -> uint64",
        "How often the element occurs.",
        |a| Ok(places(a)?.count().into()),
    ),
    native(
        "has_all(array, array) -> bool",
        "Whether the first has every element of the second.",
        |a| {
            let (all, wanted) = pair(a)?;
            let all: HashSet<_> = all.iter().collect();
            Ok(wanted.iter().all(|item| all.contains(item)).into())
        },
    ),
    native(
        "has_any(array, array) -> bool",
        "Whether the first has an element of the second.",
        |a| {
            let (all, wanted) = pair(a)?;
            let all: HashSet<_> = all.iter().collect();
            Ok(wanted.iter().any(|item| all.contains(item)).into())
        },
    ),
    native(
        "has_substr(array, array) -> bool",
        "Whether the elements of the second follow each other in the first.",
        |a| {
            let (all, wanted) = pair(a)?;
            let mut found = wanted.is_empty();
            for part in all.windows(wanted.len().max(1)) {
                go_on()?;
                found |= part == wanted;
                if found {
                    break;
                }
            }
            Ok(found.into())
        },
    ),
    native(
        "array_intersect(array, array…) -> array",
        "The different elements that all arrays have.",
        |a| {
            let others = (1..a.len())
                .map(|index| Ok(normal(a, index)?.into_iter().collect::<HashSet<_>>()))
                .collect::<Result<Vec<_>, String>>()?;
            let mut seen = HashSet::new();
            let kept = normal(a, 0)?.into_iter();
            let kept = kept.filter(|item| {
                others.iter().all(|other| other.contains(item)) && seen.insert(item.clone())
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
            let others: HashSet<_> = others.into_iter().collect();
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
];
