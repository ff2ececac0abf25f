//! Times as text, by patterns.

use chrono::{Datelike, NaiveDateTime, Timelike};
use weir_api::DataType;

use super::{
    super::native::{Args, Native, Out, native},
    joda::{Part, parts},
    part::{local, moment},
};

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

fn joda(time: NaiveDateTime, pattern: &str) -> Result<String, String> {
    let mut out = String::new();
    for part in parts(pattern) {
        let (letter, width) = match part {
            Part::Text(text) => {
                out.push_str(&text);
                continue;
            }
            Part::Letters(letter, width) => (letter, width),
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
