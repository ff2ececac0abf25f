//! A CSV field as the JSON that its column takes. Digits stay as they are written: nothing goes
//! through a floating-point number.

use serde::de::IgnoredAny;
use weir_api::{DataType, csv::Field};

/// Appends the field's JSON; an error says what is wrong with the text.
pub fn write(field: &Field, data_type: &DataType, out: &mut Vec<u8>) -> Result<(), String> {
    let inner = data_type.inner();
    let textual = matches!(
        inner,
        DataType::String | DataType::FixedString(_) | DataType::Enum(_)
    );
    let trimmed = field.text.trim();
    // Blanks are a text.
    let text = if textual {
        field.text.as_str()
    } else {
        trimmed
    };
    // Quoted emptiness and the word are texts; of what is no text they can only be NULL, as whoever
    // quotes everything writes it, and others write the word.
    let word = !textual && data_type.is_nullable() && trimmed.eq_ignore_ascii_case("null");
    if word || (!field.quoted || !textual) && (text.is_empty() || trimmed == "\\N") {
        if data_type.is_nullable() {
            out.extend_from_slice(b"null");
            return Ok(());
        }
        if !textual {
            return Err(format!("Empty, but the column type is {data_type}"));
        }
    }
    match inner {
        DataType::Bool => out.extend_from_slice(boolean(text)?.as_bytes()),
        DataType::Int(bits) => integer(text, *bits, true, out)?,
        DataType::UInt(bits) => integer(text, *bits, false, out)?,
        DataType::Float32 | DataType::Float64 => float(text, out)?,
        DataType::Decimal { .. } => decimal(text, out)?,
        DataType::Json | DataType::Array(_) | DataType::Map(..) | DataType::Tuple(_) => {
            serde_json::from_str::<IgnoredAny>(text).map_err(|error| {
                format!(
                    "Not JSON, required for {inner}: {}",
                    crate::errors::json(&error)
                )
            })?;
            out.extend_from_slice(text.as_bytes());
        }
        // Times, addresses and ids are checked by the server, which knows their forms.
        _ => quote(text, out),
    }
    Ok(())
}

/// A JSON string.
pub fn quote(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for c in text.chars() {
        match c {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            c if c < ' ' => out.extend_from_slice(format!("\\u{:04x}", c as u32).as_bytes()),
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    out.push(b'"');
}

fn boolean(text: &str) -> Result<&'static str, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "t" | "yes" | "y" | "1" => Ok("true"),
        "false" | "f" | "no" | "n" | "0" => Ok("false"),
        _ => Err(format!("'{text}' is neither true nor false")),
    }
}

/// Wider than 64 bits goes as text, as results have it.
fn integer(text: &str, bits: u16, signed: bool, out: &mut Vec<u8>) -> Result<(), String> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    // As tools write them whose columns turn into fractions where a value is missing.
    let digits = match digits.split_once('.') {
        Some((whole, zeros)) if zeros.trim_end_matches('0').is_empty() => whole,
        _ => digits,
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(format!("'{text}' is not a whole number"));
    }
    let digits = digits.trim_start_matches('0');
    let digits = if digits.is_empty() { "0" } else { digits };
    let negative = negative && digits != "0";
    if !fits(digits, negative, bits, signed) {
        let sign = if signed { "" } else { "u" };
        return Err(format!("{text} does not fit into {sign}int{bits}"));
    }
    let wide = bits > 64;
    let quotes: &[u8] = if wide { b"\"" } else { b"" };
    out.extend_from_slice(quotes);
    if negative {
        out.push(b'-');
    }
    out.extend_from_slice(digits.as_bytes());
    out.extend_from_slice(quotes);
    Ok(())
}

fn fits(digits: &str, negative: bool, bits: u16, signed: bool) -> bool {
    if negative && !signed {
        return false;
    }
    if bits > 128 {
        // 2^255 and 2^256 have 77 and 78 digits; the server knows the rest.
        return digits.len() <= 78;
    }
    let Ok(value) = digits.parse::<u128>() else {
        return false;
    };
    let limit = match (signed, bits) {
        (true, bits) => (1u128 << (bits - 1)) - u128::from(!negative),
        (false, 128) => u128::MAX,
        (false, bits) => (1u128 << bits) - 1,
    };
    value <= limit
}

fn float(text: &str, out: &mut Vec<u8>) -> Result<(), String> {
    let lower = text.to_ascii_lowercase();
    let special = match lower.trim_start_matches('+') {
        "nan" => Some("\"nan\""),
        "inf" | "infinity" => Some("\"inf\""),
        "-inf" | "-infinity" => Some("\"-inf\""),
        _ => None,
    };
    match special {
        Some(special) => out.extend_from_slice(special.as_bytes()),
        None => {
            text.parse::<f64>().map_err(|_| no_number(text, "number"))?;
            out.extend_from_slice(json_number(text).as_bytes());
        }
    }
    Ok(())
}

/// A comma may stand for the point or between thousands: it is not guessed which.
fn no_number(text: &str, wanted: &str) -> String {
    let way_out = match text.contains(',') {
        true => ": write a decimal point, and no commas",
        false => "",
    };
    format!("'{text}' is not a {wanted}{way_out}")
}

