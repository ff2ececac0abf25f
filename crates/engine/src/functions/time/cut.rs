//! Times cut to a unit: `to_start_of_hour` and its kind.

use super::{
    super::Function,
    shift::{start, unit, zoned},
};
use crate::typed::{Literal, Unit};

macro_rules! start {
    ($names:expr, $signature:literal, $count:literal, $unit:expr, $help:literal) => {
        Function {
            names: &$names,
            signature: concat!($signature, "(time[, 'zone']) -> time"),
            help: $help,
            arguments: (1, 2),
            build: |call| start(&zoned(call, 0, 1)?, $count, $unit),
        }
    };
}

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    start!(
        ["to_start_of_nanosecond"],
        "to_start_of_nanosecond",
        1,
        Unit::Nanosecond,
        "Cut to the nanosecond."
    ),
    start!(
        ["to_start_of_microsecond"],
        "to_start_of_microsecond",
        1,
        Unit::Microsecond,
        "Cut to the microsecond."
    ),
    start!(
        ["to_start_of_millisecond"],
        "to_start_of_millisecond",
        1,
        Unit::Millisecond,
        "Cut to the millisecond."
    ),
    Function {
        names: &["to_start_of_second"],
        signature: "to_start_of_second(time[, 'zone']) -> time",
        help: "Cut to the second, of the same type.",
        arguments: (1, 2),
        build: |call| {
            let time = zoned(call, 0, 1)?;
            start(&time, 1, Unit::Second)?.cast(time.data_type.inner())
        },
    },
    start!(
        ["to_start_of_minute"],
        "to_start_of_minute",
        1,
        Unit::Minute,
        "Cut to the minute."
    ),
    start!(
        ["to_start_of_five_minutes", "to_start_of_five_minute"],
        "to_start_of_five_minutes",
        5,
        Unit::Minute,
        "Cut to five minutes."
    ),
    start!(
        ["to_start_of_ten_minutes"],
        "to_start_of_ten_minutes",
        10,
        Unit::Minute,
        "Cut to ten minutes."
    ),
    start!(
        ["to_start_of_fifteen_minutes"],
        "to_start_of_fifteen_minutes",
        15,
        Unit::Minute,
        "Cut to the quarter of an hour."
    ),
    start!(
        ["time_slot"],
        "time_slot",
        30,
        Unit::Minute,
        "Cut to half an hour."
    ),
    start!(
        ["to_start_of_hour"],
        "to_start_of_hour",
        1,
        Unit::Hour,
        "Cut to the hour."
    ),
    start!(
        ["to_start_of_day"],
        "to_start_of_day",
        1,
        Unit::Day,
        "Cut to the day."
    ),
    start!(
        ["to_start_of_month"],
        "to_start_of_month",
        1,
        Unit::Month,
        "The month's first day."
    ),
    start!(
        ["to_start_of_quarter"],
        "to_start_of_quarter",
        1,
        Unit::Quarter,
        "The quarter's first day."
    ),
    start!(
        ["to_start_of_year"],
        "to_start_of_year",
        1,
        Unit::Year,
        "The year's first day."
    ),
    Function {
        names: &["to_start_of_interval", "time_bucket"],
        signature: "to_start_of_interval(time, interval[, 'zone']) -> time",
        help: "Cut to a multiple of the interval: years and months from year 0, weeks from a Monday, hours from midnight, others from 1970.",
        arguments: (2, 3),
        build: |call| match call.args[1].literal {
            Literal::Interval(count, unit) if (1..=1_000_000).contains(&count) => {
                start(&zoned(call, 0, 2)?, count, unit)
            }
            _ => Err("argument 2 is an interval like 5m".to_string()),
        },
    },
    Function {
        names: &["date_trunc"],
        signature: "date_trunc('unit', time[, 'zone']) -> time",
        help: "Cut to the unit.",
        arguments: (2, 3),
        build: |call| start(&zoned(call, 1, 2)?, 1, unit(call, 0)?),
    },
];
