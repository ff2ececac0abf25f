//! Times. Their types know the zone in which they are shown and cut; the instants are the same.

mod calendar;
pub(super) mod change;
pub(super) mod cut;
mod fields;
pub(super) mod format;
mod guess;
mod joda;
pub(super) mod make;
pub(super) mod parse;
pub(super) mod part;
pub(super) mod shift;
pub(super) mod units;
pub(super) mod unix;

use rusqlite::Connection;
use weir_api::DataType;

pub(crate) use self::shift::shift;
use self::shift::{moved, spec, time, unit, zone_argument, zoned};
use super::{Call, Function};
use crate::{typed::Typed, types};

const DATETIME: DataType = DataType::DateTime { zone: None };

const fn datetime64(precision: u8) -> DataType {
    DataType::DateTime64 {
        precision,
        zone: None,
    }
}

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
        help: "The current time, with three digits by default.",
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
        help: "The time from its parts, with a fraction of three digits by default.",
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

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    calendar::register(conn)?;
    make::register(conn)
}
