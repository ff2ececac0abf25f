//! Times. Their types know the zone in which they are shown and cut; the instants are the same.

mod calendar;
pub(super) mod format;
mod guess;
pub(super) mod make;
pub(super) mod part;
pub(super) mod shift;

use rusqlite::Connection;
use weir_api::DataType;

pub(crate) use self::shift::shift;
use self::shift::{moved, moved_by, spec, start, time, unit, zone_argument, zoned};
use super::{Call, Function};
use crate::{
    typed::{Literal, Typed, Unit},
    types,
};

const DATETIME: DataType = DataType::DateTime { zone: None };

const fn datetime64(precision: u8) -> DataType {
    DataType::DateTime64 {
        precision,
        zone: None,
    }
}

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

macro_rules! unix {
    ($to:literal, $from:literal, $precision:literal, $unit:literal) => {
        [
            Function {
                names: &[$to],
                signature: concat!($to, "(time) -> int64"),
                help: concat!($unit, " since 1970."),
                arguments: (1, 1),
                build: |call| {
                    let time = time(call, 0)?.cast(&datetime64($precision))?;
                    Ok(call.typed(time.sql, DataType::Int(64)))
                },
            },
            Function {
                names: &[$from],
                signature: concat!($from, "(integer[, 'zone']) -> datetime64"),
                help: concat!("The time so many ", $unit, " after 1970."),
                arguments: (1, 2),
                build: |call| {
                    let zone = zone_argument(call, 1)?;
                    Ok(call.typed(
                        call.int(0)?,
                        DataType::DateTime64 {
                            precision: $precision,
                            zone,
                        },
                    ))
                },
            },
        ]
    };
}

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

pub(super) const UNIX: &[[Function; 2]] = &[
    unix!(
        "to_unix_timestamp64_second",
        "from_unix_timestamp64_second",
        0,
        "Seconds"
    ),
    unix!(
        "to_unix_timestamp64_milli",
        "from_unix_timestamp64_milli",
        3,
        "Milliseconds"
    ),
    unix!(
        "to_unix_timestamp64_micro",
        "from_unix_timestamp64_micro",
        6,
        "Microseconds"
    ),
    unix!(
        "to_unix_timestamp64_nano",
        "from_unix_timestamp64_nano",
        9,
        "Nanoseconds"
    ),
];

