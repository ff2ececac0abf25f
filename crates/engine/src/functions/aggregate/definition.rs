//! What an aggregate is called with, and what comes of it.

use weir_api::DataType;

use super::{
    Kind, Spec,
    gather::Rule,
    table::{gathered, name},
};
use crate::{
    codec,
    typed::{Literal, Typed},
    types,
};

pub(crate) struct Definition {
    pub(super) names: &'static [&'static str],
    pub(super) signature: &'static str,
    pub(super) help: &'static str,
    /// Least and most arguments.
    pub(crate) arguments: (usize, usize),
    pub(super) build: Build,
}

pub(super) enum Build {
    Plain(Kind, Result),
    /// A quantile of fixed level.
    Level(f64),
    /// The last argument is a number from 0 to the one given; the other number stands in for it.
    Parameter(Kind, Result, f64, f64),
    /// The most frequent values, with their counts where a third argument says so.
    Top,
    Rule(&'static Rule),
}

#[derive(Clone, Copy)]
pub(super) enum Result {
    Count,
    Same,
    Sum,
    Float,
    Array,
    /// Of tuples of value, count and error.
    Counted,
    /// By the definition's rule.
    Rule,
}

/// A number that is written out.
fn constant(arg: &Typed, most: f64) -> std::result::Result<f64, String> {
    let number = match &arg.literal {
        Literal::Number(text) => text.parse().ok().filter(|n| (0.0..=most).contains(n)),
        _ => None,
    };
    number.ok_or_else(|| format!("the last argument is a number from 0 to {most}"))
}

impl Definition {
    /// The description of a call and the arguments that rows have to bring.
    pub(crate) fn spec(&self, args: &[Typed]) -> std::result::Result<(Spec, Vec<Typed>), String> {
        let (kind, result, parameter, args) = match self.build {
            Build::Plain(kind, result) => (kind, result, 0.0, args),
            Build::Level(level) => (Kind::Quantile, Result::Float, level, args),
            Build::Parameter(kind, result, most, default) => match args.split_last() {
                Some((last, args)) if !args.is_empty() => {
                    (kind, result, constant(last, most)?, args)
                }
                _ => (kind, result, default, args),
            },
            Build::Top => {
                let length = args
                    .get(1)
                    .map_or(Ok(10.0), |arg| constant(arg, 10_000.0))?;
                let counted = args.get(2).is_some_and(|arg| {
                    arg.sql == "1" || arg.literal == Literal::Text("counts".into())
                });
                let result = if counted {
                    Result::Counted
                } else {
                    Result::Array
                };
                (Kind::Top, result, length, &args[..1])
            }
            Build::Rule(_) => {
                let kind = self.names.first().and_then(|name| gathered(name));
                (
                    kind.ok_or("an aggregate without its rule")?,
                    Result::Rule,
                    0.0,
                    args,
                )
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
            Result::Counted => DataType::Array(Box::new(DataType::Tuple(vec![
                (String::new(), input.clone()),
                (String::new(), DataType::UInt(64)),
                (String::new(), DataType::UInt(64)),
            ]))),
            Result::Rule => match self.build {
                Build::Rule(rule) => (rule.result)(args)?,
                _ => input.clone(),
            },
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
            unrolled: false,
            rows: super::Rows::Each,
        };
        Ok((spec, args.to_vec()))
    }
}

pub(crate) fn sum_type(input: &DataType) -> DataType {
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
    /// Whether the result over no values is not NULL even where the values may be.
    pub(crate) fn counts(&self) -> bool {
        matches!(
            self.kind,
            Kind::Count | Kind::Distinct | Kind::List | Kind::Set | Kind::Top
        ) || matches!(self.result, DataType::Array(_))
    }

    /// SQLite text of the result over no values: 0, NaN of a mean, the type's zero. NULL where a
    /// person made the aggregate.
    pub(crate) fn empty(&self) -> Option<String> {
        // What adds up is 0 of nothing, also where it is a float.
        let sums = [
            "any_heavy",
            "delta_sum",
            "entropy",
            "exponential_moving_average",
        ];
        let mean = matches!(
            self.kind,
            Kind::Average | Kind::Quantile | Kind::Variance { .. }
        );
        let gathered = matches!(self.kind, Kind::Gathered(_)) && self.result == DataType::Float64;
        let nan = mean || (gathered && !sums.contains(&name_of(self.kind)));
        match self.kind {
            Kind::Defined(_) => None,
            _ if nan => Some("'nan'".to_string()),
            Kind::Gathered(_) if name_of(self.kind) == "group_bit_and" => {
                let ones = match self.result {
                    DataType::UInt(bits) => crate::value::Num::Int((1i128 << bits) - 1),
                    _ => crate::value::Num::Int(-1),
                };
                Some(crate::typed::sql_literal(&ones.write(&self.result).ok()?))
            }
            _ => Some(crate::typed::sql_literal(&codec::default_value(
                &self.result,
            ))),
        }
    }
}

fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Gathered(place) => name(place),
        _ => "",
    }
}
