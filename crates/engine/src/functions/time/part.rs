//! Parts of times, in the zone of the time or in one that is named.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};
use weir_api::DataType;

use super::super::native::{Args, Native, Out, native};
use crate::{value::Num, zone};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native("to_year|year(time[, string]) -> uint16", "The year.", |a| {
        part(a, |t| t.year().into())
    }),
    native(
        "to_quarter|quarter(time[, string]) -> uint8",
        "The quarter, from 1.",
        |a| part(a, |t| t.quarter().into()),
    ),
    native(
        "to_month|month(time[, string]) -> uint8",
        "The month, from 1.",
        |a| part(a, |t| t.month().into()),
    ),
    native(
        "to_day|day|to_day_of_month|day_of_month(time[, string]) -> uint8",
        "The day of the month.",
        |a| part(a, |t| t.day().into()),
    ),
    native(
        "to_day_of_year|day_of_year(time[, string]) -> uint16",
        "The day of the year, from 1.",
        |a| part(a, |t| t.ordinal().into()),
    ),
    native("to_hour|hour(time[, string]) -> uint8", "The hour.", |a| {
        part(a, |t| t.hour().into())
    }),
    native(
        "to_minute|minute(time[, string]) -> uint8",
        "The minute.",
        |a| part(a, |t| t.minute().into()),
    ),
    native(
        "to_second|second(time[, string]) -> uint8",
        "The second.",
        |a| part(a, |t| t.second().into()),
    ),
    native(
        "to_millisecond|millisecond(time[, string]) -> uint16",
        "The milliseconds of the second.",
        |a| part(a, |t| (t.nanosecond() / 1_000_000).into()),
    ),
    native(
        "to_microsecond|microsecond(time[, string]) -> uint32",
        "The microseconds of the second.",
        |a| part(a, |t| (t.nanosecond() / 1_000).into()),
    ),
    native(
        "to_nanosecond|nanosecond(time[, string]) -> uint32",
        "The nanoseconds of the second.",
        |a| part(a, |t| t.nanosecond().into()),
    ),
    native(
        "to_day_of_week|day_of_week(time[, integer[, string]]) -> uint8",
        "The day of the week, Monday being 1; by mode 1 Monday is 0, by 2 Sunday 0, by 3 Sunday 1.",
        |a| {
            let weekday = local(a, 0, 2)?.weekday();
            Ok(match a.int_or(1, 0)? & 3 {
                0 => weekday.number_from_monday(),
                1 => weekday.num_days_from_monday(),
                2 => weekday.num_days_from_sunday(),
                _ => weekday.number_from_sunday(),
            }
            .into())
        },
    ),
    native(
        "to_yyyymm(time[, string]) -> uint32",
        "Year and month as one number.",
        |a| part(a, |t| i64::from(t.year()) * 100 + i64::from(t.month())),
    ),
    native(
        "to_yyyymmdd(time[, string]) -> uint32",
        "Year, month and day as one number.",
        |a| part(a, |t| yyyymmdd(t.date())),
    ),
    native(
        "to_yyyymmddhhmmss(time[, string]) -> uint64",
        "Year to second as one number.",
        |a| {
            part(a, |t| {
                yyyymmdd(t.date()) * 1_000_000
                    + i64::from(t.hour() * 10_000 + t.minute() * 100 + t.second())
            })
        },
    ),
    native(
        "to_week|week(time[, integer[, string]]) -> uint8",
        "The week of the year by MySQL mode, 0 by default: weeks begin on Sunday.",
        |a| Ok(i64::from(week(local(a, 0, 2)?.date(), mode(a)?).1).into()),
    ),
    native(
        "to_year_week|year_week|yearweek(time[, integer[, string]]) -> uint32",
        "Year and week as one number, by a mode of MySQL.",
        |a| {
            let (year, week) = week(local(a, 0, 2)?.date(), mode(a)? | 2);
            Ok((i64::from(year) * 100 + i64::from(week)).into())
        },
    ),
    native(
        "to_iso_week(time[, string]) -> uint8",
        "The week of ISO 8601.",
        |a| part(a, |t| t.iso_week().week().into()),
    ),
    native(
        "to_iso_year(time[, string]) -> uint16",
        "The year to which the week of ISO 8601 belongs.",
        |a| part(a, |t| t.iso_week().year().into()),
    ),
    native(
        "to_days_in_month(time[, string]) -> uint8",
        "How many days the month has.",
        |a| part(a, |t| t.num_days_in_month().into()),
    ),
    native(
        "to_relative_year_num(time[, string]) -> uint32",
        "Years since year 0.",
        |a| part(a, |t| t.year().into()),
    ),
    native(
        "to_relative_quarter_num(time[, string]) -> uint32",
        "Quarters since year 0.",
        |a| part(a, |t| i64::from(t.year()) * 4 + i64::from(t.quarter()) - 1),
    ),
    native(
        "to_relative_month_num(time[, string]) -> uint32",
        "Months since year 0.",
        |a| part(a, |t| i64::from(t.year()) * 12 + i64::from(t.month())),
    ),
    native(
        "to_relative_week_num(time[, string]) -> uint32",
        "Weeks since 1970.",
        |a| part(a, |t| (days(t.date()) + 3).div_euclid(7)),
    ),
    native(
        "to_relative_day_num(time[, string]) -> uint32",
        "Days since 1970.",
        |a| part(a, |t| days(t.date())),
    ),
    native(
        "to_relative_hour_num(time) -> uint32",
        "Hours since 1970.",
        |a| Ok((moment(a, 0)?.0.div_euclid(3600)).into()),
    ),
    native(
        "to_relative_minute_num(time) -> uint32",
        "Minutes since 1970.",
        |a| Ok((moment(a, 0)?.0.div_euclid(60)).into()),
    ),
    native(
        "to_relative_second_num(time) -> uint32",
        "Seconds since 1970.",
        |a| Ok(moment(a, 0)?.0.into()),
    ),
    native(
        "to_modified_julian_day(time) -> int32",
        "Days since 1858-11-17.",
        |a| part(a, |t| days(t.date()) + 40_587),
    ),
    native(
        "to_days_since_year_zero(time[, string]) -> uint32",
        "Days since 0000-01-01.",
        |a| part(a, |t| days(t.date()) + 719_528),
    ),
    native(
        "month_name(time[, string]) -> string",
        "The month's English name.",
        |a| Ok(local(a, 0, 1)?.format("%B").to_string().into()),
    ),
    native(
        "date_name(string, time[, string]) -> string",
        "A part of a time as text: 'year', 'month' and 'weekday' by name, …",
        |a| {
            let time = local(a, 1, 2)?;
            Ok(match a.text(0)?.to_ascii_lowercase().as_str() {
                "month" => time.format("%B").to_string(),
                "weekday" => time.format("%A").to_string(),
                "quarter" => time.quarter().to_string(),
                "week" => time.iso_week().week().to_string(),
                "dayofyear" => time.ordinal().to_string(),
                "year" => time.year().to_string(),
                "day" => time.day().to_string(),
                "hour" => time.hour().to_string(),
                "minute" => time.minute().to_string(),
                "second" => time.second().to_string(),
                other => return Err(format!("'{other}' is not a part of a time")),
            }
            .into())
        },
    ),
    native(
        "timezone_of|time_zone_of(time) -> string",
        "The name of the time's zone.",
        |a| Ok(zone::of(a.data_type(0))?.name().into()),
    ),
    native(
        "timezone_offset|time_zone_offset(time) -> int32",
        "Seconds by which the time's zone is then ahead of UTC.",
        |a| Ok(zone::offset(zone::of(a.data_type(0))?, moment(a, 0)?.0).into()),
    ),
];

