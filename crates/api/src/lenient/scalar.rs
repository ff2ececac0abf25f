//! What a value is, and what it is as a number.

use serde_json::value::RawValue;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

pub(super) fn kind(raw: &RawValue) -> Kind {
    match raw.get().as_bytes().first() {
        Some(b'n') => Kind::Null,
        Some(b't' | b'f') => Kind::Bool,
        Some(b'"') => Kind::Text,
        Some(b'[') => Kind::List,
        Some(b'{') => Kind::Object,
        _ => Kind::Number,
    }
}

/// A whole number of any size that some field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Signed(i64),
    Unsigned(u64),
}

/// Of `12`, `" 12 "`, `12.0` and `1.2e1`; the empty text and `null` are 0.
pub(super) fn whole(text: &str) -> Option<Whole> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Whole::Signed(0));
    }
    if let Ok(number) = text.parse() {
        return Some(Whole::Signed(number));
    }
    if let Ok(number) = text.parse() {
        return Some(Whole::Unsigned(number));
    }
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let number = decimal(digits)?;
    match negative {
        true => Some(Whole::Signed(0_i64.checked_sub_unsigned(number)?)),
        false => Some(i64::try_from(number).map_or(Whole::Unsigned(number), Whole::Signed)),
    }
}

/// Of `12.0` and `1.2e1`, exactly. Not by way of a float: that would bring 15 kB of tables to the
/// first page of the console, and not every number through.
fn decimal(text: &str) -> Option<u64> {
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let (before, behind) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = format!("{before}{behind}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_end_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    let zeros = digits.len() - significant.len();
    let scale = i64::try_from(zeros).ok()? - i64::try_from(behind.len()).ok()?;
    let scale = exponent.parse::<i64>().ok()?.checked_add(scale)?;
    let power = 10_u64.checked_pow(u32::try_from(scale).ok()?)?;
    significant.parse::<u64>().ok()?.checked_mul(power)
}

pub(super) fn float(text: &str) -> Option<f64> {
    match text.trim() {
        "" => Some(0.0),
        text => text.parse().ok(),
    }
}

pub(super) fn flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" | "" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_in_every_form_and_exactly() {
        for (text, expected) in [
            ("", 0),
            (" 12 ", 12),
            ("12.0", 12),
            ("12.", 12),
            (".0", 0),
            ("-1.2e1", -12),
            ("+3", 3),
            ("1e3", 1_000),
            ("120E-1", 12),
            ("0.00e400", 0),
            ("9007199254740993.0", 9_007_199_254_740_993),
            ("-9223372036854775808.0", i64::MIN),
        ] {
            assert_eq!(whole(text), Some(Whole::Signed(expected)), "{text}");
        }
        assert_eq!(
            whole("1.8446744073709551615e19"),
            Some(Whole::Unsigned(u64::MAX))
        );
        for text in [
            "1.5",
            "1e-1",
            "1e400",
            "1e99999999999999999999",
            "18446744073709551616",
            "NaN",
            "inf",
            "1_000",
            "0x10",
            "--1",
            ".",
            "e3",
            "1e",
            "1 2",
            "-1e19",
            "١٢",
        ] {
            assert_eq!(whole(text), None, "{text}");
        }
    }
}
