//! Times, in UTC.

mod calendar;
pub(super) mod shift;
use weir_api::DataType;

pub(super) use self::calendar::register;
pub(crate) use self::shift::shift;
use self::shift::{moved, spec, start, time, unit};
use super::Function;
use crate::{
    typed::{Literal, Typed, Unit},
    types,
};

const DATETIME: DataType = DataType::DateTime { zone: None };

macro_rules! part {
    ($name:literal, $part:literal, $type:expr, $type_name:literal, $help:literal) => {
        Function {
            names: &[$name],
            signature: concat!($name, "(time) -> ", $type_name),
            help: $help,
            arguments: (1, 1),
            build: |call| {
                let time = time(call, 0)?;
                Ok(call.typed(
                    format!("_time_part('{} {}', {})", $part, spec(&time), time.sql),
                    $type,
                ))
            },
        }
    };
}

macro_rules! start {
    ($name:literal, $unit:expr, $help:literal) => {
        Function {
            names: &[$name],
            signature: concat!($name, "(time) -> time"),
            help: $help,
            arguments: (1, 1),
            build: |call| start(call, &time(call, 0)?, 1, $unit),
        }
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["now"],
        signature: "now() -> datetime",
        help: "The current time in whole seconds.",
        arguments: (0, 1),
        build: |call| Ok(Typed::new(format!("({} / 1000)", call.now_ms), DATETIME)),
    },
    Function {
        names: &["earliest_ts", "earliest_timestamp"],
        signature: "earliest_ts() -> datetime64(3)",
        help: "1970-01-01: WHERE _tp_time > earliest_ts() begins with a stream's first row.",
        arguments: (0, 0),
        build: |_| {
            Ok(Typed::new(
                "0",
                DataType::DateTime64 {
                    precision: 3,
                    zone: None,
                },
            ))
        },
    },
    Function {
        names: &["now64"],
        signature: "now64([digits]) -> datetime64",
        help: "The current time, three digits unless told.",
        arguments: (0, 2),
        build: |call| {
            let now = Typed::new(
                call.now_ms,
                DataType::DateTime64 {
                    precision: 3,
                    zone: None,
                },
            );
            match call.args.first().map(|arg| &arg.literal) {
                None => Ok(now),
                Some(Literal::Number(digits)) => {
                    let precision = digits
                        .parse()
                        .ok()
                        .filter(|p| *p <= 9)
                        .ok_or("digits are 0 to 9")?;
                    now.cast(&DataType::DateTime64 {
                        precision,
                        zone: None,
                    })
                }
                Some(_) => Err("digits are a number from 0 to 9".to_string()),
            }
        },
    },
    Function {
        names: &["today"],
        signature: "today() -> date",
        help: "The current day.",
        arguments: (0, 0),
        build: |call| {
            Ok(Typed::new(
                format!("({} / 86400000)", call.now_ms),
                DataType::Date,
            ))
        },
    },
    Function {
        names: &["yesterday"],
        signature: "yesterday() -> date",
        help: "The day before.",
        arguments: (0, 0),
        build: |call| {
            Ok(Typed::new(
                format!("({} / 86400000 - 1)", call.now_ms),
                DataType::Date,
            ))
        },
    },
    Function {
        names: &["to_unix_timestamp"],
        signature: "to_unix_timestamp(time) -> int64",
        help: "Seconds since 1970.",
        arguments: (1, 1),
        build: |call| time(call, 0)?.cast(&DATETIME)?.cast(&DataType::Int(64)),
    },
    Function {
        names: &["to_unix_timestamp64_milli"],
        signature: "to_unix_timestamp64_milli(time) -> int64",
        help: "Milliseconds since 1970.",
        arguments: (1, 1),
        build: |call| {
            let time = time(call, 0)?.cast(&DataType::DateTime64 {
                precision: 3,
                zone: None,
            })?;
            Ok(call.typed(time.sql, DataType::Int(64)))
        },
    },
    Function {
        names: &["from_unix_timestamp64_milli"],
        signature: "from_unix_timestamp64_milli(integer) -> datetime64(3)",
        help: "The time so many milliseconds after 1970.",
        arguments: (1, 1),
        build: |call| {
            Ok(call.typed(
                call.int(0)?,
                DataType::DateTime64 {
                    precision: 3,
                    zone: None,
                },
            ))
        },
    },
    part!("to_year", "year", DataType::UInt(16), "uint16", "The year."),
    part!(
        "to_quarter",
        "quarter",
        DataType::UInt(8),
        "uint8",
        "The quarter, from 1."
    ),
    part!(
        "to_month",
        "month",
        DataType::UInt(8),
        "uint8",
        "The month, from 1."
    ),
    part!(
        "to_day",
        "day",
        DataType::UInt(8),
        "uint8",
        "The day of the month."
    ),
    part!(
        "to_day_of_month",
        "day",
        DataType::UInt(8),
        "uint8",
        "The day of the month."
    ),
    part!(
        "to_day_of_week",
        "weekday",
        DataType::UInt(8),
        "uint8",
        "The day of the week, Monday being 1."
    ),
    part!(
        "to_day_of_year",
        "yearday",
        DataType::UInt(16),
        "uint16",
        "The day of the year, from 1."
    ),
    part!("to_hour", "hour", DataType::UInt(8), "uint8", "The hour."),
    part!(
        "to_minute",
        "minute",
        DataType::UInt(8),
        "uint8",
        "The minute."
    ),
    part!(
        "to_second",
        "second",
        DataType::UInt(8),
        "uint8",
        "The second."
    ),
    start!("to_start_of_second", Unit::Second, "Cut to the second."),
    start!("to_start_of_minute", Unit::Minute, "Cut to the minute."),
    start!("to_start_of_hour", Unit::Hour, "Cut to the hour."),
    start!("to_start_of_day", Unit::Day, "Cut to the day."),
    start!("to_start_of_week", Unit::Week, "The week's Monday."),
    start!("to_start_of_month", Unit::Month, "The month's first day."),
    start!(
        "to_start_of_quarter",
        Unit::Quarter,
        "The quarter's first day."
    ),
    start!("to_start_of_year", Unit::Year, "The year's first day."),
    Function {
        names: &["to_start_of_interval"],
        signature: "to_start_of_interval(time, interval) -> time",
        help: "Cut to a multiple of the interval.",
        arguments: (2, 2),
        build: |call| match call.args[1].literal {
            Literal::Interval(count, unit) if (1..=1_000_000).contains(&count) => {
                start(call, &time(call, 0)?, count, unit)
            }
            _ => Err("argument 2 is an interval like 5m".to_string()),
        },
    },
    Function {
        names: &["date_trunc"],
        signature: "date_trunc('unit', time) -> time",
        help: "Cut to the unit.",
        arguments: (2, 2),
        build: |call| start(call, &time(call, 1)?, 1, unit(call, 0)?),
    },
    Function {
        names: &["date_diff"],
        signature: "date_diff('unit', from, to) -> int64",
        help: "How many times a unit begins between two times.",
        arguments: (3, 3),
        build: |call| {
            let unit = unit(call, 0)?;
            let (from, to) = (time(call, 1)?, time(call, 2)?);
            let common = types::common(&from.data_type, &to.data_type)?;
            let (from, to) = (from.cast(&common)?, to.cast(&common)?);
            let spec = format!("{} {}", unit.name(), spec(&from));
            let sql = format!("_time_diff('{spec}', {}, {})", from.sql, to.sql);
            Ok(Typed::new(
                sql,
                types::nullable_if(DataType::Int(64), common.is_nullable()),
            ))
        },
    },
    Function {
        names: &["date_add"],
        signature: "date_add(time, interval) -> time",
        help: "Later by the interval; also date_add('unit', n, time).",
        arguments: (2, 3),
        build: |call| moved(call, 1),
    },
    Function {
        names: &["date_sub"],
        signature: "date_sub(time, interval) -> time",
        help: "Earlier by the interval; also date_sub('unit', n, time).",
        arguments: (2, 3),
        build: |call| moved(call, -1),
    },
    Function {
        names: &["format_datetime"],
        signature: "format_datetime(time, format) -> string",
        help: "As text: %Y %m %d %H %M %S and what strftime knows.",
        arguments: (2, 2),
        build: |call| {
            let time = time(call, 0)?;
            let sql = format!(
                "_time_format('x {}', {}, {})",
                spec(&time),
                time.sql,
                call.text(1)?
            );
            Ok(call.typed(sql, DataType::String))
        },
    },
];
