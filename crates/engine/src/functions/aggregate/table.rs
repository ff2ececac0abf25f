//! Names, types and help of the aggregates.

use weir_api::DataType;

use super::{Kind, Spec};
use crate::{
    typed::{Literal, Typed},
    types,
};

pub(crate) struct Definition {
    pub(super) names: &'static [&'static str],
    pub(super) signature: &'static str,
    pub(super) help: &'static str,
    /// Least and most arguments.
    pub(crate) arguments: (usize, usize),
    build: Build,
}

enum Build {
    Plain(Kind, Result),
    /// A quantile of fixed level.
    Level(f64),
    /// The last argument is a number from 0 to the one given.
    Parameter(Kind, Result, f64),
}

#[derive(Clone, Copy)]
enum Result {
    Count,
    Same,
    Sum,
    Float,
    Array,
}

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
        ["count_distinct", "uniq", "unique", "uniq_exact"],
        "count_distinct(any) -> uint64",
        "Different values, exactly.",
        (1, 1),
        Build::Plain(Kind::Distinct, Result::Count)
    ),
    aggregate!(
        ["sum"],
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
        ["any", "first_value", "earliest"],
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
        ["quantile"],
        "quantile(number, level) -> float64",
        "The value below which a share (0 to 1) of the values lies; sampled beyond 65,536 values.",
        (2, 2),
        Build::Parameter(Kind::Quantile, Result::Float, 1.0)
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
        ["stddev", "stddev_pop"],
        "stddev(number) -> float64",
        "Standard deviation of the population.",
        (1, 1),
        variance(false, true)
    ),
    aggregate!(
        ["stddev_samp"],
        "stddev_samp(number) -> float64",
        "Standard deviation of a sample.",
        (1, 1),
        variance(true, true)
    ),
    aggregate!(
        ["var", "var_pop"],
        "var(number) -> float64",
        "Variance of the population.",
        (1, 1),
        variance(false, false)
    ),
    aggregate!(
        ["var_samp"],
        "var_samp(number) -> float64",
        "Variance of a sample.",
        (1, 1),
        variance(true, false)
    ),
    aggregate!(
        ["group_array"],
        "group_array(any) -> array",
        "All values.",
        (1, 1),
        Build::Plain(Kind::List, Result::Array)
    ),
    aggregate!(
        ["group_uniq_array"],
        "group_uniq_array(any) -> array",
        "All different values.",
        (1, 1),
        Build::Plain(Kind::Set, Result::Array)
    ),
    aggregate!(
        ["top_k"],
        "top_k(any, n) -> array",
        "The n most frequent values.",
        (2, 2),
        Build::Parameter(Kind::Top, Result::Array, 10_000.0)
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
];

pub(crate) fn find(name: &str) -> Option<&'static Definition> {
    AGGREGATES.iter().find(|definition| {
        definition
            .names
            .iter()
            .any(|n| n.eq_ignore_ascii_case(name))
    })
}

impl Definition {
    /// The description of a call and the arguments that rows have to bring.
    pub(crate) fn spec(&self, args: &[Typed]) -> std::result::Result<(Spec, Vec<Typed>), String> {
        let (kind, result, parameter, args) = match self.build {
            Build::Plain(kind, result) => (kind, result, 0.0, args),
            Build::Level(level) => (Kind::Quantile, Result::Float, level, args),
            Build::Parameter(kind, result, most) => {
                let (last, args) = args.split_last().ok_or("arguments are missing")?;
                let parameter = match &last.literal {
                    Literal::Number(text) => text.parse().ok().filter(|n| (0.0..=most).contains(n)),
                    _ => None,
                };
                let parameter = parameter
                    .ok_or_else(|| format!("the last argument is a number from 0 to {most}"))?;
                (kind, result, parameter, args)
            }
        };
        let input = args
            .first()
            .map_or(DataType::UInt(64), |arg| arg.data_type.inner().clone());
        let numeric = input.is_numeric() || input == DataType::Bool;
        let result = match result {
            Result::Count => DataType::UInt(64),
            Result::Same => input.clone(),
            Result::Array => DataType::Array(Box::new(input.clone())),
            Result::Sum | Result::Float if !numeric => {
                return Err(format!("takes a number, not {input}"));
            }
            Result::Float => DataType::Float64,
            Result::Sum => sum_type(&input),
        };
        let order = args
            .get(1)
            .map_or(&input, |arg| arg.data_type.inner())
            .clone();
        let spec = Spec {
            kind,
            parameter,
            input,
            result,
            order,
        };
        Ok((spec, args.to_vec()))
    }
}

fn sum_type(input: &DataType) -> DataType {
    match input {
        DataType::Int(bits) => DataType::Int((*bits).max(64)),
        DataType::UInt(bits) => DataType::UInt((*bits).max(64)),
        DataType::Bool => DataType::UInt(64),
        DataType::Decimal { precision, scale } => DataType::Decimal {
            precision: if *precision > 38 { 76 } else { 38 },
            scale: *scale,
        },
        other if types::is_float(other) => DataType::Float64,
        other => other.clone(),
    }
}

impl Spec {
    /// SQLite text of the result over no values, where that is not NULL.
    pub(crate) fn empty(&self) -> Option<String> {
        let value = match self.kind {
            Kind::Count | Kind::Distinct => return Some("0".to_string()),
            Kind::List | Kind::Set | Kind::Top => return Some("'[]'".to_string()),
            Kind::Sum => crate::value::Num::Int(0).write(&self.result).ok()?,
            _ => return None,
        };
        Some(crate::typed::sql_literal(&value))
    }
}
