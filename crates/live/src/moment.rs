//! Times as people write them: to the day, the hour or a fraction of a second, with an offset, a
//! zone's name or neither, or as seconds since 1970.

use std::borrow::Cow;

use crate::{
    format::{Clocks, Zone},
    time::{parse_date, two},
};

const DAY: i64 = 86_400;
/// Seconds since 1970 that are taken as such without being asked for: below it a number is more
/// likely half a date.
const LEAST_UNIX: u128 = 100_000_000;

/// What is not in a text but decides which moment it is.
#[derive(Clone)]
pub struct Reading {
    /// Of times without an offset of their own; UTC where times are shown as sent.
    pub zone: Zone,
    /// Times are shown as seconds since 1970: every number is one.
    pub unix: bool,
    /// The clocks of a zone by its name.
    pub zones: fn(&str) -> Option<Clocks>,
    /// Milliseconds since 1970 of `now`; `None` where that word means nothing.
    pub now: Option<i64>,
}

impl Default for Reading {
    /// In UTC, without zones.
    fn default() -> Self {
        Self {
            zone: Zone::Utc,
            unix: false,
            zones: |_| None,
            now: None,
        }
    }
}

/// A point in time and what the clock of its text shows then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Since 1970-01-01 UTC.
    pub seconds: i64,
    pub nanos: u32,
    /// Seconds since 1970-01-01 on the clock as written: compares with dates, which have no zone.
    pub wall: i64,
}

impl Moment {
    /// `None` for what is no time. An hour that a zone's clocks show twice is the earlier one; one
    /// that they skip is as far behind the change as it is written.
    pub fn parse(text: &str, reading: &Reading) -> Option<Self> {
        let text = &*typed(text.trim());
        if let Some(now) = reading.now
            && let Some(ms) = relative(text, now)
        {
            return Self::unix(i128::from(ms) * 1_000_000);
        }
        let spread = if reading.unix { None } else { spread(text) };
        let text = spread.as_deref().unwrap_or(text);
        if let Some(nanos) = unix_nanos(text, reading.unix) {
            return Self::unix(nanos);
        }
        let (date, rest) = text.as_bytes().split_first_chunk::<10>()?;
        let days = parse_date(date)?;
        let (clock, nanos, zone) = clock(text.get(text.len() - rest.len()..)?)?;
        let wall = days * DAY + clock;
        let seconds = match zone.trim() {
            "" => from_wall(&reading.zone, wall),
            zone => match offset(zone) {
                Some(east) => wall - east,
                None => {
                    let name = zone.trim_start_matches('[').trim_end_matches(']');
                    from_wall(&Zone::In((reading.zones)(name)?), wall)
                }
            },
        };
        Some(Self {
            seconds,
            nanos,
            wall,
        })
    }

    fn unix(nanos: i128) -> Option<Self> {
        let seconds = i64::try_from(nanos.div_euclid(1_000_000_000)).ok()?;
        Some(Self {
            seconds,
            nanos: nanos.rem_euclid(1_000_000_000) as u32,
            wall: seconds,
        })
    }

    /// Milliseconds since 1970-01-01 UTC, rounded down.
    pub fn millis(self) -> i64 {
        self.seconds
            .saturating_mul(1_000)
            .saturating_add(i64::from(self.nanos / 1_000_000))
    }
}

/// With the hyphens and blanks of keyboards for those that editors put in their places.
fn typed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let plain = |c| match c {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '\u{a0}' | '\u{2009}' | '\u{202f}' => ' ',
        other => other,
    };
    text.chars().map(plain).collect()
}

