//! Times made of numbers and of text.

use chrono::{Days, NaiveDate};
use rusqlite::{
    Connection,
    types::{Value, ValueRef},
};
use weir_api::DataType;

use super::{
    super::{
        native::{Args, Native, Out, native},
        parsed, scalar, text_arg,
    },
    fields::{Fields, parse, parse_joda},
    guess::guess,
    part::{days, local},
};
use crate::{value::convert, zone};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "to_start_of_week(time[, integer[, string]]) -> date",
        "The week's Sunday, by mode 1 its Monday.",
        |a| {
            let date = local(a, 0, 2)?.date();
            let back = if a.int_or(1, 0)? & 1 == 1 { 3 } else { 4 };
            Ok((days(date) - (days(date) + back).rem_euclid(7)).into())
        },
    ),
    native(
        "to_last_day_of_week(time[, integer[, string]]) -> date",
        "The week's Saturday, by mode 1 its Sunday.",
        |a| {
            let date = local(a, 0, 2)?.date();
            let back = if a.int_or(1, 0)? & 1 == 1 { 3 } else { 4 };
            Ok((days(date) - (days(date) + back).rem_euclid(7) + 6).into())
        },
    ),
    native(
        "to_monday(time[, string]) -> date",
        "The week's Monday.",
        |a| {
            let date = local(a, 0, 1)?.date();
            Ok((days(date) - (days(date) + 3).rem_euclid(7)).into())
        },
    ),
    native(
        "to_last_day_of_month|last_day(time[, string]) -> date",
        "The month's last day.",
        |a| {
            use chrono::Datelike as _;
            let date = local(a, 0, 1)?.date();
            Ok((days(date) + i64::from(date.num_days_in_month()) - i64::from(date.day())).into())
        },
    ),
    native(
        "to_start_of_iso_year(time[, string]) -> date",
        "The Monday of the first week of ISO 8601.",
        |a| {
            use chrono::Datelike as _;
            let year = local(a, 0, 1)?.iso_week().year();
            let date = NaiveDate::from_isoywd_opt(year, 1, chrono::Weekday::Mon)
                .ok_or("the time is out of range")?;
            Ok(days(date).into())
        },
    ),
    native(
        "make_date(integer, integer[, integer]) -> date",
        "Of year, month and day, or of year and day of the year.",
        |a| {
            let part = |index: usize| {
                u32::try_from(a.int(index)?).map_err(|_| "the date is out of range".to_string())
            };
            let (year, month, day) = if a.len() == 2 {
                (part(0)?, 1, part(1)?)
            } else {
                (part(0)?, part(1)?, part(2)?)
            };
            let first = NaiveDate::from_ymd_opt(year as i32, month, 1);
            let date = first.and_then(|first| {
                first.checked_add_days(Days::new(u64::from(day).checked_sub(1)?))
            });
            Ok(days(date.ok_or("the date is out of range")?).into())
        },
    ),
    native(
        "yyyymmdd_to_date(integer) -> date",
        "The date of a number like 20230911.",
        |a| {
            let number = u32::try_from(a.int(0)?).map_err(|_| "the date is out of range")?;
            let date =
                NaiveDate::from_ymd_opt((number / 10_000) as i32, number / 100 % 100, number % 100);
            Ok(days(date.ok_or_else(|| format!("{number} is no date"))?).into())
        },
    ),
    native(
        "from_modified_julian_day(integer) -> string",
        "The date so many days after 1858-11-17, as text.",
        |a| {
            let value = Value::Integer((a.int(0)? - 40_587) as i64);
            let text = convert(ValueRef::from(&value), &DataType::Date, &DataType::String)?;
            Ok(text.into())
        },
    ),
    native(
        "from_days_since_year_zero(integer) -> date",
        "The date so many days after 0000-01-01.",
        |a| Ok((a.int(0)? - 719_528).into()),
    ),
    native(
        "uuidv7_to_milliseconds(string) -> int64",
        "The milliseconds since 1970 in a UUID of version 7.",
        |a| {
            let text = a.text(0)?.replace('-', "");
            let digits = text.get(..12).filter(|_| text.get(12..13) == Some("7"));
            let millis = digits.and_then(|digits| i64::from_str_radix(digits, 16).ok());
            Ok(millis.ok_or("the UUID is not of version 7")?.into())
        },
    ),
    native(
        "ulid_to_milliseconds(string) -> int64",
        "The milliseconds since 1970 in a ULID.",
        ulid_millis,
    ),
];

fn ulid_millis(a: &Args<'_>) -> Result<Out, String> {
    const DIGITS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let text = a.text(0)?.to_ascii_uppercase();
    let millis = text
        .chars()
        .take(10)
        .try_fold(0i64, |millis, c| Some(millis << 5 | DIGITS.find(c)? as i64));
    let millis = millis.filter(|_| text.len() == 26);
    Ok(millis.ok_or("a ULID has 26 letters and digits")?.into())
}

/// A first argument `<how> <where it fails> <type>`.
struct Spec {
    how: String,
    failing: String,
    data_type: DataType,
    zone: String,
}

fn spec(text: &str) -> Result<Spec, String> {
    let mut parts = text.splitn(3, ' ');
    let mut part = || parts.next().ok_or("a type expected");
    let (how, failing) = (part()?.to_string(), part()?.to_string());
    let data_type = DataType::parse(part()?)?;
    let zone = zone::of(&data_type)?.name().to_string();
    Ok(Spec {
        how,
        failing,
        data_type,
        zone,
    })
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    scalar(conn, "_parse_time", 3, |context| {
        let spec = parsed(context, spec)?;
        let (Some(text), Some(pattern)) = (text_arg(context, 1)?, text_arg(context, 2)?) else {
            return Ok(Value::Null);
        };
        let pattern_read = |read: fn(&str, &str) -> Option<Fields>| {
            let fields = read(text, pattern)?;
            Some((fields.seconds(&spec.zone)?, fields.nanos))
        };
        let found = match spec.how.as_str() {
            "mysql" => pattern_read(parse),
            "joda" => pattern_read(parse_joda),
            "guess_us" => guess(text, &spec.zone, true),
            _ => guess(text, &spec.zone, false),
        };
        let nine = DataType::DateTime64 {
            precision: 9,
            zone: None,
        };
        match (found, spec.failing.as_str()) {
            (Some((seconds, nanos)), _) => {
                let units = seconds
                    .checked_mul(1_000_000_000)
                    .and_then(|n| n.checked_add(nanos.into()));
                let units = units.ok_or("the time is out of range")?;
                convert(ValueRef::Integer(units), &nine, &spec.data_type)
            }
            (None, "null") => Ok(Value::Null),
            (None, "zero") => Ok(Value::Integer(0)),
            (None, _) => Err(format!(
                "'{}' is no time that is understood",
                text.chars().take(60).collect::<String>()
            )),
        }
    })
}
