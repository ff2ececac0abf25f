//! Names, types and help of the aggregates.

use super::{
    Kind,
    definition::{Build, Definition, Result},
    gather::{self, Rule},
};

macro_rules! aggregate {
    ($names:expr, $signature:literal, $help:literal, $arguments:expr, $build:expr) => {
        Definition {
            names: &$names,
            signature: $signature,
            help: $help,
            arguments: $arguments,
            build: $build,
        }
    };
}

const fn variance(sample: bool, root: bool) -> Build {
    Build::Plain(Kind::Variance { sample, root }, Result::Float)
}

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
        [
            "quantile",
            "quantile_tdigest",
            "quantile_deterministic",
            "quantile_t_digest",
            "quantile_interpolated"
        ],
        "quantile(number[, level]) -> float64",
        "The value below which a share (0 to 1, a half unless told) of the values lies; sampled beyond 65,536 values.",
        (1, 2),
        Build::Parameter(Kind::Quantile, Result::Float, 1.0, 0.5)
    ),
    aggregate!(
        ["median", "p50"],
        "median(number) -> float64",
        "quantile(number, 0.5)",
        (1, 1),
        Build::Level(0.5)
    ),
    aggregate!(
        ["p90"],
        "p90(number) -> float64",
        "quantile(number, 0.9)",
        (1, 1),
        Build::Level(0.9)
    ),
    aggregate!(
        ["p95"],
        "p95(number) -> float64",
        "quantile(number, 0.95)",
        (1, 1),
        Build::Level(0.95)
    ),
    aggregate!(
        ["p99"],
        "p99(number) -> float64",
        "quantile(number, 0.99)",
        (1, 1),
        Build::Level(0.99)
    ),
    aggregate!(
        ["stddev_pop", "stddev_pop_stable", "std"],
        "stddev_pop(number) -> float64",
        "Standard deviation of the population.",
        (1, 1),
        variance(false, true)
    ),
    aggregate!(
        ["stddev_samp", "stddev_samp_stable", "stddev"],
        "stddev_samp(number) -> float64",
        "Standard deviation of a sample.",
        (1, 1),
        variance(true, true)
    ),
    aggregate!(
        ["var", "var_pop", "variance", "var_pop_stable"],
        "var(number) -> float64",
        "Variance of the population.",
        (1, 1),
        variance(false, false)
    ),
    aggregate!(
        ["var_samp", "var_samp_stable"],
        "var_samp(number) -> float64",
        "Variance of a sample.",
        (1, 1),
        variance(true, false)
    ),
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
        "The n most frequent values, 10 unless told; where the third is true as (value, count, 0).",
        (1, 4),
        Build::Top
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
        ["quantile_exact", "median_exact", "quantile_timing"],
        "quantile_exact(any[, level]) -> any",
        "As quantile, always one of the values, and exact.",
        (1, 2),
        Build::Rule(&gather::QUANTILE_EXACT)
    ),
    aggregate!(
        ["quantile_exact_low", "median_exact_low"],
        "quantile_exact_low(any[, level]) -> any",
        "As quantile_exact, the lower of two values in the middle.",
        (1, 2),
        Build::Rule(&gather::QUANTILE_EXACT_LOW)
    ),
    aggregate!(
        ["quantile_exact_high", "median_exact_high"],
        "quantile_exact_high(any[, level]) -> any",
        "As quantile_exact, the higher of two values in the middle.",
        (1, 2),
        Build::Rule(&gather::QUANTILE_EXACT_HIGH)
    ),
    aggregate!(
        ["quantile_exact_inclusive"],
        "quantile_exact_inclusive(number[, level]) -> float64",
        "The quantile between the values, least and greatest among the levels.",
        (1, 2),
        Build::Rule(&gather::QUANTILE_INCLUSIVE)
    ),
    aggregate!(
        ["quantile_exact_exclusive"],
        "quantile_exact_exclusive(number[, level]) -> float64",
        "The quantile between the values, least and greatest beyond the levels.",
        (1, 2),
        Build::Rule(&gather::QUANTILE_EXCLUSIVE)
    ),
    aggregate!(
        [
            "quantiles",
            "quantiles_tdigest",
            "quantiles_t_digest",
            "quantiles_deterministic",
            "quantiles_interpolated"
        ],
        "quantiles(number, level, …) -> array(float64)",
        "A quantile for each level.",
        (2, 20),
        Build::Rule(&gather::QUANTILES)
    ),
    aggregate!(
        ["quantiles_exact", "quantiles_timing"],
        "quantiles_exact(any, level, …) -> array",
        "An exact quantile for each level.",
        (2, 20),
        Build::Rule(&gather::QUANTILES_EXACT)
    ),
    aggregate!(
        ["kurt_pop"],
        "kurt_pop(number) -> float64",
        "Kurtosis of the population.",
        (1, 1),
        Build::Rule(&gather::KURT_POP)
    ),
    aggregate!(
        ["kurt_samp"],
        "kurt_samp(number) -> float64",
        "Kurtosis of a sample.",
        (1, 1),
        Build::Rule(&gather::KURT_SAMP)
    ),
    aggregate!(
        ["skew_pop"],
        "skew_pop(number) -> float64",
        "Skewness of the population.",
        (1, 1),
        Build::Rule(&gather::SKEW_POP)
    ),
    aggregate!(
        ["skew_samp"],
        "skew_samp(number) -> float64",
        "Skewness of a sample.",
        (1, 1),
        Build::Rule(&gather::SKEW_SAMP)
    ),
    aggregate!(
        ["corr", "corr_stable"],
        "corr(number, number) -> float64",
        "The correlation after Pearson.",
        (2, 2),
        Build::Rule(&gather::CORR)
    ),
    aggregate!(
        ["covar_pop", "covar_pop_stable"],
        "covar_pop(number, number) -> float64",
        "Covariance of the population.",
        (2, 2),
        Build::Rule(&gather::COVAR_POP)
    ),
    aggregate!(
        ["covar_samp", "covar_samp_stable"],
        "covar_samp(number, number) -> float64",
        "Covariance of a sample.",
        (2, 2),
        Build::Rule(&gather::COVAR_SAMP)
    ),
    aggregate!(
        ["simple_linear_regression"],
        "simple_linear_regression(x, y) -> tuple(k float64, b float64)",
        "The line y = k x + b closest to the points.",
        (2, 2),
        Build::Rule(&gather::REGRESSION)
    ),
    aggregate!(
        ["avg_weighted"],
        "avg_weighted(number, weight) -> float64",
        "The weighted mean.",
        (2, 2),
        Build::Rule(&gather::AVG_WEIGHTED)
    ),
    aggregate!(
        ["entropy"],
        "entropy(any, …) -> float64",
        "Shannon's entropy in bits.",
        (1, 20),
        Build::Rule(&gather::ENTROPY)
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
        "For every value the sum up to there, of the last n where told.",
        (1, 2),
        Build::Rule(&gather::MOVING_SUM)
    ),
    aggregate!(
        ["group_array_moving_avg"],
        "group_array_moving_avg(number[, n]) -> array(float64)",
        "For every value the sum up to there, of the last n where told, divided by n or the number of values.",
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
        ["histogram"],
        "histogram(number, n) -> array(tuple(float64, float64, float64))",
        "n bins, 250 at most: lower edge, upper edge and height of each.",
        (2, 2),
        Build::Rule(&gather::HISTOGRAM)
    ),
    aggregate!(
        ["largest_triangle_three_buckets", "lttb"],
        "largest_triangle_three_buckets(x, y, n) -> array(tuple)",
        "n points that keep the shape of the line through all.",
        (3, 3),
        Build::Rule(&gather::LTTB)
    ),
    aggregate!(
        ["avg_time_weighted"],
        "avg_time_weighted(number, time[, end]) -> float64",
        "The mean, each value weighing as long as it held.",
        (2, 3),
        Build::Rule(&gather::AVG_TIME)
    ),
    aggregate!(
        ["median_time_weighted"],
        "median_time_weighted(number, time[, end]) -> float64",
        "The median, each value weighing as long as it held.",
        (2, 3),
        Build::Rule(&gather::MEDIAN_TIME)
    ),
    aggregate!(
        ["xirr"],
        "xirr(number, date[, guess]) -> float64",
        "The yearly rate of return of payments.",
        (2, 3),
        Build::Rule(&gather::XIRR)
    ),
    aggregate!(
        ["retention"],
        "retention(condition, …) -> array(uint8)",
        "For each condition whether it and the first one hold for a row.",
        (1, 32),
        Build::Rule(&gather::RETENTION)
    ),
    aggregate!(
        ["window_funnel"],
        "window_funnel(seconds)(time, condition, …) -> uint8",
        "How many of the conditions hold one after the other within so many seconds of the first.",
        (3, 34),
        Build::Rule(&gather::WINDOW_FUNNEL)
    ),
    aggregate!(
        ["exponential_moving_average"],
        "exponential_moving_average(half)(number, time) -> float64",
        "The mean at the last time, each value weighing half as much after so many units of time.",
        (3, 3),
        Build::Rule(&gather::MOVING_EXPONENTIAL)
    ),
    aggregate!(
        ["top_k_weighted", "top_k_exact_weighted"],
        "top_k_weighted(n)(any, weight) -> array",
        "The n values of the greatest sum of weights.",
        (3, 3),
        Build::Rule(&gather::TOP_K_WEIGHTED)
    ),
    aggregate!(
        ["quantile_exact_weighted", "median_exact_weighted"],
        "quantile_exact_weighted(any, weight[, level]) -> any",
        "As quantile_exact, each value as often as its weight.",
        (2, 3),
        Build::Rule(&gather::QUANTILE_EXACT_WEIGHTED)
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

pub(crate) fn find(name: &str) -> Option<&'static Definition> {
    AGGREGATES.iter().find(|definition| {
        definition
            .names
            .iter()
            .any(|n| n.eq_ignore_ascii_case(name))
    })
}

/// Definitions with a rule are known by their place.
pub(super) fn rule(place: usize) -> Option<&'static Rule> {
    match AGGREGATES.get(place)?.build {
        Build::Rule(rule) => Some(rule),
        _ => None,
    }
}

pub(super) fn name(place: usize) -> &'static str {
    let definition = AGGREGATES.get(place);
    definition
        .and_then(|definition| definition.names.first())
        .copied()
        .unwrap_or_default()
}

pub(super) fn gathered(name: &str) -> Option<Kind> {
    let place = AGGREGATES
        .iter()
        .position(|definition| definition.names.first() == Some(&name))?;
    rule(place).map(|_| Kind::Gathered(place))
}
