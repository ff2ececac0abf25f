//! SQLite values to JSON. Runs for every row sent, so it writes straight into the buffer.

use rusqlite::types::ValueRef;
use serde::{Serialize, de::IgnoredAny};
use weir_api::DataType;

use super::time;

/// Appends `[v,v,…]`, one value per type, in wire encoding. A value that is not of its column's
/// storage form (SQL can produce such) is written as what it is, always as valid JSON.
pub fn encode_row(out: &mut Vec<u8>, types: &[DataType], values: &[ValueRef<'_>]) {
    out.push(b'[');
    for (index, (data_type, value)) in types.iter().zip(values).enumerate() {
        if index > 0 {
            out.push(b',');
        }
        encode_value(out, data_type.inner(), *value);
    }
    out.push(b']');
}

/// One value in wire encoding.
pub fn value_text(data_type: &DataType, value: ValueRef<'_>) -> String {
    let mut out = Vec::new();
    encode_value(&mut out, data_type.inner(), value);
    String::from_utf8_lossy(&out).into_owned()
}

/// `data_type` without `nullable` and `low_cardinality` around it.
pub(super) fn encode_value(out: &mut Vec<u8>, data_type: &DataType, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => out.extend_from_slice(b"null"),
        ValueRef::Integer(number) => integer(out, data_type, number),
        ValueRef::Real(number) => real(out, data_type, number),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => encode_text(out, data_type, text),
            Err(_) => json(out, String::from_utf8_lossy(bytes).as_ref()),
        },
        ValueRef::Blob(bytes) => blob(out, data_type, bytes),
    }
}

/// Numbers and strings only: writing those to a Vec cannot fail.
fn json<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    let _ = serde_json::to_writer(out, value);
}

fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}

fn integer(out: &mut Vec<u8>, data_type: &DataType, number: i64) {
    match data_type {
        DataType::Bool => out.extend_from_slice(if number == 0 { b"false" } else { b"true" }),
        DataType::Float32 | DataType::Float64 => json(out, &(number as f64)),
        DataType::Date => quoted(out, |out| time::write_date(out, number)),
        DataType::DateTime { .. } => quoted(out, |out| time::write_datetime(out, number, 0)),
        DataType::DateTime64 { precision, .. } => {
            quoted(out, |out| time::write_datetime(out, number, *precision));
        }
        DataType::Int(128 | 256)
        | DataType::UInt(128 | 256)
        | DataType::String
        | DataType::FixedString(_)
        | DataType::Enum(_)
        | DataType::Uuid
        | DataType::Ipv4
        | DataType::Ipv6 => quoted(out, |out| json(out, &number)),
        _ => json(out, &number),
    }
}

fn real(out: &mut Vec<u8>, data_type: &DataType, number: f64) {
    match data_type {
        DataType::Float32 if number.is_finite() => json(out, &(number as f32)),
        DataType::Int(_) | DataType::UInt(_) | DataType::Date
            if number.fract() == 0.0 && number.abs() < 9.0e18 =>
        {
            integer(out, data_type, number as i64);
        }
        DataType::DateTime { .. } | DataType::DateTime64 { .. } if number.abs() < 9.0e18 => {
            integer(out, data_type, number as i64);
        }
        DataType::String if number.is_finite() => quoted(out, |out| json(out, &number)),
        _ if number.is_finite() => json(out, &number),
        _ if number.is_nan() => out.extend_from_slice(b"\"nan\""),
        _ if number > 0.0 => out.extend_from_slice(b"\"inf\""),
        _ => out.extend_from_slice(b"\"-inf\""),
    }
}

fn encode_text(out: &mut Vec<u8>, data_type: &DataType, text: &str) {
    match data_type {
        DataType::Decimal { .. } | DataType::Int(8..=64) | DataType::UInt(8..=64)
            if is_plain_number(text) =>
        {
            out.extend_from_slice(text.as_bytes());
        }
        DataType::Array(_) | DataType::Map(..) | DataType::Tuple(_) | DataType::Json
            if serde_json::from_str::<IgnoredAny>(text).is_ok() =>
        {
            compact(out, text);
        }
        _ => json(out, text),
    }
}

/// `[-]digits[.digits]` without leading zeros, which is a JSON number as it stands.
fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    all_digits(whole) && all_digits(fraction) && (whole == "0" || !whole.starts_with('0'))
}

/// Valid JSON without the white space between its parts, so on one line.
pub(super) fn compact(out: &mut Vec<u8>, text: &str) {
    if !text.bytes().any(|b| b.is_ascii_whitespace()) {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    let (mut in_string, mut escaped) = (false, false);
    for byte in text.bytes() {
        if in_string || !byte.is_ascii_whitespace() {
            out.push(byte);
        }
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ => {}
        }
    }
}

fn blob(out: &mut Vec<u8>, data_type: &DataType, bytes: &[u8]) {
    if let (DataType::UInt(64), Ok(bytes)) = (data_type, bytes.try_into()) {
        return json(out, &u64::from_be_bytes(bytes));
    }
    quoted(out, |out| {
        for byte in bytes {
            for nibble in [byte >> 4, byte & 15] {
                out.push(b"0123456789abcdef"[usize::from(nibble)]);
            }
        }
    });
}
