//! Times in the ways in which people and programs write them.

use chrono::Datelike as _;

use super::fields::{Fields, month, nanos, offset, two_digits_year};

/// Seconds since 1970 and nanoseconds; `None` where it is no time. `month_first` is the American
/// order of numbers; `zone` holds where the text names none.
pub(super) fn guess(text: &str, zone: &str, month_first: bool) -> Option<(i64, u32)> {
    let text = text.trim();
    if let Some(found) = timestamp(text) {
        return Some(found);
    }
    let mut fields = Fields::new();
    let (mut date, mut named_month, mut time) = (Vec::new(), None, false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if c.is_ascii_digit() {
            rest = numbers(rest, &mut fields, &mut date, &mut time)?;
        } else if c.is_ascii_alphabetic() {
            rest = letters(rest, &mut fields, &mut named_month, time)?;
        } else if time && (c == '+' || c == '-') {
            fields.offset = Some(offset(&mut rest)?);
        } else if " ,/-.\t".contains(c) {
            rest = &rest[c.len_utf8()..];
        } else {
            return None;
        }
    }
    if date.is_empty() && named_month.is_none() {
        return None;
    }
    place(&mut fields, &date, named_month, month_first)?;
    Some((fields.seconds(zone)?, fields.nanos))
}

/// Whole digits: `1700000000`, `1700000000123`, `20230102`, `20230102030405`, `2023`.
fn timestamp(text: &str) -> Option<(i64, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let all_digits = !whole.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !all_digits || !matches!(whole.len(), 9 | 10 | 13) || fraction.contains('.') {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    if whole.len() == 13 {
        return Some((
            number / 1000,
            u32::try_from(number % 1000).ok()? * 1_000_000,
        ));
    }
    Some((number, nanos(&mut { fraction })?))
}

/// A time of the day, a date in one piece, or a number of a date.
fn numbers<'a>(
    text: &'a str,
    fields: &mut Fields,
    date: &mut Vec<(u32, usize)>,
    time: &mut bool,
) -> Option<&'a str> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, mut rest) = text.split_at(end);
    let part = |from: usize, to: usize| digits.get(from..to)?.parse::<u32>().ok();
    if rest.starts_with(':') && !*time {
        *time = true;
        fields.hour = digits.parse().ok()?;
        let mut next = || -> Option<u32> {
            rest = rest.strip_prefix(':')?;
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let (number, after) = rest.split_at(end);
            rest = after;
            number.parse().ok()
        };
        fields.minute = next()?;
        fields.second = next().unwrap_or(0);
        if let Some(fraction) = rest.strip_prefix(['.', ',']) {
            rest = fraction;
            fields.nanos = nanos(&mut rest)?;
        }
        return Some(rest);
    }
    match digits.len() {
        8 | 14 => {
            date.push((part(0, 4)?, 4));
            date.push((part(4, 6)?, 2));
            date.push((part(6, 8)?, 2));
            if digits.len() == 14 {
                (fields.hour, fields.minute, fields.second) =
                    (part(8, 10)?, part(10, 12)?, part(12, 14)?);
                *time = true;
            }
        }
        1 | 2 | 4 => date.push((digits.parse().ok()?, digits.len())),
        6 if !date.is_empty() => {
            (fields.hour, fields.minute, fields.second) = (part(0, 2)?, part(2, 4)?, part(4, 6)?);
            *time = true;
        }
        _ => return None,
    }
    Some(rest)
}

/// A month, a weekday, AM or PM, a zone, or the T before a time.
fn letters<'a>(
    text: &'a str,
    fields: &mut Fields,
    named: &mut Option<u32>,
    time: bool,
) -> Option<&'a str> {
    let end = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    let lower = word.to_ascii_lowercase();
    match lower.as_str() {
        "t" => {}
        "am" => fields.afternoon = Some(false),
        "pm" => fields.afternoon = Some(true),
        "z" | "utc" | "gmt" if time => fields.offset = Some(fields.offset.unwrap_or(0)),
        "msk" if time => fields.offset = Some(3 * 3600),
        "est" if time => fields.offset = Some(-5 * 3600),
        "pst" if time => fields.offset = Some(-8 * 3600),
        _ if lower.len() >= 3
            && ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
                .iter()
                .any(|day| lower.starts_with(day)) => {}
        _ => *named = Some(month(word)?),
    }
    Some(rest)
}

/// Which number is the day, the month and the year.
fn place(
    fields: &mut Fields,
    date: &[(u32, usize)],
    named: Option<u32>,
    month_first: bool,
) -> Option<()> {
    let year = |(number, width): (u32, usize)| match width {
        4 => i32::try_from(number).ok(),
        2 => Some(two_digits_year(number)),
        _ => None,
    };
    let this_year = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).year();
    match (date, named) {
        ([first, second, third], None) if first.1 == 4 => {
            (fields.year, fields.month, fields.day) = (year(*first)?, second.0, third.0);
        }
        ([first, second, third], None) => {
            // What is no month is a day.
            let swapped = match month_first {
                true => first.0 <= 12 || second.0 > 12,
                false => second.0 > 12 && first.0 <= 12,
            };
            let (day, month) = if swapped {
                (second.0, first.0)
            } else {
                (first.0, second.0)
            };
            (fields.day, fields.month, fields.year) = (day, month, year(*third)?);
        }
        ([first, second], None) if first.1 == 4 => {
            (fields.year, fields.month) = (year(*first)?, second.0)
        }
        ([first, second], None) if second.1 == 4 => {
            (fields.month, fields.year) = (first.0, year(*second)?)
        }
        ([only], None) if only.1 == 4 => fields.year = year(*only)?,
        ([first, second], Some(month)) => {
            let (day, of_year) = if first.1 == 4 {
                (*second, *first)
            } else {
                (*first, *second)
            };
            (fields.day, fields.month, fields.year) = (day.0, month, year(of_year)?);
        }
        ([only], Some(month)) if only.1 == 4 => (fields.year, fields.month) = (year(*only)?, month),
        ([only], Some(month)) => {
            (fields.day, fields.month, fields.year) = (only.0, month, this_year)
        }
        ([], Some(month)) => (fields.month, fields.year) = (month, this_year),
        _ => return None,
    }
    Some(())
}
