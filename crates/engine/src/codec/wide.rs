//! Decimal numbers of any width as text, without rounding.

/// `digits` without leading zeros (empty for zero), times 10^-scale.
struct Number {
    negative: bool,
    digits: String,
    scale: i64,
}

/// More than any column can hold, and few enough that an exponent cannot fill memory.
const MAX_EXPONENT: i64 = 1000;

pub(super) enum NumberError {
    NotANumber,
    OutOfRange,
    /// More fraction digits than the column keeps.
    TooFine,
}

/// Canonical digits of an integer of 8 to 256 bits.
pub(super) fn integer(text: &str, bits: u16, signed: bool) -> Result<String, NumberError> {
    let number = parse(text).ok_or(NumberError::NotANumber)?;
    let negative = number.negative;
    let digits = digits_at_scale(number, 0)?;
    let negative = negative && digits != "0";
    let limit = limit(bits, signed, negative);
    if digits.len() > limit.len() || (digits.len() == limit.len() && digits.as_str() > limit) {
        return Err(NumberError::OutOfRange);
    }
    Ok(if negative {
        format!("-{digits}")
    } else {
        digits
    })
}

/// Canonical text of a decimal: exactly `scale` fraction digits, at most `precision` in all.
pub(super) fn decimal(text: &str, precision: u8, scale: u8) -> Result<String, NumberError> {
    let number = parse(text).ok_or(NumberError::NotANumber)?;
    let negative = number.negative;
    let digits = digits_at_scale(number, i64::from(scale))?;
    if digits != "0" && digits.len() > usize::from(precision) {
        return Err(NumberError::OutOfRange);
    }
    let sign = if negative && digits != "0" { "-" } else { "" };
    let scale = usize::from(scale);
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    Ok(if scale == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    })
}

/// The largest magnitude that fits.
fn limit(bits: u16, signed: bool, negative: bool) -> &'static str {
    if !signed && negative {
        return "";
    }
    match (bits, signed, negative) {
        (8, true, false) => "127",
        (8, true, true) => "128",
        (8, false, _) => "255",
        (16, true, false) => "32767",
        (16, true, true) => "32768",
        (16, false, _) => "65535",
        (32, true, false) => "2147483647",
        (32, true, true) => "2147483648",
        (32, false, _) => "4294967295",
        (64, true, false) => "9223372036854775807",
        (64, true, true) => "9223372036854775808",
        (64, false, _) => "18446744073709551615",
        (128, true, false) => "170141183460469231731687303715884105727",
        (128, true, true) => "170141183460469231731687303715884105728",
        (128, false, _) => "340282366920938463463374607431768211455",
        (_, true, false) => {
            "57896044618658097711785492504343953926634992332820282019728792003956564819967"
        }
        (_, true, true) => {
            "57896044618658097711785492504343953926634992332820282019728792003956564819968"
        }
        (_, false, _) => {
            "115792089237316195423570985008687907853269984665640564039457584007913129639935"
        }
    }
}

/// `[+-]digits[.digits][e[+-]digits]`
fn parse(text: &str) -> Option<Number> {
    let (negative, rest) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], rest[at + 1..].parse::<i64>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let digits = format!("{whole}{fraction}");
    let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
    Some(Number {
        negative,
        digits: digits.trim_start_matches('0').to_owned(),
        scale,
    })
}

/// Digits of `number` × 10^scale; `0` for zero.
fn digits_at_scale(number: Number, scale: i64) -> Result<String, NumberError> {
    let Number {
        mut digits,
        scale: from,
        ..
    } = number;
    if digits.is_empty() {
        return Ok("0".to_owned());
    }
    let shift = scale.saturating_sub(from);
    if shift > MAX_EXPONENT {
        return Err(NumberError::OutOfRange);
    }
    if shift >= 0 {
        digits.extend(std::iter::repeat_n(
            '0',
            usize::try_from(shift).unwrap_or(0),
        ));
        return Ok(digits);
    }
    let cut = usize::try_from(shift.unsigned_abs()).unwrap_or(usize::MAX);
    if cut >= digits.len() {
        return Err(NumberError::TooFine);
    }
    let removed = digits.split_off(digits.len() - cut);
    if removed.bytes().any(|b| b != b'0') {
        return Err(NumberError::TooFine);
    }
    Ok(digits)
}
