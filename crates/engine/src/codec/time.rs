//! Times of the proleptic Gregorian calendar in UTC, years 0000 to 9999 when read.

use std::io::Write as _;

const DAY: i64 = 86_400;

/// `YYYY-MM-DD`
pub(super) fn write_date(out: &mut Vec<u8>, days: i64) {
    let (year, month, day) = civil(days);
    if (0..=9999).contains(&year) {
        digits(out, year.unsigned_abs(), 4);
    } else {
        // Writing to a Vec cannot fail.
        let _ = write!(out, "{year:+05}");
    }
    out.push(b'-');
    digits(out, month.unsigned_abs(), 2);
    out.push(b'-');
    digits(out, day.unsigned_abs(), 2);
}

/// `YYYY-MM-DDTHH:MM:SS[.fraction]Z` with `precision` fraction digits.
pub(super) fn write_datetime(out: &mut Vec<u8>, units: i64, precision: u8) {
    let per_second = 10_i64.pow(u32::from(precision.min(18)));
    let (seconds, fraction) = (units.div_euclid(per_second), units.rem_euclid(per_second));
    let (days, second) = (
        seconds.div_euclid(DAY),
        seconds.rem_euclid(DAY).unsigned_abs(),
    );
    write_date(out, days);
    out.push(b'T');
    digits(out, second / 3600, 2);
    out.push(b':');
    digits(out, second / 60 % 60, 2);
    out.push(b':');
    digits(out, second % 60, 2);
    if precision > 0 {
        out.push(b'.');
        digits(out, fraction.unsigned_abs(), usize::from(precision));
    }
    out.push(b'Z');
}

/// `2023-02-01T01:02:03.456Z` of `units` 10^-precision seconds since 1970.
pub fn datetime64_text(units: i64, precision: u8) -> String {
    let mut out = Vec::with_capacity(32);
    write_datetime(&mut out, units, precision);
    String::from_utf8_lossy(&out).into_owned()
}

fn digits(out: &mut Vec<u8>, mut value: u64, width: usize) {
    let start = out.len();
    out.resize(start + width, b'0');
    for place in out[start..].iter_mut().rev() {
        *place = b'0' + u8::try_from(value % 10).unwrap_or(0);
        value /= 10;
    }
}

pub(super) fn parse_date(text: &str) -> Option<i64> {
    let (days, rest) = date_prefix(text)?;
    if rest.is_empty() {
        return Some(days);
    }
    parse_instant(text).map(|(seconds, _)| seconds.div_euclid(DAY))
}

/// Seconds since 1970 and nanoseconds, from `2023-02-01`, `2023-02-01 01:02:03[.456]` (UTC) or
/// ISO 8601 with `T` and a zone (`Z`, `+01:00`).
pub fn parse_instant(text: &str) -> Option<(i64, u32)> {
    let (shown, nanos, offset) = parse_shown(text)?;
    Some((shown - offset.unwrap_or(0), nanos))
}

/// What a clock shows, in seconds as if it stood in UTC, and how far east of UTC it is said to be.
pub(super) fn parse_shown(text: &str) -> Option<(i64, u32, Option<i64>)> {
    let (days, rest) = date_prefix(text.trim())?;
    if rest.is_empty() {
        return Some((days * DAY, 0, None));
    }
    let rest = rest.strip_prefix(['T', ' ', 't'])?;
    let (hour, rest) = short(rest, 23)?;
    let (minute, rest) = short(rest.strip_prefix(':')?, 59)?;
    let (second, rest) = match rest.strip_prefix(':') {
        Some(rest) => short(rest, 59)?,
        None => (0, rest),
    };
    let (nanos, rest) = fraction(rest)?;
    let rest = rest.trim_start();
    let offset = match rest {
        "" => None,
        rest => Some(offset(rest)?),
    };
    let shown = days * DAY + hour * 3600 + minute * 60 + second;
    Some((shown, nanos, offset))
}

fn date_prefix(text: &str) -> Option<(i64, &str)> {
    let (year, rest) = text.split_at_checked(4)?;
    if !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let year = year.parse().ok()?;
    let (month, rest) = short(rest.strip_prefix('-')?, 12)?;
    let (day, rest) = short(rest.strip_prefix('-')?, 31)?;
    let days = days_from_civil(year, month, day);
    // A day that the month does not have comes back as another one.
    ((1..=12).contains(&month) && civil(days) == (year, month, day)).then_some((days, rest))
}

/// A number of one digit or two.
fn short(text: &str, max: i64) -> Option<(i64, &str)> {
    let digits = text.bytes().take(2).take_while(u8::is_ascii_digit).count();
    let (part, rest) = text.split_at_checked(digits)?;
    let value = part.parse().ok()?;
    (value <= max).then_some((value, rest))
}

fn two_digits(text: &str, max: i64) -> Option<(i64, &str)> {
    let part = text.get(..2)?;
    if !part.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let value = part.parse().ok()?;
    (value <= max).then_some((value, &text[2..]))
}

/// Digits beyond nanoseconds are cut.
fn fraction(text: &str) -> Option<(u32, &str)> {
    let Some(rest) = text.strip_prefix(['.', ',']) else {
        return Some((0, text));
    };
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    if end == 0 {
        return None;
    }
    let nanos = format!("{:0<9}", &rest[..end.min(9)]).parse().ok()?;
    Some((nanos, &rest[end..]))
}

/// Seconds east of UTC.
fn offset(text: &str) -> Option<i64> {
    let (sign, rest) = match text.as_bytes().first() {
        None => return Some(0),
        Some(b'+') => (1, &text[1..]),
        Some(b'-') => (-1, &text[1..]),
        Some(_) => return matches!(text, "Z" | "z" | "UTC" | "GMT").then_some(0),
    };
    let (hours, rest) = two_digits(rest, 18)?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let (minutes, rest) = if rest.is_empty() {
        (0, rest)
    } else {
        two_digits(rest, 59)?
    };
    rest.is_empty()
        .then_some(sign * (hours * 3600 + minutes * 60))
}

/// Days since 1970-01-01; Howard Hinnant's algorithm over 400-year eras.
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// Year, month, day.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}
