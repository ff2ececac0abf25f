//! Arithmetic of times, by units and by the calendar of their zone.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveDateTime};
use chrono_tz::Tz;
use rusqlite::{
    Connection,
    types::{Value, ValueRef},
};
use weir_api::DataType;

use super::super::{parsed, scalar};
use crate::{typed::Unit, zone};

/// A first argument `<unit>*<count> <type>`.
struct Spec {
    unit: Unit,
    count: i64,
    data_type: DataType,
    zone: Tz,
}

const OUT_OF_RANGE: &str = "the time is out of range";
const DAY: i64 = 86_400;

impl Spec {
    fn parse(text: &str) -> Result<Self, String> {
        let (what, data_type) = text.split_once(' ').ok_or("a type expected")?;
        let (unit, count) = what.split_once('*').unwrap_or((what, "1"));
        let data_type = DataType::parse(data_type)?;
        Ok(Self {
            unit: Unit::parse(unit).ok_or("a unit expected")?,
            count: count.parse().map_err(|_| "a count expected")?,
            zone: zone::of(&data_type)?,
            data_type,
        })
    }

    /// Units of the type in a second.
    fn per_second(&self) -> i64 {
        match &self.data_type {
            DataType::DateTime64 { precision, .. } => 10i64.pow(u32::from(*precision)),
            _ => 1,
        }
    }

    /// What the clock shows, as seconds in UTC, and units beyond the second.
    fn shown(&self, units: i64) -> Result<(i64, i64), String> {
        if self.data_type == DataType::Date {
            return Ok((units.checked_mul(DAY).ok_or(OUT_OF_RANGE)?, 0));
        }
        let (seconds, rest) = (
            units.div_euclid(self.per_second()),
            units.rem_euclid(self.per_second()),
        );
        Ok((
            seconds.saturating_add(zone::offset(self.zone, seconds)),
            rest,
        ))
    }

    /// The contrary of [`Self::shown`].
    fn units(&self, shown: i64, rest: i64) -> Result<i64, String> {
        if self.data_type == DataType::Date {
            return Ok(shown.div_euclid(DAY));
        }
        let seconds = zone::instant(self.zone, shown);
        let units = seconds.checked_mul(self.per_second());
        units
            .and_then(|units| units.checked_add(rest))
            .ok_or_else(|| OUT_OF_RANGE.to_string())
    }