/// A time without the signs between its parts, with them: `20260329`, `20260329T230000+0200`,
/// `20260329230000`, `20260329230000123`. Taken for a number the last ones would be of the year
/// 2612.
fn spread(text: &str) -> Option<String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (date, rest) = text.split_at_checked(8)?;
    let (year, month, day) = (date.get(..4)?, date.get(4..6)?, date.get(6..)?);
    let date = format!("{year}-{month}-{day}");
    parse_date(date.as_bytes().first_chunk()?)?;
    let (time, fraction) = match digits {
        8 if rest.is_empty() => return Some(date),
        8 => rest.strip_prefix(['T', 't'])?.split_at_checked(6)?,
        14 | 17 if digits == text.len() => rest.split_at_checked(6)?,
        _ => return None,
    };
    let point = if digits == 17 { "." } else { "" };
    let (hour, minute, second) = (time.get(..2)?, time.get(2..4)?, time.get(4..)?);
    let clock_of = format!(" {hour}:{minute}:{second}");
    clock(&clock_of).filter(|(_, _, rest)| rest.is_empty())?;
    Some(format!("{date}{clock_of}{point}{fraction}"))
}

/// Nanoseconds of a number of seconds, or of as many milli-, micro- or nanoseconds as only those
/// can be.
fn unix_nanos(text: &str, every: bool) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 20 || fraction.len() > 9 {
        return None;
    }
    if !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.') {
        return None;
    }
    let size: u128 = whole.parse().ok()?;
    if !every && size < LEAST_UNIX {
        return None;
    }
    let unit = match size {
        _ if !fraction.is_empty() => 1_000_000_000,
        0..100_000_000_000 => 1_000_000_000,
        100_000_000_000..100_000_000_000_000 => 1_000_000,
        100_000_000_000_000..100_000_000_000_000_000 => 1_000,
        _ => 1,
    };
    let nanos = (size as i128) * unit + format!("{fraction:0<9}").parse::<i128>().ok()?;
    Some(if negative { -nanos } else { nanos })
}

/// `now`, `now()`, `now - 5m`, `now+1 h`.
fn relative(text: &str, now: i64) -> Option<i64> {
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("now")?;
    let rest = rest.strip_prefix("()").unwrap_or(rest).trim();
    if rest.is_empty() {
        return Some(now);
    }
    let sign = match rest.as_bytes().first()? {
        b'-' => -1,
        b'+' => 1,
        _ => return None,
    };
    let amount = rest[1..].trim();
    let unit_at = amount.find(|c: char| !c.is_ascii_digit())?;
    let unit = match amount[unit_at..].trim() {
        "ms" => 1,
        "s" | "sec" | "second" | "seconds" => 1_000,
        "m" | "min" | "minute" | "minutes" => 60_000,
        "h" | "hour" | "hours" => 3_600_000,
        "d" | "day" | "days" => DAY * 1_000,
        "w" | "week" | "weeks" => 7 * DAY * 1_000,
        _ => return None,
    };
    let amount: i64 = amount[..unit_at].parse().ok()?;
    now.checked_add(amount.checked_mul(unit)?.checked_mul(sign)?)
}

/// Seconds of the day, nanoseconds and what follows, of the text behind a date.
fn clock(text: &str) -> Option<(i64, u32, &str)> {
    let after = text.trim_start_matches([' ', 'T', 't']);
    let separated = after.len() < text.len();
    if !after.starts_with(|c: char| c.is_ascii_digit()) {
        // A zone's name may begin with a T.
        return Some((0, 0, text));
    }
    if !separated {
        return None;
    }
    let (hour, rest) = number(after, 24)?;
    let Some((minute, rest)) = part(rest, 60)? else {
        return Some((hour * 3_600, 0, rest));
    };
    let Some((second, rest)) = part(rest, 60)? else {
        return Some((hour * 3_600 + minute * 60, 0, rest));
    };
    let clock = hour * 3_600 + minute * 60 + second;
    let Some(fraction) = rest.strip_prefix(['.', ',']) else {
        return Some((clock, 0, rest));
    };
    let end = fraction
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(fraction.len());
    if end == 0 || end > 9 {
        return None;
    }
    let nanos = format!("{:0<9}", &fraction[..end]).parse().ok()?;
    Some((clock, nanos, &fraction[end..]))
}

/// Two digits below a bound, and what follows.
fn number(text: &str, bound: u32) -> Option<(i64, &str)> {
    let [tens, ones, ..] = *text.as_bytes() else {
        return None;
    };
    let value = two(tens, ones).filter(|value| *value < bound)?;
    Some((i64::from(value), text.get(2..)?))
}