fn decimal(text: &str, out: &mut Vec<u8>) -> Result<(), String> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return Err(no_number(text, "decimal number"));
    }
    out.extend_from_slice(json_number(text).as_bytes());
    Ok(())
}

/// JSON allows neither `+1`, `.5`, `1.` nor `007`.
fn json_number(text: &str) -> String {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let split = rest.find(['e', 'E']).unwrap_or(rest.len());
    let (mantissa, exponent) = rest.split_at(split);
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{whole}{dot}{fraction}{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str, data_type: &str) -> Result<String, String> {
        let field = Field {
            text: text.into(),
            quoted: false,
        };
        let mut out = Vec::new();
        write(&field, &DataType::parse(data_type)?, &mut out)?;
        Ok(String::from_utf8(out).expect("utf-8"))
    }

    #[test]
    fn digits_are_exact_at_every_width() {
        for (text, data_type, wanted) in [
            ("18446744073709551615", "uint64", "18446744073709551615"),
            ("-9223372036854775808", "int64", "-9223372036854775808"),
            ("+007", "int8", "7"),
            ("-0", "uint8", "0"),
            (
                "340282366920938463463374607431768211455",
                "uint128",
                "\"340282366920938463463374607431768211455\"",
            ),
            (
                "-57896044618658097711785492504343953926634992332820282019728792003956564819968",
                "int256",
                "\"-57896044618658097711785492504343953926634992332820282019728792003956564819968\"",
            ),
            (
                "12345678901234567890.123456789",
                "decimal(38, 9)",
                "12345678901234567890.123456789",
            ),
            ("-.50", "decimal(9, 2)", "-0.50"),
            ("+1.e5", "float64", "1e5"),
            ("007.10", "float64", "7.10"),
            ("-Infinity", "float32", "\"-inf\""),
            ("NaN", "float64", "\"nan\""),
        ] {
            assert_eq!(
                json(text, data_type).as_deref(),
                Ok(wanted),
                "{text} as {data_type}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        for (text, data_type) in [
            ("18446744073709551616", "uint64"),
            ("-9223372036854775809", "int64"),
            ("256", "uint8"),
            ("-1", "uint32"),
            ("128", "int8"),
            ("1.5", "int32"),
            ("0x10", "int64"),
            ("", "int64"),
            ("1e5", "decimal(9, 2)"),
            (".", "decimal(9, 2)"),
            ("abc", "float64"),
            ("maybe", "bool"),
            ("[1", "array(int8)"),
        ] {
            assert!(json(text, data_type).is_err(), "{text} as {data_type}");
        }
        for data_type in ["float64", "decimal(9, 2)"] {
            let refused = json("1,5", data_type).unwrap_err();
            assert!(refused.ends_with("write a decimal point, and no commas"));
        }
        // As tools write whole numbers whose column turned into fractions.
        assert_eq!(json("1.0", "int32").as_deref(), Ok("1"));
        assert_eq!(json("127", "int8").as_deref(), Ok("127"));
        assert_eq!(json("-128", "int8").as_deref(), Ok("-128"));
    }

    #[test]
    fn emptiness_is_null_where_the_column_allows_it() {
        assert_eq!(json("", "nullable(int64)").as_deref(), Ok("null"));
        assert_eq!(json(" \\N ", "nullable(string)").as_deref(), Ok("null"));
        assert_eq!(json("  ", "nullable(int64)").as_deref(), Ok("null"));
        assert_eq!(json("", "nullable(string)").as_deref(), Ok("null"));
        assert_eq!(json("  ", "nullable(string)").as_deref(), Ok("\"  \""));
        assert_eq!(json("NULL", "nullable(int64)").as_deref(), Ok("null"));
        assert_eq!(json("null", "nullable(date)").as_deref(), Ok("null"));
        assert_eq!(json("NULL", "nullable(string)").as_deref(), Ok("\"NULL\""));
        assert!(json("NULL", "int64").is_err());
        assert_eq!(json("", "string").as_deref(), Ok("\"\""));
        for (data_type, wanted) in [
            ("nullable(string)", &b"\"\""[..]),
            ("nullable(int64)", b"null"),
            ("nullable(datetime)", b"null"),
            ("nullable(uuid)", b"null"),
        ] {
            let quoted = Field {
                text: String::new(),
                quoted: true,
            };
            let (mut out, data_type) = (Vec::new(), DataType::parse(data_type).expect("a type"));
            assert_eq!(write(&quoted, &data_type, &mut out), Ok(()));
            assert_eq!(out, wanted, "{data_type}");
        }
    }

    #[test]
    fn texts_and_documents_are_json() {
        assert_eq!(
            json("a \"b\"\\\n\u{1}ä", "string").as_deref(),
            Ok("\"a \\\"b\\\"\\\\\\n\\u0001ä\"")
        );
        assert_eq!(
            json(" 2023-02-01 01:02:03 ", "datetime").as_deref(),
            Ok("\"2023-02-01 01:02:03\"")
        );
        assert_eq!(
            json("{\"a\": 18446744073709551615}", "json").as_deref(),
            Ok("{\"a\": 18446744073709551615}")
        );
        assert_eq!(json("YES", "bool").as_deref(), Ok("true"));
    }
}