    /// Nanoseconds since 1970.
    fn nanos(&self, units: i64) -> i128 {
        let per_unit = match self.data_type {
            DataType::Date => 86_400_000_000_000,
            _ => 1_000_000_000 / self.per_second(),
        };
        i128::from(units) * i128::from(per_unit)
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

fn naive(shown: i64) -> Result<NaiveDateTime, String> {
    DateTime::from_timestamp(shown, 0)
        .map(|time| time.naive_utc())
        .ok_or_else(|| OUT_OF_RANGE.to_string())
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

/// The beginning of a number of units. Months count from year 0, weeks from a Monday, days from
/// 1970, hours from midnight, and what is shorter from 1970; weeks and what is longer give days.
fn truncated(spec: &Spec, units: i64) -> Result<i64, String> {
    let (shown, _) = spec.shown(units)?;
    let days = shown.div_euclid(DAY);
    if let Some(each) = months_of(spec.unit) {
        let each = each * spec.count;
        let start =
            month_start(months(naive(shown)?).div_euclid(each) * each).ok_or(OUT_OF_RANGE)?;
        return Ok(start.and_utc().timestamp().div_euclid(DAY));
    }
    match spec.unit {
        // 1970-01-05 was a Monday.
        Unit::Week => Ok((days - 4).div_euclid(7 * spec.count) * 7 * spec.count + 4),
        Unit::Day => spec.units(days.div_euclid(spec.count) * spec.count * DAY, 0),
        Unit::Hour => {
            let each = 3600 * spec.count;
            spec.units(
                days * DAY + shown.rem_euclid(DAY).div_euclid(each) * each,
                0,
            )
        }
        _ => {
            let nanos = i128::from(spec.unit.nanos().unwrap_or(1)) * i128::from(spec.count);
            let each = nanos * i128::from(spec.per_second()) / 1_000_000_000;
            let each = i64::try_from(each.max(1)).map_err(|_| "the interval is too long")?;
            Ok(units.div_euclid(each) * each)
        }
    }
}

/// Days and what is longer go by the calendar, what is shorter by the clock of UTC.
fn shifted(spec: &Spec, units: i64, count: i64) -> Result<i64, String> {
    if let Some(each) = months_of(spec.unit) {
        let (shown, rest) = spec.shown(units)?;
        let time = naive(shown)?;
        let months = count.checked_mul(each).ok_or(OUT_OF_RANGE)?;
        let by = Months::new(u32::try_from(months.unsigned_abs()).map_err(|_| OUT_OF_RANGE)?);
        let moved = if months < 0 {
            time.checked_sub_months(by)
        } else {
            time.checked_add_months(by)
        };
        return spec.units(moved.ok_or(OUT_OF_RANGE)?.and_utc().timestamp(), rest);
    }
    let seconds = match spec.unit {
        Unit::Day => Some(DAY),
        Unit::Week => Some(7 * DAY),
        _ => None,
    };
    if let Some(seconds) = seconds {
        let (shown, rest) = spec.shown(units)?;
        let shown = count
            .checked_mul(seconds)
            .and_then(|by| shown.checked_add(by));
        return spec.units(shown.ok_or(OUT_OF_RANGE)?, rest);
    }
    let by = i128::from(count)
        * i128::from(spec.unit.nanos().unwrap_or(0))
        * i128::from(spec.per_second())
        / 1_000_000_000;
    let by = i64::try_from(by).map_err(|_| OUT_OF_RANGE)?;
    units
        .checked_add(by)
        .ok_or_else(|| OUT_OF_RANGE.to_string())
}

/// How often a unit begins between two times.
fn difference(spec: &Spec, from: i64, to: i64) -> Result<i64, String> {
    if let Some(each) = months_of(spec.unit) {
        let count =
            |units: i64| Ok::<_, String>(months(naive(spec.shown(units)?.0)?).div_euclid(each));
        return Ok(count(to)? - count(from)?);
    }
    let days = match spec.unit {
        Unit::Day => Some((1, 0)),
        // Weeks begin on Monday.
        Unit::Week => Some((7, 3)),
        _ => None,
    };
    if let Some((each, first)) = days {
        let count = |units: i64| {
            Ok::<_, String>((spec.shown(units)?.0.div_euclid(DAY) + first).div_euclid(each))
        };
        return Ok(count(to)? - count(from)?);
    }
    let each = i128::from(spec.unit.nanos().unwrap_or(1));
    let count = |units: i64| spec.nanos(units).div_euclid(each);
    i64::try_from(count(to) - count(from)).map_err(|_| "the difference is out of range".to_string())
}

/// How many whole units lie between two times.
fn age(spec: &Spec, from: i64, to: i64) -> Result<i64, String> {
    if spec.nanos(from) > spec.nanos(to) {
        return Ok(-age(spec, to, from)?);
    }
    if let Some(each) = months_of(spec.unit) {
        let ((from, from_rest), (to, to_rest)) = (spec.shown(from)?, spec.shown(to)?);
        let (from, to) = (naive(from)?, naive(to)?);
        let within = |time: NaiveDateTime, rest: i64| (time.day(), time.time(), rest);
        let whole =
            months(to) - months(from) - i64::from(within(to, to_rest) < within(from, from_rest));
        return Ok(whole / each);
    }
    let mut count = difference(spec, from, to)?;
    while count > 0 && spec.nanos(shifted(spec, from, count)?) > spec.nanos(to) {
        count -= 1;
    }
    Ok(count)
}

pub(in crate::functions) fn register(conn: &Connection) -> rusqlite::Result<()> {
    scalar(conn, "_time_start", 2, |context| {
        let spec = parsed(context, Spec::parse)?;
        match units(context.get_raw(1))? {
            Some(units) => truncated(&spec, units).map(Value::Integer),
            None => Ok(Value::Null),
        }
    })?;
    let two = |name: &str, apply: fn(&Spec, i64, i64) -> Result<i64, String>| {
        scalar(conn, name, 3, move |context| {
            let spec = parsed(context, Spec::parse)?;
            match (units(context.get_raw(1))?, units(context.get_raw(2))?) {
                (Some(first), Some(second)) => apply(&spec, first, second).map(Value::Integer),
                _ => Ok(Value::Null),
            }
        })
    };
    two("_time_shift", shifted)?;
    two("_time_diff", difference)?;
    two("_time_age", age)
}