/// What a colon leads to; `None` in `Some` without one.
#[allow(clippy::option_option)]
fn part(text: &str, bound: u32) -> Option<Option<(i64, &str)>> {
    match text.strip_prefix(':') {
        Some(rest) => number(rest, bound).map(Some),
        None => Some(None),
    }
}

/// Seconds east: `Z`, `UTC`, `+2`, `+02`, `-0330`, `+02:00`, `GMT+2`, also before a zone's name in
/// brackets.
fn offset(text: &str) -> Option<i64> {
    let text = match text.split_once('[') {
        Some((offset, _)) if !offset.is_empty() => offset.trim(),
        _ => text,
    };
    let upper = text.to_ascii_uppercase();
    let rest = match upper.strip_prefix("UTC").or(upper.strip_prefix("GMT")) {
        Some(rest) => rest.trim_start(),
        None if upper == "Z" => "",
        None => upper.as_str(),
    };
    if rest.is_empty() {
        return Some(0);
    }
    let (sign, rest) = match rest.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, rest.strip_prefix('-')?),
    };
    let parts: Vec<&str> = match rest.split_once(':') {
        Some(_) => rest.split(':').collect(),
        None if rest.is_ascii() && rest.len() == 4 => vec![&rest[..2], &rest[2..]],
        None => vec![rest],
    };
    if parts.len() > 3 {
        return None;
    }
    let mut east = 0;
    for (at, part) in parts.iter().enumerate() {
        let digits = part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits || part.len() > 2 || (at > 0 && part.len() != 2) {
            return None;
        }
        let value: i64 = part.parse().ok()?;
        if value >= if at == 0 { 19 } else { 60 } {
            return None;
        }
        east += value * [3_600, 60, 1][at];
    }
    Some(sign * east)
}

