//! Counts, sums, extremes, and one value of many.

use super::super::{
    Kind,
    definition::{Build, Definition, Result},
    gather,
};

pub(super) const AGGREGATES: &[Definition] = &[
    aggregate!(
        ["count"],
        "count([any]) -> uint64",
        "Rows, or rows where the value is not NULL.",
        (0, 1),
        Build::Plain(Kind::Count, Result::Count)
    ),
    aggregate!(
        [
            "count_distinct",
            "uniq",
            "unique",
            "uniq_exact",
            "unique_exact",
            "uniq_combined",
            "unique_combined",
            "uniq_hll12",
            "unique_hll12",
            "uniq_combined64",
            "unique_combined64",
            "uniq_theta",
            "unique_theta",
            "approx_distinct"
        ],
        "count_distinct(any, …) -> uint64",
        "Different values, or rows of values, exactly.",
        (1, 20),
        Build::Plain(Kind::Distinct, Result::Count)
    ),
    aggregate!(
        ["sum", "sum_kahan"],
        "sum(number) -> number",
        "The exact sum; an error where it does not fit 64 bits.",
        (1, 1),
        Build::Plain(Kind::Sum, Result::Sum)
    ),
    aggregate!(
        ["avg"],
        "avg(number) -> float64",
        "The mean.",
        (1, 1),
        Build::Plain(Kind::Average, Result::Float)
    ),
    aggregate!(
        ["min"],
        "min(any) -> any",
        "The least value.",
        (1, 1),
        Build::Plain(Kind::Min, Result::Same)
    ),
    aggregate!(
        ["max"],
        "max(any) -> any",
        "The greatest value.",
        (1, 1),
        Build::Plain(Kind::Max, Result::Same)
    ),
    aggregate!(
        ["any", "any_value", "first_value", "earliest"],
        "earliest(any) -> any",
        "The value that came first.",
        (1, 1),
        Build::Plain(Kind::First, Result::Same)
    ),
    aggregate!(
        ["any_last", "last_value", "latest"],
        "latest(any) -> any",
        "The value that came last.",
        (1, 1),
        Build::Plain(Kind::Last, Result::Same)
    ),
    aggregate!(
        ["arg_min"],
        "arg_min(any, by) -> any",
        "The value where the second is least.",
        (2, 2),
        Build::Plain(Kind::ArgMin, Result::Same)
    ),
    aggregate!(
        ["arg_max"],
        "arg_max(any, by) -> any",
        "The value where the second is greatest.",
        (2, 2),
        Build::Plain(Kind::ArgMax, Result::Same)
    ),
    aggregate!(
        ["avg_weighted"],
        "avg_weighted(number, weight) -> float64",
        "The weighted mean.",
        (2, 2),
        Build::Rule(&gather::AVG_WEIGHTED)
    ),
    aggregate!(
        ["delta_sum"],
        "delta_sum(number) -> number",
        "The sum of the rises from value to value.",
        (1, 1),
        Build::Rule(&gather::DELTA_SUM)
    ),
    aggregate!(
        ["any_heavy"],
        "any_heavy(any) -> any",
        "The value of more than half of the rows, if there is one.",
        (1, 1),
        Build::Rule(&gather::ANY_HEAVY)
    ),
    aggregate!(
        ["single_value_or_null"],
        "single_value_or_null(any) -> nullable(any)",
        "The value where there is only one, else NULL.",
        (1, 1),
        Build::Rule(&gather::SINGLE)
    ),
    aggregate!(
        ["sum_count"],
        "sum_count(number) -> tuple",
        "The sum and the count.",
        (1, 1),
        Build::Rule(&gather::SUM_COUNT)
    ),
    aggregate!(
        ["group_bit_and"],
        "group_bit_and(integer) -> integer",
        "Bits set in all values.",
        (1, 1),
        Build::Rule(&gather::BIT_AND)
    ),
    aggregate!(
        ["group_bit_or"],
        "group_bit_or(integer) -> integer",
        "Bits set in one of the values.",
        (1, 1),
        Build::Rule(&gather::BIT_OR)
    ),
    aggregate!(
        ["group_bit_xor"],
        "group_bit_xor(integer) -> integer",
        "Bits set in an odd number of the values.",
        (1, 1),
        Build::Rule(&gather::BIT_XOR)
    ),
    aggregate!(
        ["unique_up_to", "uniq_up_to"],
        "unique_up_to(n)(any, …) -> uint8",
        "Different values; n + 1 where there are more than n.",
        (2, 20),
        Build::Rule(&gather::UNIQUE_UP_TO)
    ),
    aggregate!(
        ["sum_map"],
        "sum_map(map) -> map",
        "The values of equal keys added up.",
        (1, 1),
        Build::Rule(&gather::SUM_MAP)
    ),
    aggregate!(
        ["min_map"],
        "min_map(map) -> map",
        "The least value of each key.",
        (1, 1),
        Build::Rule(&gather::MIN_MAP)
    ),
    aggregate!(
        ["max_map"],
        "max_map(map) -> map",
        "The greatest value of each key.",
        (1, 1),
        Build::Rule(&gather::MAX_MAP)
    ),
];
