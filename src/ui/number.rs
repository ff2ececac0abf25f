//! Numbers as people read them, with units. Exact values of data are never formatted here.

/// Thousands apart: `1,234,567`.
pub fn count(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `2 rows`: the count and the noun that agrees with it.
pub fn plural(value: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(value), if value == 1 { one } else { many })
}

/// Powers of 1000, three digits: `1.24 MB`.
pub fn bytes(value: u64) -> String {
    const UNITS: [&str; 6] = ["B", "kB", "MB", "GB", "TB", "PB"];
    // Without floats, whose formatting is 15 kB of code that the page to sign in does without.
    let (mut thousandths, mut unit) = (value, 1);
    if value < 1_000 {
        return format!("{value} {}", UNITS[0]);
    }
    while thousandths >= 999_500 && unit + 1 < UNITS.len() {
        thousandths /= 1_000;
        unit += 1;
    }
    let digits = match thousandths {
        0..9_995 => 2,
        9_995..99_950 => 1,
        _ => 0,
    };
    let (step, power) = (10_u64.pow(3 - digits), 10_u64.pow(digits));
    let rounded = (thousandths + step / 2) / step;
    let (whole, rest, width) = (rounded / power, rounded % power, digits as usize);
    match digits {
        0 => format!("{whole} {}", UNITS[unit]),
        _ => format!("{whole}.{rest:0width$} {}", UNITS[unit]),
    }
}

/// Per second, three digits: `12.3 krows/s` would be hard to read, so thousands stay written out
/// up to a million: `12,300 rows/s`, then `1.24 M rows/s`.
pub fn rate(per_second: f64, unit: &str) -> String {
    if !per_second.is_finite() || per_second < 0.0 {
        return format!("– {unit}/s");
    }
    if per_second >= 999_999.5 {
        return format!("{} {unit}/s", scaled(per_second, &["", "k", "M", "G"]));
    }
    let text = if per_second >= 99.95 || per_second.fract() == 0.0 {
        count(per_second.round() as u64)
    } else {
        format!("{per_second:.1}")
    };
    format!("{text} {unit}/s")
}

fn scaled(value: f64, units: &[&str]) -> String {
    let (mut value, mut unit) = (value, 0);
    while value >= 999.5 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = match value {
        _ if unit == 0 => 0,
        v if v < 9.995 => 2,
        v if v < 99.95 => 1,
        _ => 0,
    };
    format!("{value:.digits$} {}", units[unit])
}

/// A measured number with six digits that count, for example `0.333333` or `1.5e21`.
pub fn short(value: f64) -> String {
    const DIGITS: i32 = 6;
    let size = value.abs();
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    if !(1e-4..1e15).contains(&size) {
        return format!("{value:.4e}");
    }
    let places = (DIGITS - 1 - size.log10().floor() as i32).clamp(0, 9) as usize;
    let text = format!("{value:.places$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(count),
            ["0", "999", "1,000", "1,234,567"]
        );
        assert_eq!(count(u64::MAX), "18,446,744,073,709,551,615");
        assert_eq!(
            [plural(1, "row", "rows"), plural(0, "row", "rows")],
            ["1 row", "0 rows"]
        );
    }

    #[test]
    fn bytes_keep_three_digits_and_never_show_1000() {
        assert_eq!(
            [0, 999, 1_000, 9_996, 999_499].map(bytes),
            ["0 B", "999 B", "1.00 kB", "10.0 kB", "999 kB"]
        );
        assert_eq!([999_500, 1_240_000].map(bytes), ["1.00 MB", "1.24 MB"]);
        assert_eq!(bytes(u64::MAX), "18447 PB");
    }

    #[test]
    fn rates_carry_their_unit() {
        assert_eq!(rate(0.0, "rows"), "0 rows/s");
        assert_eq!(rate(2.46, "rows"), "2.5 rows/s");
        assert_eq!(rate(12_300.4, "rows"), "12,300 rows/s");
        assert_eq!(rate(1_240_000.0, "rows"), "1.24 M rows/s");
        assert_eq!(rate(f64::NAN, "rows"), "– rows/s");
    }

    #[test]
    fn measured_numbers_show_the_digits_that_count() {
        let words = [0.0, 1.0 / 3.0, 1234.5, 1e9, 123_456_789.25, 1.5e21, -2e-7].map(short);
        assert_eq!(
            words,
            [
                "0",
                "0.333333",
                "1234.5",
                "1000000000",
                "123456789",
                "1.5000e21",
                "-2.0000e-7"
            ]
        );
    }
}