/// The moment at which a zone's clocks show `wall`.
fn from_wall(zone: &Zone, wall: i64) -> i64 {
    let (before, after) = (zone.east(wall - DAY), zone.east(wall + DAY));
    for east in [before.max(after), before.min(after)] {
        if zone.east(wall - east) == east {
            return wall - east;
        }
    }
    wall - before
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;

    /// As in Berlin in 2026: clocks go forward on 29 March and back on 25 October.
    fn berlin(seconds: i64) -> i64 {
        let summer = (1_774_746_000..1_792_890_000).contains(&seconds);
        if summer { 7_200 } else { 3_600 }
    }

    fn zones(name: &str) -> Option<Clocks> {
        match name {
            "Europe/Berlin" => Some(Rc::new(berlin)),
            "Asia/Tokyo" => Some(Rc::new(|_| 32_400)),
            _ => None,
        }
    }

    fn seconds(text: &str, zone: Zone) -> Option<i64> {
        let reading = Reading {
            zone,
            zones,
            now: Some(1_000_000_500),
            unix: false,
        };
        Moment::parse(text, &reading).map(|moment| moment.seconds)
    }

    #[test]
    fn offsets_names_hours_numbers_and_now_are_times() {
        let at = 1_774_818_000; // 2026-03-29T21:00:00Z
        for text in [
            "2026-03-29 21:00:00",
            "2026-03-29 21:00",
            "2026-03-29 21",
            "2026-03-29T21",
            " 2026-03-29t21:00:00z ",
            "2026-03-29T21:00:00.000000000Z",
            "2026-03-29 23:00:00+02:00",
            "2026-03-29 23:00:00 +02:00",
            "2026-03-29 23:00:00+02",
            "2026-03-29 23:00:00+2",
            "2026-03-29T23:00:00+0200",
            "2026-03-29 17:30:00-03:30",
            "2026-03-29 17:30:00\u{2212}03:30",
            "2026-03-29 23:00 GMT+2",
            "2026-03-29 21:00 utc",
            "2026-03-29 23:00 Europe/Berlin",
            "2026-03-29T23:00:00+02:00[Europe/Berlin]",
            "2026-03-29T23:00:00[Europe/Berlin]",
            "2026-03-30 06 Asia/Tokyo",
            "20260329T210000",
            "20260329t210000.000Z",
            "20260329T230000+0200",
            "20260329T230000 Europe/Berlin",
            "20260329210000",
            "20260329210000000",
            "1774818000",
            "1774818000.000",
            "1774818000000",
            "1774818000000000",
            "1774818000000000000",
        ] {
            assert_eq!(seconds(text, Zone::Utc), Some(at), "{text}");
        }
        for day in ["2026-03-29", "20260329"] {
            assert_eq!(seconds(day, Zone::AsSent), Some(at - 21 * 3_600));
        }
        // Milliseconds: no day has such an hour.
        assert_eq!(seconds("20260329990000", Zone::Utc), Some(20_260_329_990));
        assert_eq!(seconds("now", Zone::Utc), Some(1_000_000));
        assert_eq!(seconds("Now() - 5 min", Zone::Utc), Some(1_000_000 - 300));
        assert_eq!(seconds("now+1h", Zone::Utc), Some(1_003_600));
    }

    #[test]
    fn signs_that_editors_put_in_are_read_as_those_of_keyboards() {
        for text in [
            "2026\u{2011}03\u{2011}29 21:00",
            "2026\u{2013}03\u{2013}29\u{a0}21:00",
            "2026-03-29\u{202f}19:00\u{2212}02:00",
        ] {
            assert_eq!(seconds(text, Zone::Utc), Some(1_774_818_000), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_much(text in "[0-9TZ:+.nowé\u{2011}\u{301} \\[\\]-]{0,24}") {
            for unix in [true, false] {
                let reading = Reading { unix, now: Some(0), ..Reading::default() };
                let _ = Moment::parse(&text, &reading);
            }
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "23:00",
            "2026",
            "20260230",
            "2026032",
            "20260329T2100",
            "20260329T21:00:00",
            "2026-03",
            "2026-3-29",
            "29.03.2026",
            "2026-02-30",
            "2026-03-29 24:00",
            "2026-03-29 23:60",
            "2026-03-29 23:5",
            "2026-03-29 23:00:00.",
            "2026-03-29 23:00:00.1234567890",
            "2026-03-29 23:00 Mars/Base",
            "2026-03-29 23:00+25:00",
            "2026-03-29 23:00+02:0",
            "2026-03-2921",
            "1774818000.1234567890",
            "1.",
            "now 5m",
            "now - 5 parsecs",
            "now - 99999999999999w",
            "nowhere",
            "ä026-03-29",
            "202é0329",
            "20260\u{301}329",
        ] {
            assert_eq!(seconds(text, Zone::Utc), None, "{text}");
        }
    }

    #[test]
    fn a_time_without_offset_is_on_the_clocks_shown_also_where_they_change() {
        let at = |text| seconds(text, Zone::In(Rc::new(berlin)));
        assert_eq!(at("2026-03-29 01:59:59"), Some(1_774_745_999));
        assert_eq!(at("2026-03-29 03:00:00"), Some(1_774_746_000));
        // Skipped: half an hour behind the change.
        assert_eq!(at("2026-03-29 02:30:00"), Some(1_774_747_800));
        // Shown twice: the earlier one, unless the offset says which.
        assert_eq!(at("2026-10-25 02:30:00"), Some(1_792_888_200));
        assert_eq!(at("2026-10-25 02:30:00+01:00"), Some(1_792_891_800));
        assert_eq!(at("2026-10-25 03:00:00"), Some(1_792_893_600));
    }

    #[test]
    fn where_times_are_numbers_every_number_is_one() {
        let reading = Reading {
            unix: true,
            ..Reading::default()
        };
        let at = |text| Moment::parse(text, &reading).map(|m| (m.seconds, m.nanos));
        assert_eq!(at("7"), Some((7, 0)));
        assert_eq!(at("-1.250"), Some((-2, 750_000_000)));
        assert_eq!(at("-"), None);
        assert_eq!(at("99999999999999999999999"), None);
    }
}
