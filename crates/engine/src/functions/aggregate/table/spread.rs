//! How values are spread, and how two hang together.

use super::super::{
    Kind,
    definition::{Build, Definition, Result},
    gather,
};

const fn variance(sample: bool, root: bool) -> Build {
    Build::Plain(Kind::Variance { sample, root }, Result::Float)
}

pub(super) const AGGREGATES: &[Definition] = &[
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
        ["entropy"],
        "entropy(any, …) -> float64",
        "Shannon's entropy in bits.",
        (1, 20),
        Build::Rule(&gather::ENTROPY)
    ),
    aggregate!(
        ["histogram"],
        "histogram(number, n) -> array(tuple(float64, float64, float64))",
        "n bins, 250 at most: lower edge, upper edge and height of each.",
        (2, 2),
        Build::Rule(&gather::HISTOGRAM)
    ),
];
