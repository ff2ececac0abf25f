//! Numbers as people write them, and read back.

use super::super::native::{Native, Out, native};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "format_readable_size(float) -> string",
        "Bytes with KiB, MiB, …",
        |a| {
            let units = [
                " B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB", " ZiB", " YiB",
            ];
            Ok(readable(a.float(0)?, 1024.0, &units).into())
        },
    ),
    native(
        "format_readable_decimal_size(float) -> string",
        "Bytes with KB, MB, …",
        |a| {
            let units = [" B", " KB", " MB", " GB", " TB", " PB", " EB", " ZB", " YB"];
            Ok(readable(a.float(0)?, 1000.0, &units).into())
        },
    ),
    native(
        "format_readable_quantity(float) -> string",
        "A number with thousand, million, …",
        |a| Ok(readable(a.float(0)?, 1000.0, &QUANTITIES).into()),
    ),
    native(
        "format_readable_time_delta(float[, string[, string]]) -> string",
        "Seconds as years, months, days, hours, minutes and seconds, up to a largest and down to a smallest unit.",
        |a| {
            duration(
                a.float(0)?,
                a.text_or(1, "years")?,
                a.text_or(2, "seconds")?,
            )
            .map(Out::from)
        },
    ),
    native(
        "parse_readable_size(string) -> uint64",
        "The bytes of a text like 1.5 KiB or 3 MB, rounded up; an error where it is none.",
        |a| {
            let bytes = size(a.text(0)?);
            Ok(bytes
                .ok_or("takes a number and a unit: 1.5 KiB, 3 MB")?
                .into())
        },
    ),
    native(
        "parse_readable_size_or_null(string) -> nullable(uint64)",
        "As parse_readable_size, NULL where it is none.",
        |a| Ok(size(a.text(0)?).into()),
    ),
    native(
        "parse_readable_size_or_zero(string) -> uint64",
        "As parse_readable_size, 0 where it is none.",
        |a| Ok(size(a.text(0)?).unwrap_or_default().into()),
    ),
];

const QUANTITIES: [&str; 22] = [
    "",
    " thousand",
    " million",
    " billion",
    " trillion",
    " quadrillion",
    " quintillion",
    " sextillion",
    " septillion",
    " octillion",
    " nonillion",
    " decillion",
    " undecillion",
    " duodecillion",
    " tredecillion",
    " quattuordecillion",
    " quindecillion",
    " sexdecillion",
    " septendecillion",
    " octodecillion",
    " novemdecillion",
    " vigintillion",
];

fn readable(number: f64, base: f64, units: &[&str]) -> String {
    if number.is_nan() {
        return format!("nan{}", units.first().copied().unwrap_or_default());
    }
    let (mut number, mut unit) = (number, 0);
    while number.abs() >= base && unit + 1 < units.len() {
        number /= base;
        unit += 1;
    }
    format!("{number:.2}{}", units[unit])
}

/// Rounded up to whole bytes.
fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
    let (number, unit) = text.split_at(end);
    let number: f64 = number.parse().ok()?;
    let unit = unit.trim_start().to_ascii_lowercase();
    let (base, letter) = match unit.strip_suffix("ib") {
        Some(letter) => (1024f64, letter),
        None => (1000.0, unit.strip_suffix('b')?),
    };
    let power = match letter {
        "" if base == 1000.0 => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        "e" => 6,
        _ => return None,
    };
    let bytes = (number * base.powi(power)).ceil();
    (bytes < u64::MAX as f64).then_some(bytes as u64)
}

/// From here on a number of seconds is not exact any more.
const INEXACT: f64 = 9_007_199_254_740_992.0;

fn duration(seconds: f64, largest: &str, smallest: &str) -> Result<String, String> {
    const UNITS: [(&str, f64); 9] = [
        ("years", 31_536_000.0),
        ("months", 2_635_200.0),
        ("days", 86_400.0),
        ("hours", 3_600.0),
        ("minutes", 60.0),
        ("seconds", 1.0),
        ("milliseconds", 1e-3),
        ("microseconds", 1e-6),
        ("nanoseconds", 1e-9),
    ];
    let place = |name: &str| {
        let found = UNITS.iter().position(|(unit, _)| *unit == name);
        found.ok_or_else(|| format!("'{name}' is not a unit from years to nanoseconds"))
    };
    let (first, last) = (place(largest)?, place(smallest)?);
    if first > last {
        return Err("the largest unit comes before the smallest".to_string());
    }
    if !seconds.is_finite() {
        return Ok(if seconds.is_nan() {
            "nan"
        } else if seconds > 0.0 {
            "inf"
        } else {
            "-inf"
        }
        .to_string());
    }
    let mut rest = seconds.abs();
    let mut parts = Vec::new();
    for (index, (name, size)) in UNITS.iter().enumerate().take(last + 1).skip(first) {
        let count = if *size < 1.0 && index < last {
            (rest / size + 1e-9).floor()
        } else if *size < 1.0 {
            (rest / size).round()
        } else {
            (rest / size).floor()
        };
        rest -= count * size;
        // Fractions of a second stand behind seconds, also behind none.
        let leads = *name == "seconds" && index < last && parts.is_empty();
        if count > 0.0 || (leads && rest > 0.0) {
            parts.push(format!(
                "{count} {}",
                if count == 1.0 {
                    &name[..name.len() - 1]
                } else {
                    name
                }
            ));
        }
        if seconds.abs() >= INEXACT && !parts.is_empty() {
            break;
        }
    }
    let sign = if seconds < 0.0 { "-" } else { "" };
    Ok(match parts.split_last() {
        None => format!("{sign}0 {smallest}"),
        Some((last, [])) => format!("{sign}{last}"),
        Some((last, before)) => format!("{sign}{} and {last}", before.join(", ")),
    })
}
