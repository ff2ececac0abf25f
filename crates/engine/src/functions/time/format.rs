//! Times as text and text as times, by patterns.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Timelike};
use weir_api::DataType;

use super::{
    super::native::{Args, Native, Out, native},
    part::{local, moment},
};
use crate::zone;

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "format_datetime|date_format(time, string[, string]) -> string",
        "As text: %Y year, %m month, %d day, %H hour, %M or %i minute, %S second, %f fraction, %F date, %T time, %z offset, %a and %W weekday, %b month's name, and others of MySQL.",
        |a| formatted(a, 0, a.text(1)?, 2).map(Out::from),
    ),
    native(
        "format_datetime_in_joda_syntax(time, string[, string]) -> string",
        "As text by a pattern of Joda: yyyy-MM-dd HH:mm:ss.SSS.",
        |a| joda(local(a, 0, 2)?, a.text(1)?).map(Out::from),
    ),
];

fn precision(data_type: &DataType) -> usize {
    match data_type {
        DataType::DateTime64 { precision, .. } => usize::from(*precision),
        _ => 0,
    }
}

fn fraction(time: NaiveDateTime, digits: usize) -> String {
    let nanos = format!("{:09}", time.nanosecond() % 1_000_000_000);
    nanos[..digits.clamp(1, 9)].to_string()
}

fn twelve(hour: u32) -> u32 {
    (hour + 11) % 12 + 1
}

pub(super) fn formatted(
    a: &Args<'_>,
    index: usize,
    pattern: &str,
    zone_index: usize,
) -> Result<String, String> {
    use std::fmt::Write as _;
    let time = local(a, index, zone_index)?;
    let mut out = String::new();
    let mut chars = pattern.chars();
    let half = if time.hour() < 12 { "AM" } else { "PM" };
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        let letter = chars
            .next()
            .ok_or("a % ends the pattern: %% stands for one")?;
        let written = match letter {
            'a' => write!(out, "{}", time.format("%a")),
            'b' => write!(out, "{}", time.format("%b")),
            'c' | 'm' => write!(out, "{:02}", time.month()),
            'C' => write!(out, "{:02}", time.year() / 100),
            'd' => write!(out, "{:02}", time.day()),
            'D' => write!(
                out,
                "{:02}/{:02}/{:02}",
                time.month(),
                time.day(),
                time.year() % 100
            ),
            'e' => write!(out, "{:>2}", time.day()),
            'f' => write!(out, "{}", fraction(time, precision(a.data_type(index)))),
            'F' => write!(
                out,
                "{:04}-{:02}-{:02}",
                time.year(),
                time.month(),
                time.day()
            ),
            'g' => write!(out, "{:02}", time.iso_week().year() % 100),
            'G' => write!(out, "{:04}", time.iso_week().year()),
            'h' | 'I' | 'l' => write!(out, "{:02}", twelve(time.hour())),
            'H' | 'k' => write!(out, "{:02}", time.hour()),
            'i' | 'M' => write!(out, "{:02}", time.minute()),
            'j' => write!(out, "{:03}", time.ordinal()),
            'n' => out.write_char('\n'),
            'p' => write!(out, "{half}"),
            'Q' => write!(out, "{}", time.quarter()),
            'r' => write!(
                out,
                "{:02}:{:02} {half}",
                twelve(time.hour()),
                time.minute()
            ),
            'R' => write!(out, "{:02}:{:02}", time.hour(), time.minute()),
            's' | 'S' => write!(out, "{:02}", time.second()),
            't' => write!(out, "\t"),
            'T' => write!(
                out,
                "{:02}:{:02}:{:02}",
                time.hour(),
                time.minute(),
                time.second()
            ),
            'u' => write!(out, "{}", time.weekday().number_from_monday()),
            'V' => write!(out, "{:02}", time.iso_week().week()),
            'w' => write!(out, "{}", time.weekday().num_days_from_sunday()),
            'W' => write!(out, "{}", time.format("%A")),
            'y' => write!(out, "{:02}", time.year() % 100),
            'Y' => write!(out, "{:04}", time.year()),
            'z' => {
                let shown = time.and_utc().timestamp();
                let minutes = (shown - moment(a, index)?.0) / 60;
                let sign = if minutes < 0 { '-' } else { '+' };
                write!(
                    out,
                    "{sign}{:02}{:02}",
                    minutes.abs() / 60,
                    minutes.abs() % 60
                )
            }
            '%' => write!(out, "%"),
            other => return Err(format!("%{other} is not a part of a time's pattern")),
        };
        written.map_err(|error| error.to_string())?;
    }
    Ok(out)
}

/// Runs of one letter, and what stands between them or in quotes.
enum Joda {
    Letters(char, usize),
    Text(String),
}

fn joda_parts(pattern: &str) -> Vec<Joda> {
    let mut parts = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\'' {
            let inside: String = chars.by_ref().take_while(|c| *c != '\'').collect();
            parts.push(Joda::Text(if inside.is_empty() {
                "'".to_string()
            } else {
                inside
            }));
        } else if c.is_ascii_alphabetic() {
            let mut count = 1;
            while chars.next_if_eq(&c).is_some() {
                count += 1;
            }
            parts.push(Joda::Letters(c, count));
        } else {
            parts.push(Joda::Text(c.to_string()));
        }
    }
    parts
}

fn joda(time: NaiveDateTime, pattern: &str) -> Result<String, String> {
    let mut out = String::new();
    for part in joda_parts(pattern) {
        let (letter, width) = match part {
            Joda::Text(text) => {
                out.push_str(&text);
                continue;
            }
            Joda::Letters(letter, width) => (letter, width),
        };
        let number = |number: i64| format!("{number:0width$}");
        out.push_str(&match letter {
            'y' | 'Y' if width == 2 => format!("{:02}", time.year() % 100),
            'y' | 'Y' => number(time.year().into()),
            'x' => number(time.iso_week().year().into()),
            'w' => number(time.iso_week().week().into()),
            'M' if width > 3 => time.format("%B").to_string(),
            'M' if width == 3 => time.format("%b").to_string(),
            'M' => number(time.month().into()),
            'd' => number(time.day().into()),
            'D' => number(time.ordinal().into()),
            'e' => number(time.weekday().number_from_monday().into()),
            'E' if width > 3 => time.format("%A").to_string(),
            'E' => time.format("%a").to_string(),
            'a' => if time.hour() < 12 { "AM" } else { "PM" }.to_string(),
            'K' => number((time.hour() % 12).into()),
            'h' => number(twelve(time.hour()).into()),
            'H' => number(time.hour().into()),
            'k' => number(if time.hour() == 0 {
                24
            } else {
                time.hour().into()
            }),
            'm' => number(time.minute().into()),
            's' => number(time.second().into()),
            'S' => fraction(time, width),
            other => {
                return Err(format!(
                    "{other} is not a part of a Joda pattern that is known"
                ));
            }
        });
    }
    Ok(out)
}

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
    let parts = joda_parts(pattern);
    for (index, part) in parts.iter().enumerate() {
        let text = &mut rest;
        let (letter, width) = match part {
            Joda::Text(literal) => {
                rest = rest.strip_prefix(literal.as_str())?;
                continue;
            }
            Joda::Letters(letter, width) => (*letter, *width),
        };
        // Only before another number is the width a bound.
        let next = matches!(parts.get(index + 1), Some(Joda::Letters(..)));
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
