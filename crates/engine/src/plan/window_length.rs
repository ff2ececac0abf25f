//! Lengths of windows, in milliseconds or in months, and where their edges are.

use sqlparser::ast::Interval;
use weir_api::DataType;

use super::compiler::Compiler;
use crate::{
    parse::interval,
    typed::{Literal, Typed, Unit},
    zone,
};

pub(super) const DAY_MS: i64 = 86_400_000;

/// Of the units that have no fixed length.
const MAX_MONTHS: i64 = 1200;

/// Length of a window and from one to the next, in milliseconds or in months, and how far its edges
/// are from those of UTC.
pub(super) struct Lengths {
    pub(super) step: i64,
    pub(super) size: i64,
    pub(super) shift: i64,
    pub(super) months: bool,
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
pub(super) fn zone_shift(zone: &str, step: i64) -> Result<i64, String> {
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
             are not supported: a zone like UTC or Asia/Shanghai is, or windows of an hour"
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
        if !lengths.months {
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
        }
        let time = DataType::DateTime64 {
            precision: 3,
            zone: None,
        };
        let step = Typed {
            literal: Literal::Interval(step, Unit::Month),
            ..Typed::new("NULL", DataType::String)
        };
        let millis = Typed::new(millis, time.clone());
        let floor = self.scalar("to_start_of_interval", &[millis, step])?;
        let months = |count: String| Typed::new(count, DataType::Int(64));
        let start = match back {
            None => floor.cast(&time)?,
            Some(back) => {
                let earlier = [floor, months(format!("(-{back})"))];
                self.scalar("add_months", &earlier)?.cast(&time)?
            }
        };
        let end = self.scalar("add_months", &[start.clone(), months(size.to_string())])?;
        Ok((start.sql, end.cast(&time)?.sql))
    }
}
