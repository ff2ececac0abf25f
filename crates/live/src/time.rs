//! Times as the server writes them: `2023-02-01`, `2023-02-01T01:02:03.456Z` and their variants.

use chrono::{Datelike, NaiveDate};

/// A point in time that remembers how it was written, so that it is written again exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Time {
    /// Days for a date, else units of 10^-digits seconds, since 1970-01-01.
    pub(crate) units: i64,
    pub(crate) shape: Shape,
}

/// Bits: 0–3 digits of the fraction, 4 a space instead of `T`, 5 `Z`, 6 `+00:00`, 7 a date alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shape(pub(crate) u8);

const DIGITS: u8 = 15;
const SPACE: u8 = 16;
const ZULU: u8 = 32;
const ZERO_OFFSET: u8 = 64;
const DATE: u8 = 128;

const EPOCH_DAYS: i32 = 719_163;
const DAY_SECONDS: i64 = 86_400;

impl Time {
    /// Digits of the second's fraction, 0 to 9.
    pub fn digits(self) -> u8 {
        self.shape.0 & DIGITS
    }

    pub fn is_date(self) -> bool {
        self.shape.0 & DATE != 0
    }

    /// Milliseconds since 1970-01-01 UTC, rounded down.
    pub fn millis(self) -> i64 {
        let (seconds, nanos) = self.seconds();
        seconds * 1000 + i64::from(nanos / 1_000_000)
    }

    /// Seconds since 1970-01-01 UTC and the nanoseconds behind them.
    pub fn seconds(self) -> (i64, u32) {
        if self.is_date() {
            return (self.units * DAY_SECONDS, 0);
        }
        let unit = 10i64.pow(u32::from(self.digits()));
        let nanos = self.units.rem_euclid(unit) * (1_000_000_000 / unit);
        (self.units.div_euclid(unit), nanos as u32)
    }

    /// As it was sent.
    pub fn write(self, out: &mut String) {
        let (seconds, nanos) = self.seconds();
        write_date(seconds.div_euclid(DAY_SECONDS), out);
        if self.is_date() {
            return;
        }
        let has = |bit| self.shape.0 & bit != 0;
        out.push(if has(SPACE) { ' ' } else { 'T' });
        write_clock(seconds.rem_euclid(DAY_SECONDS), out);
        write_fraction(nanos, self.digits(), out);
        if has(ZULU) {
            out.push('Z');
        } else if has(ZERO_OFFSET) {
            out.push_str("+00:00");
        }
    }

    /// `None` for anything that [`Time::write`] would not write back byte for byte.
    #[inline]
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let (date, rest) = text.split_first_chunk::<10>()?;
        let days = parse_date(date)?;
        if rest.is_empty() {
            return Some(Self {
                units: days,
                shape: Shape(DATE),
            });
        }
        let (clock, rest) = rest.split_first_chunk::<9>()?;
        let mut shape = match clock[0] {
            b'T' => 0,
            b' ' => SPACE,
            _ => return None,
        };
        let mut units = days * DAY_SECONDS + parse_clock(clock)?;
        let mut rest = rest;
        if let [b'.', fraction @ ..] = rest {
            let digits = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
            if digits == 0 || digits > 9 {
                return None;
            }
            for digit in &fraction[..digits] {
                units = units
                    .checked_mul(10)?
                    .checked_add(i64::from(digit - b'0'))?;
            }
            shape |= digits as u8;
            rest = &fraction[digits..];
        }
        match rest {
            b"" => {}
            b"Z" => shape |= ZULU,
            b"+00:00" => shape |= ZERO_OFFSET,
            _ => return None,
        }
        Some(Self {
            units,
            shape: Shape(shape),
        })
    }
}

#[inline]
pub(crate) fn parse_date(date: &[u8; 10]) -> Option<i64> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *date else {
        return None;
    };
    let year = two(y0, y1)? * 100 + two(y2, y3)?;
    let date = NaiveDate::from_ymd_opt(year as i32, two(m0, m1)?, two(d0, d1)?)?;
    Some(i64::from(date.num_days_from_ce() - EPOCH_DAYS))
}

#[inline]
fn parse_clock(clock: &[u8; 9]) -> Option<i64> {
    let [_, h0, h1, b':', m0, m1, b':', s0, s1] = *clock else {
        return None;
    };
    let (hour, minute, second) = (two(h0, h1)?, two(m0, m1)?, two(s0, s1)?);
    (hour < 24 && minute < 60 && second < 60).then(|| i64::from(hour * 3600 + minute * 60 + second))
}

#[inline]
pub(crate) fn two(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens <= 9 && ones <= 9).then(|| u32::from(tens * 10 + ones))
}

