//! Elements added up: sums, distances, extremes.

use std::cmp::Ordering;

use super::{distance, extreme, floats, same_length, truths};
use crate::functions::native::{Native, native};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
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
        "l2_squared_distance|distance_l2_squared(array, array) -> float64",
        "The square of the Euclidean distance.",
        |a| distance(a, |d| d.map(|d| d * d).sum()),
    ),
    native(
        "lp_distance|distance_lp(array, array, float) -> float64",
        "The distance in the norm of that power, 1 at least.",
        |a| {
            let power = power(a.float(2)?)?;
            let (x, y) = (floats(a, 0)?, floats(a, 1)?);
            same_length(x.len(), y.len())?;
            let sum: f64 = x
                .iter()
                .zip(&y)
                .map(|(x, y)| (x - y).abs().powf(power))
                .sum();
            Ok(sum.powf(1.0 / power).into())
        },
    ),
    native(
        "l2_squared_norm|norm_l2_squared(array) -> float64",
        "The square of the Euclidean length.",
        |a| Ok(floats(a, 0)?.iter().map(|x| x * x).sum::<f64>().into()),
    ),
    native(
        "linf_norm|norm_linf(array) -> float64",
        "The greatest size.",
        |a| {
            Ok(floats(a, 0)?
                .iter()
                .fold(0.0, |most, x| x.abs().max(most))
                .into())
        },
    ),
    native(
        "lp_norm|norm_lp(array, float) -> float64",
        "The length in the norm of that power, 1 at least.",
        |a| {
            let power = power(a.float(1)?)?;
            let sum: f64 = floats(a, 0)?.iter().map(|x| x.abs().powf(power)).sum();
            Ok(sum.powf(1.0 / power).into())
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
];

fn power(power: f64) -> Result<f64, String> {
    match power >= 1.0 && power.is_finite() {
        true => Ok(power),
        false => Err("the power is a number from 1".to_string()),
    }
}
