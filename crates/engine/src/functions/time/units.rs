//! Functions for each unit: `add_days`, `to_interval_day` and their kind.

use weir_api::DataType;

use super::{super::Function, shift::moved_by};
use crate::typed::{Literal, Typed, Unit};

macro_rules! shifts {
    ($($name:literal, $sign:literal, $unit:expr;)*) => {
        &[$(Function {
            names: &[$name],
            signature: concat!($name, "(time, number) -> time"),
            help: "The time moved by so many units.",
            arguments: (2, 2),
            build: |call| moved_by(call, $sign, $unit),
        }),*]
    };
}

macro_rules! intervals {
    ($($name:literal, $unit:expr;)*) => {
        &[$(Function {
            names: &[$name],
            signature: concat!($name, "(number) -> interval"),
            help: "An interval of so many units; the number is written out.",
            arguments: (1, 1),
            build: |call| match &call.args[0].literal {
                Literal::Number(text) => {
                    let count = text.parse().map_err(|_| "takes a whole number".to_string())?;
                    Ok(Typed {
                        literal: Literal::Interval(count, $unit),
                        ..Typed::new("NULL", DataType::String)
                    })
                }
                _ => Err("takes a number that is written out; add_days and its kind take any".to_string()),
            },
        }),*]
    };
}

pub(in crate::functions) const SHIFTS: &[Function] = shifts! {
    "add_nanoseconds", 1, Unit::Nanosecond;
    "add_microseconds", 1, Unit::Microsecond;
    "add_milliseconds", 1, Unit::Millisecond;
    "add_seconds", 1, Unit::Second;
    "add_minutes", 1, Unit::Minute;
    "add_hours", 1, Unit::Hour;
    "add_days", 1, Unit::Day;
    "add_weeks", 1, Unit::Week;
    "add_months", 1, Unit::Month;
    "add_quarters", 1, Unit::Quarter;
    "add_years", 1, Unit::Year;
    "subtract_nanoseconds", -1, Unit::Nanosecond;
    "subtract_microseconds", -1, Unit::Microsecond;
    "subtract_milliseconds", -1, Unit::Millisecond;
    "subtract_seconds", -1, Unit::Second;
    "subtract_minutes", -1, Unit::Minute;
    "subtract_hours", -1, Unit::Hour;
    "subtract_days", -1, Unit::Day;
    "subtract_weeks", -1, Unit::Week;
    "subtract_months", -1, Unit::Month;
    "subtract_quarters", -1, Unit::Quarter;
    "subtract_years", -1, Unit::Year;
};

pub(in crate::functions) const INTERVALS: &[Function] = intervals! {
    "to_interval_nanosecond", Unit::Nanosecond;
    "to_interval_microsecond", Unit::Microsecond;
    "to_interval_millisecond", Unit::Millisecond;
    "to_interval_second", Unit::Second;
    "to_interval_minute", Unit::Minute;
    "to_interval_hour", Unit::Hour;
    "to_interval_day", Unit::Day;
    "to_interval_week", Unit::Week;
    "to_interval_month", Unit::Month;
    "to_interval_quarter", Unit::Quarter;
    "to_interval_year", Unit::Year;
};
