//! Times, in UTC.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, Timelike};
use rusqlite::{
    Connection,
    types::{Value, ValueRef},
};
use weir_api::DataType;

use super::{Call, Function, parsed, scalar, text_arg};
use crate::{
    parse::interval::Unit,
    plan::{Literal, Typed, escape},
    types,
    value::convert,
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
            Literal::Interval(count, unit) if count > 0 => {
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

/// The argument as a time; text is read as one.
fn time(call: &Call<'_>, index: usize) -> Result<Typed, String> {
    let arg = &call.args[index];
    if arg.data_type.is_time() {
        return Ok(arg.clone());
    }
    if types::is_text(&arg.data_type) && !matches!(arg.literal, Literal::Interval(..)) {
        return arg.cast(&DataType::DateTime64 {
            precision: 3,
            zone: None,
        });
    }
    Err(format!(
        "argument {} is a time, not {}",
        index + 1,
        arg.data_type
    ))
}

fn unit(call: &Call<'_>, index: usize) -> Result<Unit, String> {
    match &call.args[index].literal {
        Literal::Text(name) => {
            Unit::parse(name).ok_or_else(|| format!("'{name}' is not a unit of time"))
        }
        _ => Err("the unit is a text in quotes, from 'millisecond' to 'year'".to_string()),
    }
}

fn spec(time: &Typed) -> String {
    escape(&time.data_type.inner().to_string())
}

fn start(call: &Call<'_>, time: &Typed, count: i64, unit: Unit) -> Result<Typed, String> {
    let calendar = matches!(unit, Unit::Week | Unit::Month | Unit::Quarter | Unit::Year);
    let data_type = match (unit, time.data_type.inner()) {
        _ if calendar => DataType::Date,
        (Unit::Nanosecond, _) => DataType::DateTime64 {
            precision: 9,
            zone: None,
        },
        (Unit::Microsecond, _) => DataType::DateTime64 {
            precision: 6,
            zone: None,
        },
        (Unit::Millisecond, _) => DataType::DateTime64 {
            precision: 3,
            zone: None,
        },
        (_, DataType::DateTime { zone } | DataType::DateTime64 { zone, .. }) => {
            DataType::DateTime { zone: zone.clone() }
        }
        _ => DATETIME,
    };
    let time = if calendar {
        time.clone()
    } else {
        time.cast(&data_type)?
    };
    let sql = format!(
        "_time_start('{}*{count} {}', {})",
        unit.name(),
        spec(&time),
        time.sql
    );
    Ok(Typed::new(
        sql,
        types::nullable_if(data_type, call.nullable()),
    ))
}

fn moved(call: &Call<'_>, sign: i64) -> Result<Typed, String> {
    if let [time_arg, interval] = call.args {
        return match interval.literal {
            Literal::Interval(count, unit) if time_arg.data_type.is_time() => {
                shift(time_arg, &(sign * count).to_string(), unit)
            }
            _ => Err("takes a time and an interval, or a unit, a number and a time".to_string()),
        };
    }
    let count = if sign < 0 {
        format!("-({})", call.int(1)?)
    } else {
        call.int(1)?
    };
    shift(&time(call, 2)?, &count, unit(call, 0)?)
}

/// `time` moved by `count` (SQLite text) units.
pub(crate) fn shift(time: &Typed, count: &str, unit: Unit) -> Result<Typed, String> {
    let finer = |precision: u8| DataType::DateTime64 {
        precision,
        zone: None,
    };
    let wanted = match unit {
        Unit::Nanosecond => finer(9),
        Unit::Microsecond => finer(6),
        Unit::Millisecond => finer(3),
        Unit::Second | Unit::Minute | Unit::Hour => DATETIME,
        Unit::Day | Unit::Week | Unit::Month | Unit::Quarter | Unit::Year => DataType::Date,
    };
    let time = time.cast(&types::common(&time.data_type, &wanted)?)?;
    let sql = format!(
        "_time_shift('{} {}', {}, {count})",
        unit.name(),
        spec(&time),
        time.sql
    );
    Ok(Typed::new(sql, time.data_type))
}

/// A first argument `<what> <type>`.
struct Spec {
    what: String,
    count: i64,
    data_type: DataType,
}

impl Spec {
    fn parse(text: &str) -> Result<Self, String> {
        let (what, data_type) = text.split_once(' ').ok_or("a type expected")?;
        let (what, count) = what.split_once('*').unwrap_or((what, "1"));
        Ok(Self {
            what: what.to_string(),
            count: count.parse().map_err(|_| "a count expected")?,
            data_type: DataType::parse(data_type)?,
        })
    }

    /// Units of the type in a day.
    fn per_day(&self) -> i64 {
        match &self.data_type {
            DataType::DateTime64 { precision, .. } => 86_400 * 10i64.pow(u32::from(*precision)),
            DataType::DateTime { .. } => 86_400,
            _ => 1,
        }
    }

    fn read(&self, value: ValueRef<'_>) -> Result<Option<NaiveDateTime>, String> {
        let Some(units) = units(value)? else {
            return Ok(None);
        };
        let per_day = self.per_day();
        let (days, rest) = (units.div_euclid(per_day), units.rem_euclid(per_day));
        let nanos_per_unit = 86_400_000_000_000 / per_day;
        let nanos = rest * if per_day == 1 { 0 } else { nanos_per_unit };
        days.checked_mul(86_400)
            .and_then(|seconds| seconds.checked_add(nanos / 1_000_000_000))
            .and_then(|seconds| {
                DateTime::from_timestamp(seconds, u32::try_from(nanos % 1_000_000_000).unwrap_or(0))
            })
            .map(|time| Some(time.naive_utc()))
            .ok_or_else(|| "the time is out of range".to_string())
    }

    fn write(&self, time: NaiveDateTime) -> Result<Value, String> {
        let nine = DataType::DateTime64 {
            precision: 9,
            zone: None,
        };
        let utc = time.and_utc();
        match (&self.data_type, utc.timestamp_nanos_opt()) {
            (DataType::DateTime64 { precision: 9, .. }, Some(nanos)) => Ok(Value::Integer(nanos)),
            (to, Some(nanos)) => convert(ValueRef::Integer(nanos), &nine, to),
            (to, None) => convert(ValueRef::Integer(utc.timestamp()), &DATETIME, to),
        }
    }
}

fn units(value: ValueRef<'_>) -> Result<Option<i64>, String> {
    match value {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(units) => Ok(Some(units)),
        ValueRef::Real(units) => Ok(Some(units as i64)),
        _ => Err("the value is not a time".to_string()),
    }
}

fn part(time: NaiveDateTime, part: &str) -> i64 {
    match part {
        "year" => time.year().into(),
        "quarter" => time.quarter().into(),
        "month" => time.month().into(),
        "day" => time.day().into(),
        "weekday" => time.weekday().number_from_monday().into(),
        "yearday" => time.ordinal().into(),
        "hour" => time.hour().into(),
        "minute" => time.minute().into(),
        _ => time.second().into(),
    }
}

/// Months since year 0.
fn months(time: NaiveDateTime) -> i64 {
    i64::from(time.year()) * 12 + i64::from(time.month0())
}

fn month_start(months: i64) -> Option<NaiveDateTime> {
    let year = i32::try_from(months.div_euclid(12)).ok()?;
    let month = u32::try_from(months.rem_euclid(12)).ok()? + 1;
    NaiveDate::from_ymd_opt(year, month, 1)?.and_hms_opt(0, 0, 0)
}

fn months_of(unit: Unit) -> Option<i64> {
    match unit {
        Unit::Month => Some(1),
        Unit::Quarter => Some(3),
        Unit::Year => Some(12),
        _ => None,
    }
}

fn truncated(spec: &Spec, value: ValueRef<'_>) -> Result<Value, String> {
    let unit = Unit::parse(&spec.what).ok_or("a unit expected")?;
    let Some(units) = units(value)? else {
        return Ok(Value::Null);
    };
    let per_day = spec.per_day();
    if let Some(months_each) = months_of(unit) {
        let each = months_each * spec.count;
        let time = spec.read(value)?.ok_or("a time expected")?;
        let start =
            month_start(months(time).div_euclid(each) * each).ok_or("the time is out of range")?;
        return Ok(Value::Integer(
            start.and_utc().timestamp().div_euclid(86_400),
        ));
    }
    if unit == Unit::Week {
        // 1970-01-01 was a Thursday.
        let days = units.div_euclid(per_day) + 3;
        return Ok(Value::Integer(
            days.div_euclid(7 * spec.count) * 7 * spec.count - 3,
        ));
    }
    let each = i128::from(unit.nanos().unwrap_or(1)) * i128::from(spec.count) * i128::from(per_day)
        / 86_400_000_000_000;
    let each = i64::try_from(each.max(1)).map_err(|_| "the interval is too long")?;
    Ok(Value::Integer(units.div_euclid(each) * each))
}

fn shifted(spec: &Spec, value: ValueRef<'_>, count: i64) -> Result<Value, String> {
    let unit = Unit::parse(&spec.what).ok_or("a unit expected")?;
    let Some(units) = units(value)? else {
        return Ok(Value::Null);
    };
    let failed = "the time is out of range";
    if let Some(each) = months_of(unit) {
        let time = spec.read(value)?.ok_or(failed)?;
        let months = count.checked_mul(each).ok_or(failed)?;
        let by = Months::new(u32::try_from(months.unsigned_abs()).map_err(|_| failed)?);
        let moved = if months < 0 {
            time.checked_sub_months(by)
        } else {
            time.checked_add_months(by)
        };
        return spec.write(moved.ok_or(failed)?);
    }
    let by = i128::from(count) * i128::from(unit.nanos().unwrap_or(0)) * i128::from(spec.per_day())
        / 86_400_000_000_000;
    let by = i64::try_from(by).map_err(|_| failed)?;
    units
        .checked_add(by)
        .map(Value::Integer)
        .ok_or_else(|| failed.to_string())
}

fn difference(spec: &Spec, from: ValueRef<'_>, to: ValueRef<'_>) -> Result<Value, String> {
    let unit = Unit::parse(&spec.what).ok_or("a unit expected")?;
    let (Some(from_units), Some(to_units)) = (units(from)?, units(to)?) else {
        return Ok(Value::Null);
    };
    if let Some(each) = months_of(unit) {
        let (Some(from), Some(to)) = (spec.read(from)?, spec.read(to)?) else {
            return Ok(Value::Null);
        };
        return Ok(Value::Integer(
            months(to).div_euclid(each) - months(from).div_euclid(each),
        ));
    }
    let nanos = |units: i64| i128::from(units) * (86_400_000_000_000 / i128::from(spec.per_day()));
    // Weeks begin on Monday.
    let offset = if unit == Unit::Week {
        3 * 86_400_000_000_000
    } else {
        0
    };
    let each = i128::from(unit.nanos().unwrap_or(1));
    let count = |units: i64| (nanos(units) + offset).div_euclid(each);
    i64::try_from(count(to_units) - count(from_units))
        .map(Value::Integer)
        .map_err(|_| "the difference is out of range".to_string())
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    scalar(conn, "_time_part", 2, |context| {
        let spec = parsed(context, Spec::parse)?;
        let time = spec.read(context.get_raw(1))?;
        Ok(time.map_or(Value::Null, |time| Value::Integer(part(time, &spec.what))))
    })?;
    scalar(conn, "_time_start", 2, |context| {
        truncated(&*parsed(context, Spec::parse)?, context.get_raw(1))
    })?;
    scalar(conn, "_time_shift", 3, |context| {
        let spec = parsed(context, Spec::parse)?;
        match units(context.get_raw(2))? {
            Some(count) => shifted(&spec, context.get_raw(1), count),
            None => Ok(Value::Null),
        }
    })?;
    scalar(conn, "_time_diff", 3, |context| {
        difference(
            &*parsed(context, Spec::parse)?,
            context.get_raw(1),
            context.get_raw(2),
        )
    })?;
    scalar(conn, "_time_format", 3, |context| {
        use std::fmt::Write as _;
        let spec = parsed(context, Spec::parse)?;
        let (Some(time), Some(format)) = (spec.read(context.get_raw(1))?, text_arg(context, 2)?)
        else {
            return Ok(Value::Null);
        };
        let mut text = String::new();
        write!(text, "{}", time.and_utc().format(format))
            .map_err(|_| format!("'{format}' is not a time format"))?;
        Ok(Value::Text(text))
    })
}
