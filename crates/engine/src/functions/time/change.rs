//! `change_year` and its kind: a time with one part replaced.

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Timelike};
use weir_api::DataType;

use super::{
    super::{
        Call, Function, built,
        native::{Args, Native, Out, native},
    },
    part::{days, local},
    shift::time,
};
use crate::{typed::Typed, zone};

macro_rules! changes {
    ($($name:literal, $of_day:literal, $what:literal;)*) => {
        &[$(Function {
            names: &[$name],
            signature: concat!($name, "(time, integer) -> time"),
            help: concat!("The time with another ", $what, "; a day that the month does not have counts on."),
            arguments: (2, 2),
            build: |call| changed(call, $what, $of_day),
        }),*]
    };
}

pub(in crate::functions) const FUNCTIONS: &[Function] = changes! {
    "change_year", false, "year";
    "change_month", false, "month";
    "change_day", false, "day";
    "change_hour", true, "hour";
    "change_minute", true, "minute";
    "change_second", true, "second";
};

pub(in crate::functions) const NATIVE: &[Native] =
    &[native("_change(time, integer, string) -> time", "", |a| {
        let number = u32::try_from(a.int(1)?).ok();
        let part = a.text(2)?;
        let moment =
            number.and_then(|number| replaced(local(a, 0, usize::MAX).ok()?, part, number));
        let moment = moment.ok_or_else(|| format!("there is no such {part}"))?;
        instant(a, moment)
    })];

fn changed(call: &Call<'_>, part: &str, of_day: bool) -> Result<Typed, String> {
    let mut time = time(call, 0)?;
    if of_day && *time.data_type.inner() == DataType::Date {
        time = time.cast(&super::DATETIME)?;
    }
    let args = [time, call.args[1].clone(), Typed::text(part)];
    built("_change", &call.with(&args))
}

fn replaced(time: NaiveDateTime, part: &str, number: u32) -> Option<NaiveDateTime> {
    let date = |year: i32, month: u32| {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let day = first.checked_add_days(Days::new(u64::from(time.day()) - 1))?;
        Some(day.and_time(time.time()))
    };
    match part {
        "year" => date(i32::try_from(number).ok()?, time.month()),
        "month" => date(time.year(), number),
        "day" => time.with_day(number),
        "hour" => time.with_hour(number),
        "minute" => time.with_minute(number),
        _ => time.with_second(number),
    }
}

/// What a clock shows in the zone of the first argument, in the storage form of its type.
fn instant(a: &Args<'_>, shown: NaiveDateTime) -> Result<Out, String> {
    let data_type = a.data_type(0);
    if *data_type == DataType::Date {
        return Ok(days(shown.date()).into());
    }
    let seconds = zone::instant(zone::of(data_type)?, shown.and_utc().timestamp());
    Ok(match data_type {
        DataType::DateTime64 { precision, .. } => {
            let scale = 10i64.pow(u32::from((*precision).min(9)));
            let fraction = i64::from(shown.nanosecond()) / (1_000_000_000 / scale);
            seconds
                .checked_mul(scale)
                .and_then(|units| units.checked_add(fraction))
                .ok_or("the time is out of range")?
                .into()
        }
        _ => seconds.into(),
    })
}