/// Seconds since 1970, and nanoseconds; of a date at midnight in UTC.
pub(in crate::functions) fn moment(a: &Args<'_>, index: usize) -> Result<(i64, u32), String> {
    let out_of_range = || "the time is out of range".to_string();
    let units = match a.number(index)? {
        Num::Int(units) => i64::try_from(units).map_err(|_| out_of_range())?,
        other => other.float() as i64,
    };
    Ok(match a.data_type(index) {
        DataType::Date => (units.checked_mul(86_400).ok_or_else(out_of_range)?, 0),
        DataType::DateTime64 { precision, .. } => {
            let scale = 10i64.pow(u32::from((*precision).min(9)));
            let nanos = units.rem_euclid(scale) * (1_000_000_000 / scale);
            (units.div_euclid(scale), u32::try_from(nanos).unwrap_or(0))
        }
        _ => (units, 0),
    })
}

/// What a clock shows: in the zone named by an argument, else in that of the time.
pub(in crate::functions) fn local(
    a: &Args<'_>,
    index: usize,
    zone_index: usize,
) -> Result<NaiveDateTime, String> {
    let (seconds, nanos) = moment(a, index)?;
    let offset = match a.data_type(index) {
        DataType::Date => 0,
        _ if zone_index < a.len() => zone::offset(zone::parse(a.text(zone_index)?)?, seconds),
        other => zone::offset(zone::of(other)?, seconds),
    };
    let time = DateTime::from_timestamp(seconds.saturating_add(offset), nanos);
    time.map(|time| time.naive_utc())
        .ok_or_else(|| "the time is out of range".to_string())
}