pub(super) const SHIFTS: &[Function] = shifts! {
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

pub(super) const INTERVALS: &[Function] = intervals! {
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

pub(super) const PARSERS: &[Function] = parsers! {
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

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["now", "current_timestamp", "now_in_block"],
        signature: "now(['zone']) -> datetime",
        help: "The current time in whole seconds.",
        arguments: (0, 1),
        build: |call| {
            let zone = zone_argument(call, 0)?;
            Ok(Typed::new(
                format!("({} / 1000)", call.now_ms),
                DataType::DateTime { zone },
            ))
        },
    },
    Function {
        names: &["utc_timestamp"],
        signature: "utc_timestamp() -> datetime",
        help: "The current time in whole seconds, shown in UTC.",
        arguments: (0, 0),
        build: |call| Ok(Typed::new(format!("({} / 1000)", call.now_ms), DATETIME)),
    },
    Function {
        names: &["now64"],
        signature: "now64([digits[, 'zone']]) -> datetime64",
        help: "The current time, three digits unless told.",
        arguments: (0, 2),
        build: |call| {
            let now = Typed::new(call.now_ms, datetime64(3));
            let precision = if call.args.is_empty() {
                3
            } else {
                super::conversion::digits(call, 0, 9)?
            };
            now.cast(&DataType::DateTime64 {
                precision,
                zone: zone_argument(call, 1)?,
            })
        },
    },
    Function {
        names: &["today", "current_date"],
        signature: "today(['zone']) -> date",
        help: "The current day.",
        arguments: (0, 1),
        build: |call| day(call, 0),
    },
    Function {
        names: &["yesterday"],
        signature: "yesterday(['zone']) -> date",
        help: "The day before.",
        arguments: (0, 1),
        build: |call| day(call, 1),
    },
    Function {
        names: &["earliest_timestamp", "earliest_ts"],
        signature: "earliest_timestamp(['zone']) -> datetime64",
        help: "1970-01-01: before every row.",
        arguments: (0, 1),
        build: |call| {
            let zoned = DataType::DateTime64 {
                precision: 3,
                zone: zone_argument(call, 0)?,
            };
            Ok(Typed::new("0", zoned))
        },
    },
    Function {
        names: &["timezone", "server_timezone"],
        signature: "timezone() -> string",
        help: "The zone of times that name none: UTC.",
        arguments: (0, 0),
        build: |_| Ok(Typed::text("UTC")),
    },
    Function {
        names: &["to_timezone"],
        signature: "to_timezone(time, 'zone') -> time",
        help: "The same instant, shown and cut in another zone.",
        arguments: (2, 2),
        build: |call| match time(call, 0)? {
            date if *date.data_type.inner() == DataType::Date => {
                Err("a date has no zone".to_string())
            }
            _ => zoned(call, 0, 1),
        },
    },
    Function {
        names: &["to_unix_timestamp"],
        signature: "to_unix_timestamp(time[, 'zone']) -> uint32",
        help: "Seconds since 1970.",
        arguments: (1, 2),
        build: |call| {
            let seconds = zoned(call, 0, 1)?.cast(&DATETIME)?;
            Ok(call.typed(seconds.sql, DataType::Int(64)))
        },
    },
    Function {
        names: &["from_unix_timestamp"],
        signature: "from_unix_timestamp(integer[, 'format'[, 'zone']]) -> datetime | string",
        help: "The time so many seconds after 1970, as text where there is a format.",
        arguments: (1, 3),
        build: |call| {
            let time = call.typed(call.int(0)?, DATETIME);
            if call.args.len() == 1 {
                return Ok(time);
            }
            let args: Vec<_> = std::iter::once(time)
                .chain(call.args[1..].iter().cloned())
                .collect();
            super::built("format_datetime", &call.with(&args))
        },
    },
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
    Function {
        names: &["date_diff", "timestamp_diff"],
        signature: "date_diff('unit', from, to[, 'zone']) -> int64",
        help: "How many times a unit begins between two times.",
        arguments: (3, 4),
        build: |call| between(call, "_time_diff"),
    },
    Function {
        names: &["age"],
        signature: "age('unit', from, to[, 'zone']) -> int64",
        help: "How many whole units lie between two times.",
        arguments: (3, 4),
        build: |call| between(call, "_time_age"),
    },
    Function {
        names: &["date_add", "add_date", "timestamp_add"],
        signature: "date_add(time, interval) -> time",
        help: "Later by the interval; also date_add('unit', n, time).",
        arguments: (2, 3),
        build: |call| moved(call, 1),
    },
    Function {
        names: &["date_sub", "sub_date", "timestamp_sub"],
        signature: "date_sub(time, interval) -> time",
        help: "Earlier by the interval; also date_sub('unit', n, time).",
        arguments: (2, 3),
        build: |call| moved(call, -1),
    },
    Function {
        names: &["to_time"],
        signature: "to_time(any[, 'zone'[, default]]) -> datetime64(3)",
        help: "The value as a time with milliseconds; text in most ways of writing a time.",
        arguments: (1, 3),
        build: |call| {
            let zone = zone_argument(call, 1)?;
            let to = DataType::DateTime64 { precision: 3, zone };
            if !types::is_text(&call.args[0].data_type) {
                return call.args[0].cast(&to);
            }
            let failing = if call.args.len() > 2 { "null" } else { "error" };
            let sql = format!(
                "_parse_time('guess {failing} {}', {}, '')",
                crate::typed::escape(&to.to_string()),
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
        names: &["make_datetime"],
        signature: "make_datetime(year, month, day, hour, minute, second[, 'zone']) -> datetime",
        help: "The time of its parts.",
        arguments: (6, 7),
        build: |call| {
            made(
                call,
                6,
                DataType::DateTime {
                    zone: zone_argument(call, 6)?,
                },
            )
        },
    },
    Function {
        names: &["make_datetime64"],
        signature: "make_datetime64(year, month, day, hour, minute, second[, fraction[, digits[, 'zone']]]) -> datetime64",
        help: "The time of its parts, with a fraction of three digits unless told.",
        arguments: (6, 9),
        build: |call| {
            let precision = if call.args.len() > 7 {
                super::conversion::digits(call, 7, 9)?
            } else {
                3
            };
            let zone = zone_argument(call, 8)?;
            made(
                call,
                7.min(call.args.len()),
                DataType::DateTime64 { precision, zone },
            )
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
                crate::typed::escape(&to.to_string()),
                call.int(0)?
            );
            Ok(call.typed(sql, to))
        },
    },
    Function {
        names: &["to_utc_timestamp"],
        signature: "to_utc_timestamp(time, 'zone') -> time",
        help: "What a clock shows in the zone, as UTC.",
        arguments: (2, 2),
        build: |call| clocks(call, zone_argument(call, 1)?, None),
    },
    Function {
        names: &["from_utc_timestamp"],
        signature: "from_utc_timestamp(time, 'zone') -> time",
        help: "What a clock shows in UTC, as the zone's clock then does.",
        arguments: (2, 2),
        build: |call| clocks(call, None, zone_argument(call, 1)?),
    },
    Function {
        names: &["uuidv7_to_datetime"],
        signature: "uuidv7_to_datetime(uuid[, 'zone']) -> datetime64(3)",
        help: "The time in a UUID of version 7.",
        arguments: (1, 2),
        build: |call| stamped(call, "uuidv7_to_milliseconds"),
    },
    Function {
        names: &["ulid_string_to_datetime"],
        signature: "ulid_string_to_datetime(string[, 'zone']) -> datetime64(3)",
        help: "The time in a ULID.",
        arguments: (1, 2),
        build: |call| stamped(call, "ulid_to_milliseconds"),
    },
];

/// The current day in a zone, or so many before.
fn day(call: &Call<'_>, before: i64) -> Result<Typed, String> {
    let zone = zone_argument(call, 0)?;
    let now = Typed::new(
        format!("({} / 1000)", call.now_ms),
        DataType::DateTime { zone },
    );
    let today = now.cast(&DataType::Date)?;
    Ok(if before == 0 {
        today
    } else {
        Typed::new(format!("({} - {before})", today.sql), DataType::Date)
    })
}

fn between(call: &Call<'_>, function: &str) -> Result<Typed, String> {
    let unit = unit(call, 0)?;
    let (from, to) = (zoned(call, 1, 3)?, zoned(call, 2, 3)?);
    let common = types::common(&from.data_type, &to.data_type)?;
    let (from, to) = (from.cast(&common)?, to.cast(&common)?);
    let spec = format!("{} {}", unit.name(), spec(&from));
    let sql = format!("{function}('{spec}', {}, {})", from.sql, to.sql);
    Ok(Typed::new(
        sql,
        types::nullable_if(DataType::Int(64), common.is_nullable()),
    ))
}

/// Of numbers, by way of text.
fn made(call: &Call<'_>, parts: usize, data_type: DataType) -> Result<Typed, String> {
    let numbers: Result<Vec<_>, _> = (0..parts).map(|index| call.int(index)).collect();
    let mut numbers = numbers?;
    let fraction = if numbers.len() > 6 {
        numbers.pop()
    } else {
        None
    };
    let second = format!(
        "printf('%04d-%02d-%02d %02d:%02d:%02d', {})",
        numbers.join(", ")
    );
    let text = match (fraction, &data_type) {
        (Some(fraction), DataType::DateTime64 { precision, .. }) => {
            format!("({second} || printf('.%0{precision}d', {fraction}))")
        }
        _ => second,
    };
    Typed::new(text, types::nullable_if(DataType::String, call.nullable())).cast(&data_type)
}

/// What the clock of one zone shows, read as another zone's.
fn clocks(call: &Call<'_>, from: Option<String>, to: Option<String>) -> Result<Typed, String> {
    let precision = match call.args[0].data_type.inner() {
        DataType::DateTime64 { precision, .. } => *precision,
        _ => 3,
    };
    let typed = |zone| DataType::DateTime64 { precision, zone };
    let time = time(call, 0)?.cast(&typed(to))?;
    let text = time.cast(&DataType::String)?;
    text.cast(&typed(from))?.cast(&typed(None))
}

fn stamped(call: &Call<'_>, millis: &str) -> Result<Typed, String> {
    let zone = zone_argument(call, 1)?;
    let millis = super::built(millis, &call.with(&call.args[..1]))?;
    Ok(Typed::new(
        millis.sql,
        types::nullable_if(DataType::DateTime64 { precision: 3, zone }, call.nullable()),
    ))
}

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
            Some(super::conversion::digits(call, 1, 9)?),
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
        crate::typed::escape(&data_type.to_string()),
        call.text(0)?
    );
    let null = failing == "null" || call.nullable();
    Ok(Typed::new(sql, types::nullable_if(data_type, null)))
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    calendar::register(conn)?;
    make::register(conn)
}
