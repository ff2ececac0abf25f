//! Text as times, by patterns.

use chrono::{Datelike, NaiveDate};

use super::joda::{Part, parts};
use crate::zone;

/// What is read of a time; what is not named is that of 1970-01-01 00:00:00.
pub(super) struct Fields {
    pub(super) year: i32,
    pub(super) month: u32,
    pub(super) day: u32,
    pub(super) hour: u32,
    pub(super) minute: u32,
    pub(super) second: u32,
    pub(super) nanos: u32,
    pub(super) afternoon: Option<bool>,
    /// Seconds east of UTC.
    pub(super) offset: Option<i64>,
}

impl Fields {
    pub(super) fn new() -> Self {
        Self {
            year: 1970,
            month: 1,
            day: 1,
            hour: 0,
            minute: 0,
            second: 0,
            nanos: 0,
            afternoon: None,
            offset: None,
        }
    }

    /// Seconds since 1970, read in a zone where no offset is named.
    pub(super) fn seconds(&self, zone: &str) -> Option<i64> {
        let hour = match self.afternoon {
            None => self.hour,
            Some(afternoon) => self.hour % 12 + if afternoon { 12 } else { 0 },
        };
        let date = NaiveDate::from_ymd_opt(self.year, self.month, self.day)?;
        let shown = date
            .and_hms_opt(hour, self.minute, self.second)?
            .and_utc()
            .timestamp();
        Some(match self.offset {
            Some(offset) => shown - offset,
            None => zone::instant(zone::parse(zone).ok()?, shown),
        })
    }
}

/// A number of at most so many digits at the start.
fn digits(text: &mut &str, most: usize) -> Option<u32> {
    // Not beyond them: what follows may be long, and is looked at again.
    let head = text.bytes().take(most);
    let end = head.take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at(end);
    *text = rest;
    number.parse().ok()
}

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

pub(super) fn month(word: &str) -> Option<u32> {
    let start = word.get(..3)?.to_ascii_lowercase();
    MONTHS
        .iter()
        .position(|name| *name == start)
        .map(|at| at as u32 + 1)
}

/// A run of letters at the start.
fn word<'a>(text: &mut &'a str) -> &'a str {
    let end = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (word, rest) = text.split_at(end);
    *text = rest;
    word
}

/// `+hh:mm`, `-hhmm`, `Z`
pub(super) fn offset(text: &mut &str) -> Option<i64> {
    if let Some(rest) = text.strip_prefix(['Z', 'z']) {
        *text = rest;
        return Some(0);
    }
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    *text = &text[1..];
    let hours = digits(text, 2)?;
    *text = text.strip_prefix(':').unwrap_or(text);
    let minutes = if text.starts_with(|c: char| c.is_ascii_digit()) {
        digits(text, 2)?
    } else {
        0
    };
    Some(sign * i64::from(hours * 3600 + minutes * 60))
}

/// Text by a pattern of MySQL; `None` where it does not fit.
pub(super) fn parse(text: &str, pattern: &str) -> Option<Fields> {
    let mut fields = Fields::new();
    let mut rest = text;
    let mut chars = pattern.chars();
    let mut yearday = None;
    while let Some(c) = chars.next() {
        if c != '%' {
            rest = rest.strip_prefix(c)?;
            continue;
        }
        let text = &mut rest;
        match chars.next()? {
            'Y' => fields.year = digits(text, 4)? as i32,
            'y' => fields.year = two_digits_year(digits(text, 2)?),
            'm' | 'c' => fields.month = digits(text, 2)?,
            'd' | 'e' => {
                *text = text.trim_start();
                fields.day = digits(text, 2)?;
            }
            'H' | 'k' | 'h' | 'I' | 'l' => fields.hour = digits(text, 2)?,
            'i' | 'M' => fields.minute = digits(text, 2)?,
            's' | 'S' => fields.second = digits(text, 2)?,
            'f' => fields.nanos = nanos(text)?,
            'j' => yearday = Some(digits(text, 3)?),
            'b' => fields.month = month(word(text))?,
            'a' | 'W' => {
                word(text);
            }
            'p' => fields.afternoon = Some(word(text).eq_ignore_ascii_case("pm")),
            'z' => fields.offset = Some(offset(text)?),
            'F' => {
                fields.year = digits(text, 4)? as i32;
                *text = text.strip_prefix('-')?;
                fields.month = digits(text, 2)?;
                *text = text.strip_prefix('-')?;
                fields.day = digits(text, 2)?;
            }
            'D' => {
                fields.month = digits(text, 2)?;
                *text = text.strip_prefix('/')?;
                fields.day = digits(text, 2)?;
                *text = text.strip_prefix('/')?;
                fields.year = two_digits_year(digits(text, 2)?);
            }
            'T' => {
                fields.hour = digits(text, 2)?;
                *text = text.strip_prefix(':')?;
                fields.minute = digits(text, 2)?;
                *text = text.strip_prefix(':')?;
                fields.second = digits(text, 2)?;
            }
            'R' => {
                fields.hour = digits(text, 2)?;
                *text = text.strip_prefix(':')?;
                fields.minute = digits(text, 2)?;
            }
            't' => *text = text.strip_prefix('\t')?,
            'n' => *text = text.strip_prefix('\n')?,
            '%' => *text = text.strip_prefix('%')?,
            _ => return None,
        }
    }
    if let Some(yearday) = yearday {
        let date = NaiveDate::from_yo_opt(fields.year, yearday)?;
        (fields.month, fields.day) = (date.month(), date.day());
    }
    rest.is_empty().then_some(fields)
}

pub(super) fn two_digits_year(year: u32) -> i32 {
    year as i32 + if year < 70 { 2000 } else { 1900 }
}

/// A fraction's digits as nanoseconds.
pub(super) fn nanos(text: &mut &str) -> Option<u32> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (fraction, rest) = text.split_at(end);
    *text = rest;
    format!("{:0<9}", fraction.get(..end.min(9))?).parse().ok()
}

/// Text by a pattern of Joda; `None` where it does not fit.
pub(super) fn parse_joda(text: &str, pattern: &str) -> Option<Fields> {
    let mut fields = Fields::new();
    let mut rest = text;
    let parts = parts(pattern);
    for (index, part) in parts.iter().enumerate() {
        let text = &mut rest;
        let (letter, width) = match part {
            Part::Text(literal) => {
                rest = rest.strip_prefix(literal.as_str())?;
                continue;
            }
            Part::Letters(letter, width) => (*letter, *width),
        };
        // Only before another number is the width a bound.
        let next = matches!(parts.get(index + 1), Some(Part::Letters(..)));
        let most = if next { width } else { 9 };
        match letter {
            'y' | 'Y' if width == 2 => fields.year = two_digits_year(digits(text, 2)?),
            'y' | 'Y' | 'x' => fields.year = digits(text, if next { width } else { 4 })? as i32,
            'M' if width > 2 => fields.month = month(word(text))?,
            'M' => fields.month = digits(text, most)?,
            'd' => fields.day = digits(text, most)?,
            'E' => {
                word(text);
            }
            'a' => fields.afternoon = Some(word(text).eq_ignore_ascii_case("pm")),
            'H' | 'k' | 'h' | 'K' => fields.hour = digits(text, most)?,
            'm' => fields.minute = digits(text, most)?,
            's' => fields.second = digits(text, most)?,
            'S' => fields.nanos = nanos(text)?,
            'Z' => fields.offset = Some(offset(text)?),
            _ => return None,
        }
    }
    rest.is_empty().then_some(fields)
}