fn part(a: &Args<'_>, part: fn(NaiveDateTime) -> i64) -> Result<Out, String> {
    Ok(part(local(a, 0, 1)?).into())
}

fn mode(a: &Args<'_>) -> Result<u8, String> {
    let mode = a.int_or(1, 0)?;
    u8::try_from(mode)
        .ok()
        .filter(|mode| *mode < 8)
        .ok_or_else(|| "the mode is a number from 0 to 7".to_string())
}

pub(super) fn days(date: NaiveDate) -> i64 {
    i64::from(date.num_days_from_ce()) - 719_163
}

fn yyyymmdd(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month() * 100 + date.day())
}

/// Year and week as MySQL counts: bit 1 of the mode begins weeks on Monday, bit 2 never gives week
/// 0, bit 4 turns over whether the first week has to have four days.
fn week(date: NaiveDate, mode: u8) -> (i32, u32) {
    let monday = mode & 1 != 0;
    let mut no_zero = mode & 2 != 0;
    let whole = (mode & 4 != 0) == monday;
    let days_in = |year: i32| {
        if NaiveDate::from_ymd_opt(year, 2, 29).is_some() {
            366
        } else {
            365
        }
    };
    let mut year = date.year();
    let mut yearday = date.ordinal0();
    let first = date.with_ordinal0(0).unwrap_or(date).weekday();
    let mut weekday = if monday {
        first.num_days_from_monday()
    } else {
        first.num_days_from_sunday()
    };
    let later = |weekday: u32| (whole && weekday != 0) || (!whole && weekday >= 4);
    if date.month() == 1 && date.day() <= 7 - weekday {
        if !no_zero && later(weekday) {
            return (year, 0);
        }
        if later(weekday) {
            no_zero = true;
            year -= 1;
            yearday += days_in(year);
            weekday = (weekday + 53 * 7 - days_in(year)) % 7;
        }
    }
    let start = if later(weekday) { 7 - weekday } else { 0 };
    let before = if later(weekday) { 0 } else { weekday };
    let days = yearday + before - start;
    if no_zero && days >= 52 * 7 {
        let weekday = (weekday + days_in(year)) % 7;
        if !later(weekday) {
            return (year + 1, 1);
        }
    }
    (year, days / 7 + 1)
}
