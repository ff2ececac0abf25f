//! Arithmetic of times, by units and by the calendar.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime, Timelike};
use rusqlite::{
    Connection,
    types::{Value, ValueRef},
};
use weir_api::DataType;

use super::{
    super::{parsed, scalar, text_arg},
    DATETIME,
};
use crate::{typed::Unit, value::convert};

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

pub(in crate::functions) fn register(conn: &Connection) -> rusqlite::Result<()> {
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
