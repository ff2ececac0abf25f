//! Values below which a share of the values lies.

use super::super::{
    Kind,
    definition::{Build, Definition, Result},
    gather,
};

pub(super) const AGGREGATES: &[Definition] = &[
    aggregate!(
        [
            "quantile",
            "quantile_tdigest",
            "quantile_deterministic",
            "quantile_t_digest",
            "quantile_interpolated"
        ],
        "quantile(number[, level]) -> float64",
        "The value below which a share (0 to 1, 0.5 by default) of the values lies; sampled beyond 65,536 values.",
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
        ["quantile_exact_weighted", "median_exact_weighted"],
        "quantile_exact_weighted(any, weight[, level]) -> any",
        "As quantile_exact, each value as often as its weight.",
        (2, 3),
        Build::Rule(&gather::QUANTILE_EXACT_WEIGHTED)
    ),
];
