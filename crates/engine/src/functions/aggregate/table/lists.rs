//! Many values: lists, sets, the most frequent, the greatest.

use super::super::{
    Kind,
    definition::{Build, Definition, Result},
    gather,
};

pub(super) const AGGREGATES: &[Definition] = &[
    aggregate!(
        ["group_array", "array_agg"],
        "group_array(any[, n]) -> array",
        "All values, or the first n.",
        (1, 2),
        Build::Parameter(Kind::List, Result::Array, 1e6, 0.0)
    ),
    aggregate!(
        ["group_uniq_array"],
        "group_uniq_array(any[, n]) -> array",
        "All different values, or n of them.",
        (1, 2),
        Build::Parameter(Kind::Set, Result::Array, 1e6, 0.0)
    ),
    aggregate!(
        ["top_k", "top_k_exact"],
        "top_k(any[, n[, counted]]) -> array",
        "The n most frequent values, 10 by default; if the third argument is true, as (value, count, 0).",
        (1, 4),
        Build::Top
    ),
    aggregate!(
        ["group_array_sorted"],
        "group_array_sorted(any[, n]) -> array",
        "All values, or the n least, in order.",
        (1, 2),
        Build::Rule(&gather::SORTED)
    ),
    aggregate!(
        ["group_array_last"],
        "group_array_last(any, n) -> array",
        "The last n values.",
        (2, 2),
        Build::Rule(&gather::LAST)
    ),
    aggregate!(
        ["group_array_sample"],
        "group_array_sample(any, n) -> array",
        "n values picked at random, of the same rows the same.",
        (2, 3),
        Build::Rule(&gather::SAMPLE)
    ),
    aggregate!(
        ["group_concat", "string_agg"],
        "group_concat(any[, separator]) -> string",
        "The values as text, with the separator between.",
        (1, 2),
        Build::Rule(&gather::CONCAT)
    ),
    aggregate!(
        ["moving_sum", "group_array_moving_sum"],
        "moving_sum(number[, n]) -> array",
        "The running sum for every value, of the last n values if n is given.",
        (1, 2),
        Build::Rule(&gather::MOVING_SUM)
    ),
    aggregate!(
        ["group_array_moving_avg"],
        "group_array_moving_avg(number[, n]) -> array(float64)",
        "The running sum for every value, of the last n values if n is given, divided by n or the number of values.",
        (1, 2),
        Build::Rule(&gather::MOVING_AVG)
    ),
    aggregate!(
        ["max_k"],
        "max_k(any, k[, context, …]) -> array",
        "The k greatest values, in tuples with what else of their rows is named.",
        (2, 20),
        Build::Rule(&gather::MAX_K)
    ),
    aggregate!(
        ["min_k"],
        "min_k(any, k[, context, …]) -> array",
        "The k least values, in tuples with what else of their rows is named.",
        (2, 20),
        Build::Rule(&gather::MIN_K)
    ),
    aggregate!(
        ["top_k_weighted", "top_k_exact_weighted"],
        "top_k_weighted(n)(any, weight) -> array",
        "The n values of the greatest sum of weights.",
        (3, 3),
        Build::Rule(&gather::TOP_K_WEIGHTED)
    ),
];
