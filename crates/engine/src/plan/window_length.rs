//! Lengths of windows, in milliseconds or in months, and where their edges are.

use sqlparser::ast::Interval;
use weir_api::DataType;

use super::compiler::Compiler;
use crate::{
    parse::interval,
    typed::{Literal, Typed, Unit},
    zone,
};

const DAY_MS: i64 = 86_400_000;

/// Of the units that have no fixed length.
const MAX_MONTHS: i64 = 1200;

/// Length of a window and from one to the next, in milliseconds, and how far its edges are from
/// those of UTC; or in days or months of the calendar of a zone.
pub(super) struct Lengths {
    pub(super) step: i64,
    pub(super) size: i64,
    pub(super) shift: i64,
    pub(super) calendar: Option<Calendar>,
}

pub(super) struct Calendar {
    unit: Unit,
    zone: Option<String>,
}

impl Lengths {
    /// `months`: whether `step` and `size` are in months.
    pub(super) fn new(
        (step, size): (i64, i64),
        months: bool,
        zone: Option<&str>,
    ) -> Result<Self, String> {
        let calendar = |unit: Unit, length: i64| Self {
            step: step / length,
            size: size / length,
            shift: 0,
            calendar: Some(Calendar {
                unit,
                zone: zone.map(str::to_string),
            }),
        };
        if months {
            zone.map_or(Ok(()), |zone| zone::parse(zone).map(|_| ()))?;
            return Ok(calendar(Unit::Month, 1));
        }
        let Some(zone) = zone else {
            return Ok(Self {
                step,
                size,
                shift: 0,
                calendar: None,
            });
        };
        match zone_shift(zone, step) {
            Ok(shift) => Ok(Self {
                step,
                size,
                shift,
                calendar: None,
            }),
            // A day on which clocks are changed is longer or shorter than others.
            Err(_) if zone::parse(zone).is_ok() && step == DAY_MS && size % DAY_MS == 0 => {
                Ok(calendar(Unit::Day, DAY_MS))
            }
            Err(message) => Err(message),
        }
    }
}

/// Milliseconds of an interval, or months (the second is true then).
pub(super) fn length(interval: &Interval) -> Result<(i64, bool), String> {
    let (count, unit) = interval::count(interval)?;
    let months = match unit {
        Unit::Month => 1,
        Unit::Quarter => 3,
        Unit::Year => 12,
        _ => return Ok((interval::millis(interval)?, false)),
    };
    match count {
        1..=MAX_MONTHS => Ok((count * months, true)),
        _ => Err(format!(
            "a window is from 1 to {MAX_MONTHS} {}s long",
            unit.name()
        )),
    }
}

/// What a zone's clock is ahead of UTC by, as far as windows of this length tell.
fn zone_shift(zone: &str, step: i64) -> Result<i64, String> {
    const WEEK: usize = 7 * 86_400;
    let parsed = zone::parse(zone)?;
    // From 2000 to 2037: no summer time is over within a week.
    let mut seconds = (946_684_800..2_145_916_800_i64).step_by(WEEK);
    let shift = |at: i64| (zone::offset(parsed, at) * 1000).rem_euclid(step);
    let first = seconds.next().map_or(0, shift);
    match seconds.all(|at| shift(at) == first) {
        true => Ok(first),
        false => Err(format!(
            "windows of this length in the zone '{zone}', whose clocks are changed twice a year, \
             are not supported: a zone like UTC or Asia/Shanghai is, or windows of an hour, a day or \
             months"
        )),
    }
}

impl Compiler<'_> {
    /// SQLite text of the start and the end of the window that is `back` before the one in which
    /// `millis` lies.
    pub(super) fn edges(
        &self,
        millis: &str,
        lengths: &Lengths,
        back: Option<&str>,
    ) -> Result<(String, String), String> {
        let Lengths {
            step, size, shift, ..
        } = *lengths;
        let Some(calendar) = &lengths.calendar else {
            let shown = match shift {
                0 => millis.to_string(),
                shift => format!("({millis} + {shift})"),
            };
            let floor = format!("({millis} - (({shown} % {step}) + {step}) % {step})");
            let start = match back {
                None => floor,
                Some(back) => format!("({floor} - {back})"),
            };
            let end = format!("{start} + {size}");
            return Ok((start, end));
        };
        let time = DataType::DateTime64 {
            precision: 3,
            zone: calendar.zone.clone(),
        };
        let step = Typed {
            literal: Literal::Interval(step, calendar.unit),
            ..Typed::new("NULL", DataType::String)
        };
        let add = match calendar.unit {
            Unit::Day => "add_days",
            _ => "add_months",
        };
        let millis = Typed::new(millis, time.clone());
        let floor = self.scalar("to_start_of_interval", &[millis, step])?;
        let number = |count: String| Typed::new(count, DataType::Int(64));
        let start = match back {
            None => floor.cast(&time)?,
            Some(back) => {
                let earlier = [floor, number(format!("(-{back})"))];
                self.scalar(add, &earlier)?.cast(&time)?
            }
        };
        let end = self.scalar(add, &[start.clone(), number(size.to_string())])?;
        Ok((start.sql, end.cast(&time)?.sql))
    }
}
