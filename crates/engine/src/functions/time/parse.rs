//! Times read from text.

use weir_api::DataType;

use super::{
    super::{Call, Function, conversion},
    shift::zone_argument,
};
use crate::{
    typed::{Literal, Typed, escape},
    types,
};

/// By a pattern where there is one, else by guessing; for each what a failure gives.
macro_rules! parsers {
    ($($name:literal $(| $alias:literal)*, $how:literal, $failing:literal, $precision:expr, $help:literal;)*) => {
        &[$(Function {
            names: &[$name $(, $alias)*],
            signature: concat!($name, "(string[, …[, 'zone']]) -> time"),
            help: $help,
            arguments: (1, 3),
            build: |call| read(call, $how, $failing, $precision),
        }),*]
    };
}

pub(in crate::functions) const PARSERS: &[Function] = parsers! {
    "parse_datetime", "mysql", "error", None, "The time written by a pattern as format_datetime has them.";
    "parse_datetime_or_null", "mysql", "null", None, "As parse_datetime, NULL where it does not fit.";
    "parse_datetime_or_zero", "mysql", "zero", None, "As parse_datetime, 1970-01-01 where it does not fit.";
    "parse_datetime64", "mysql", "error", Some(6), "As parse_datetime, with microseconds.";
    "parse_datetime_in_joda_syntax", "joda", "error", None, "The time written by a pattern of Joda.";
    "parse_datetime_in_joda_syntax_or_null", "joda", "null", None, "As parse_datetime_in_joda_syntax, NULL where it does not fit.";
    "parse_datetime_in_joda_syntax_or_zero", "joda", "zero", None, "As parse_datetime_in_joda_syntax, 1970-01-01 where it does not fit.";
    "parse_datetime_best_effort" | "parse_datetime32_best_effort", "guess", "error", None, "The time, in most ways of writing one.";
    "parse_datetime_best_effort_or_null" | "parse_datetime32_best_effort_or_null", "guess", "null", None, "As parse_datetime_best_effort, NULL where it is none.";
    "parse_datetime_best_effort_or_zero" | "parse_datetime32_best_effort_or_zero", "guess", "zero", None, "As parse_datetime_best_effort, 1970-01-01 where it is none.";
    "parse_datetime_best_effort_us", "guess_us", "error", None, "As parse_datetime_best_effort, the month before the day.";
    "parse_datetime_best_effort_us_or_null", "guess_us", "null", None, "As parse_datetime_best_effort_us, NULL where it is none.";
    "parse_datetime_best_effort_us_or_zero", "guess_us", "zero", None, "As parse_datetime_best_effort_us, 1970-01-01 where it is none.";
    "parse_datetime64_best_effort", "guess", "error", Some(3), "The time with a fraction, in most ways of writing one.";
    "parse_datetime64_best_effort_or_null", "guess", "null", Some(3), "As parse_datetime64_best_effort, NULL where it is none.";
    "parse_datetime64_best_effort_or_zero", "guess", "zero", Some(3), "As parse_datetime64_best_effort, 1970-01-01 where it is none.";
    "parse_datetime64_best_effort_us", "guess_us", "error", Some(3), "As parse_datetime64_best_effort, the month before the day.";
};

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["to_time"],
        signature: "to_time(any[, 'zone'[, default]]) -> datetime64(3)",
        help: "The value as a time with milliseconds; text in most ways of writing a time, the month before the day.",
        arguments: (1, 3),
        build: |call| {
            let zone = zone_argument(call, 1)?;
            let to = DataType::DateTime64 { precision: 3, zone };
            if !types::is_text(&call.args[0].data_type) {
                return call.args[0].cast(&to);
            }
            let failing = if call.args.len() > 2 { "null" } else { "error" };
            let sql = format!(
                "_parse_time('guess_us {failing} {}', {}, '')",
                escape(&to.to_string()),
                call.text(0)?
            );
            let sql = match call.args.get(2) {
                Some(default) => format!("coalesce({sql}, {})", default.cast(&to)?.sql),
                None => sql,
            };
            Ok(call.typed(sql, to))
        },
    },
    Function {
        names: &["yyyymmddhhmmss_to_datetime"],
        signature: "yyyymmddhhmmss_to_datetime(integer[, 'zone']) -> datetime",
        help: "The time of a number like 20230911131415.",
        arguments: (1, 2),
        build: |call| {
            let to = DataType::DateTime {
                zone: zone_argument(call, 1)?,
            };
            let sql = format!(
                "_parse_time('mysql error {}', CAST({} AS TEXT), '%Y%m%d%H%i%S')",
                escape(&to.to_string()),
                call.int(0)?
            );
            Ok(call.typed(sql, to))
        },
    },
];

fn read(call: &Call<'_>, how: &str, failing: &str, precision: Option<u8>) -> Result<Typed, String> {
    let patterned = matches!(how, "mysql" | "joda");
    if patterned && call.args.len() < 2 {
        return Err("takes a text and a pattern".to_string());
    }
    let pattern = if patterned {
        call.text(1)?
    } else {
        "''".to_string()
    };
    let digits = matches!(
        call.args.get(1).map(|arg| &arg.literal),
        Some(Literal::Number(_))
    );
    let (precision, zone) = match precision {
        Some(_) if digits && !patterned => (
            Some(conversion::digits(call, 1, 9)?),
            zone_argument(call, 2)?,
        ),
        _ => (
            precision,
            zone_argument(call, if patterned { 2 } else { 1 })?,
        ),
    };
    let data_type = match precision {
        Some(precision) => DataType::DateTime64 { precision, zone },
        None => DataType::DateTime { zone },
    };
    let sql = format!(
        "_parse_time('{how} {failing} {}', {}, {pattern})",
        escape(&data_type.to_string()),
        call.text(0)?
    );
    let null = failing == "null" || call.nullable();
    Ok(Typed::new(sql, types::nullable_if(data_type, null)))
}