/// Days since 1970-01-01 as `2023-02-01`.
pub(crate) fn write_date(days: i64, out: &mut String) {
    let date = i32::try_from(days)
        .ok()
        .and_then(|days| NaiveDate::from_num_days_from_ce_opt(days.checked_add(EPOCH_DAYS)?));
    let Some(date) = date else {
        return;
    };
    let year = date.year().unsigned_abs();
    if date.year() < 0 {
        out.push('-');
    }
    if year > 9999 {
        out.push_str(itoa::Buffer::new().format(year));
    } else {
        write_two(year / 100, out);
        write_two(year % 100, out);
    }
    out.push('-');
    write_two(date.month(), out);
    out.push('-');
    write_two(date.day(), out);
}

/// Seconds of a day as `01:02:03`.
pub(crate) fn write_clock(seconds: i64, out: &mut String) {
    let seconds = seconds as u32;
    write_two(seconds / 3600, out);
    out.push(':');
    write_two(seconds / 60 % 60, out);
    out.push(':');
    write_two(seconds % 60, out);
}

pub(crate) fn write_fraction(nanos: u32, digits: u8, out: &mut String) {
    if digits == 0 {
        return;
    }
    out.push('.');
    let mut unit = 100_000_000;
    for _ in 0..digits.min(9) {
        out.push(char::from(b'0' + (nanos / unit % 10) as u8));
        unit /= 10;
    }
}

/// Seconds since 1970 with so many digits behind the point; before 1970 below zero.
pub(crate) fn write_unix(seconds: i64, nanos: u32, digits: u8, out: &mut String) {
    let (whole, nanos) = match (seconds, nanos) {
        (seconds, 1..) if seconds < 0 => (seconds + 1, 1_000_000_000 - nanos),
        same => same,
    };
    if seconds < 0 {
        out.push('-');
    }
    out.push_str(itoa::Buffer::new().format(whole.unsigned_abs()));
    write_fraction(nanos, digits, out);
}

/// Seconds east of UTC as `+01:00`, as `+00:53:28` where zones once had seconds, and `Z` for none.
pub(crate) fn write_offset(east: i64, out: &mut String) {
    if east == 0 {
        return out.push('Z');
    }
    out.push(if east < 0 { '-' } else { '+' });
    let seconds = east.unsigned_abs() as u32;
    write_two(seconds / 3_600, out);
    out.push(':');
    write_two(seconds / 60 % 60, out);
    if !seconds.is_multiple_of(60) {
        out.push(':');
        write_two(seconds % 60, out);
    }
}

pub(crate) fn write_two(value: u32, out: &mut String) {
    out.push(char::from(b'0' + (value / 10 % 10) as u8));
    out.push(char::from(b'0' + (value % 10) as u8));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_read_is_written_again() {
        for (text, millis) in [
            ("1970-01-01", 0),
            ("2023-02-01", 1_675_209_600_000),
            ("2023-02-01T01:02:03Z", 1_675_213_323_000),
            ("2023-02-01 01:02:03", 1_675_213_323_000),
            ("2023-02-01T01:02:03.456Z", 1_675_213_323_456),
            ("2023-02-01T01:02:03.40Z", 1_675_213_323_400),
            ("2023-02-01T01:02:03.123456789+00:00", 1_675_213_323_123),
            ("1969-12-31T23:59:59.9999", -1),
            ("0000-01-01T00:00:00", -62_167_219_200_000),
            ("9999-12-31 23:59:59.999", 253_402_300_799_999),
        ] {
            let time = Time::parse(text.as_bytes()).unwrap_or_else(|| panic!("{text}"));
            let mut out = String::new();
            time.write(&mut out);
            assert_eq!((out.as_str(), time.millis()), (text, millis));
        }
    }

    #[test]
    fn what_cannot_be_written_again_is_refused() {
        for text in [
            "",
            "2023",
            "2023-02-30",
            "2023-13-01",
            "2023-02-01T24:00:00",
            "2023-02-01T01:02",
            "2023-02-01T01:02:60",
            "2023-02-01T01:02:03.",
            "2023-02-01T01:02:03.1234567890",
            "2023-02-01T01:02:03+01:00",
            "2023-02-01t01:02:03",
            "2023-02-01T01:02:03z",
            "9999-01-01T00:00:00.123456789",
            "-023-02-01",
        ] {
            assert_eq!(Time::parse(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nearly_times_never_change(text in "[0-9 ]{4}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-5][0-9]:[0-6][0-9](\\.[0-9]{0,10})?(Z|\\+00:00)?)?") {
            if let Some(time) = Time::parse(text.as_bytes()) {
                let mut out = String::new();
                time.write(&mut out);
                prop_assert_eq!(out, text);
            }
        }
    }
}
