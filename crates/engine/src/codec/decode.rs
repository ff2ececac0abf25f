//! JSON values to SQLite values, checked against the column's type.

use std::{
    borrow::Cow,
    net::{Ipv4Addr, Ipv6Addr},
};

use rusqlite::types::Value;
use weir_api::DataType;

use super::{
    container, time,
    wide::{self, NumberError},
};
use crate::zone;

/// `json` is one JSON value as text. Besides the wire encoding it takes numbers for wide integers
/// and decimals, numeric strings for numbers, numbers for strings, 0 and 1 for booleans, and for
/// times epoch numbers (in the type's units; with a fraction: seconds) and `2023-02-01 01:02:03`.
/// The error says what is wrong with the value, without naming the column.
pub fn decode(json: &str, data_type: &DataType) -> Result<Value, String> {
    let json = json.trim_ascii();
    match data_type {
        DataType::Nullable(inner) | DataType::LowCardinality(inner) => {
            return if json == "null" && data_type.is_nullable() {
                Ok(Value::Null)
            } else {
                decode(json, inner)
            };
        }
        DataType::Json => return container::document(json),
        DataType::Array(item) => return container::array(json, item),
        DataType::Map(key, value) => return container::map(json, key, value),
        DataType::Tuple(fields) => return container::tuple(json, fields),
        _ => {}
    }
    let scalar = scalar(json, data_type)?;
    let text: &str = &scalar;
    let wrong = || format!("'{}' is not a valid {data_type}", shortened(text));
    match data_type {
        DataType::Bool => match text {
            "true" | "1" | "True" | "TRUE" => Ok(Value::Integer(1)),
            "false" | "0" | "False" | "FALSE" => Ok(Value::Integer(0)),
            _ => Err(wrong()),
        },
        DataType::Int(bits) => integer(text, *bits, true, data_type),
        DataType::UInt(bits) => integer(text, *bits, false, data_type),
        DataType::Decimal { precision, scale } => wide::decimal(text, *precision, *scale)
            .map(Value::Text)
            .map_err(|error| number_error(&error, text, data_type)),
        DataType::Float32 | DataType::Float64 => float(text, data_type),
        DataType::String => Ok(Value::Text(scalar.into_owned())),
        DataType::FixedString(length) => {
            if text.len() > usize::try_from(*length).unwrap_or(usize::MAX) {
                return Err(format!("{} bytes do not fit {data_type}", text.len()));
            }
            Ok(Value::Text(scalar.into_owned()))
        }
        DataType::Uuid => uuid(text).map(Value::Text).ok_or_else(wrong),
        DataType::Ipv4 => text
            .parse::<Ipv4Addr>()
            .map(|address| Value::Text(address.to_string()))
            .map_err(|_| wrong()),
        DataType::Ipv6 => text
            .parse::<Ipv6Addr>()
            .map(|address| Value::Text(address.to_string()))
            .map_err(|_| wrong()),
        DataType::Enum(definition) => enum_name(definition, text)
            .map(Value::Text)
            .ok_or_else(wrong),
        DataType::Date => {
            let days = text.parse().ok().or_else(|| time::parse_date(text));
            let days: i64 = days.ok_or_else(wrong)?;
            let seconds = days.checked_mul(86_400).unwrap_or(i64::MAX);
            match YEARS.contains(&seconds) {
                true => Ok(Value::Integer(days)),
                false => Err(format!(
                    "{days} is outside the years 0000 to 9999: numbers of date are days since 1970"
                )),
            }
        }
        DataType::DateTime { .. } => {
            let units = instant(text, 0, data_type)?.ok_or_else(wrong)?;
            within(units, 0, data_type)
        }
        DataType::DateTime64 { precision, .. } => {
            let units = instant(text, *precision, data_type)?.ok_or_else(wrong)?;
            within(units, *precision, data_type)
        }
        _ => Err(wrong()),
    }
}

/// The text of a string, number or boolean.
fn scalar<'a>(json: &'a str, data_type: &DataType) -> Result<Cow<'a, str>, String> {
    match json.as_bytes().first() {
        Some(b'"') => {
            let inside = json.get(1..json.len() - 1).unwrap_or_default();
            let plain = json.len() >= 2
                && json.ends_with('"')
                && !inside.bytes().any(|b| b == b'"' || b == b'\\' || b < 0x20);
            if plain {
                return Ok(Cow::Borrowed(inside));
            }
            serde_json::from_str::<String>(json)
                .map(Cow::Owned)
                .map_err(|error| format!("not a JSON string: {error}"))
        }
        Some(b'[') => Err(format!("expected {data_type}, not an array")),
        Some(b'{') => Err(format!("expected {data_type}, not an object")),
        Some(b'n') if json == "null" => Err(format!("null is not allowed in {data_type}")),
        Some(b'-' | b'0'..=b'9') => Ok(Cow::Borrowed(json)),
        _ if matches!(json, "true" | "false") => Ok(Cow::Borrowed(json)),
        _ => Err(format!("'{}' is not a JSON value", shortened(json))),
    }
}

pub(super) fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(60) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

fn integer(text: &str, bits: u16, signed: bool, data_type: &DataType) -> Result<Value, String> {
    if bits <= 64
        && let Ok(number) = text.parse::<i64>()
    {
        let fits = match (signed, bits) {
            (_, 64) => signed || number >= 0,
            (true, _) => number >> (bits - 1) == 0 || number >> (bits - 1) == -1,
            (false, _) => number >> bits == 0,
        };
        return if fits {
            Ok(Value::Integer(number))
        } else {
            Err(number_error(&NumberError::OutOfRange, text, data_type))
        };
    }
    let digits =
        wide::integer(text, bits, signed).map_err(|error| number_error(&error, text, data_type))?;
    if bits > 64 {
        return Ok(Value::Text(digits));
    }
    match (digits.parse::<i64>(), digits.parse::<u64>()) {
        (Ok(number), _) => Ok(Value::Integer(number)),
        (_, Ok(number)) => Ok(Value::Blob(number.to_be_bytes().to_vec())),
        _ => Err(number_error(&NumberError::OutOfRange, text, data_type)),
    }
}

fn number_error(error: &NumberError, text: &str, data_type: &DataType) -> String {
    let text = shortened(text);
    match error {
        NumberError::NotANumber => format!("'{text}' is not a valid {data_type}"),
        NumberError::OutOfRange => format!("{text} does not fit {data_type}"),
        NumberError::TooFine => format!("{text} has more fraction digits than {data_type} keeps"),
    }
}

fn float(text: &str, data_type: &DataType) -> Result<Value, String> {
    let unsigned = text.trim_start_matches(['-', '+']);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        return match unsigned.to_ascii_lowercase().as_str() {
            "nan" => Ok(Value::Text("nan".into())),
            "inf" | "infinity" if text.starts_with('-') => Ok(Value::Real(f64::NEG_INFINITY)),
            "inf" | "infinity" => Ok(Value::Real(f64::INFINITY)),
            _ => Err(number_error(&NumberError::NotANumber, text, data_type)),
        };
    }
    let number: f64 = text
        .parse()
        .map_err(|_| number_error(&NumberError::NotANumber, text, data_type))?;
    let number = match data_type {
        DataType::Float32 => f64::from(number as f32),
        _ => number,
    };
    if number.is_infinite() {
        return Err(number_error(&NumberError::OutOfRange, text, data_type));
    }
    Ok(Value::Real(number))
}

fn uuid(text: &str) -> Option<String> {
    let well_formed = text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    well_formed.then(|| text.to_ascii_lowercase())
}

/// The name, given a name or a number of `enum8('a' = 1, …)`.
fn enum_name(definition: &str, given: &str) -> Option<String> {
    let members = enum_members(definition);
    let mut members = members.into_iter();
    members
        .find(|(name, number)| name == given || number.is_some_and(|n| n.to_string() == given))
        .map(|(name, _)| name)
}

/// The number of a name of `enum8('a' = 1, …)`; names without one are numbered from 1.
pub(crate) fn enum_number(definition: &str, name: &str) -> Option<i64> {
    let members = enum_members(definition).into_iter().enumerate();
    let mut members =
        members.map(|(index, (name, number))| (name, number.or(i64::try_from(index + 1).ok())));
    members
        .find(|(known, _)| known == name)
        .and_then(|(_, number)| number)
}

fn enum_members(definition: &str) -> Vec<(String, Option<i64>)> {
    let mut members = Vec::new();
    let Some((_, mut rest)) = definition.split_once('(') else {
        return members;
    };
    while let Some(start) = rest.find('\'') {
        let (mut name, mut end) = (String::new(), None);
        let mut chars = rest[start + 1..].char_indices();
        while let Some((index, c)) = chars.next() {
            match c {
                '\\' => name.extend(chars.next().map(|(_, c)| c)),
                '\'' => {
                    end = Some(start + 1 + index + 1);
                    break;
                }
                _ => name.push(c),
            }
        }
        let Some(end) = end else { break };
        rest = &rest[end..];
        let number = rest
            .trim_start()
            .strip_prefix('=')
            .and_then(|after| after.split([',', ')']).next())
            .and_then(|number| number.trim().parse().ok());
        members.push((name, number));
    }
    members
}

/// First and last second of the years that are written with four digits.
pub(crate) const YEARS: std::ops::RangeInclusive<i64> = -62_167_219_200..=253_402_300_799;

/// A number of the wrong unit, as nanoseconds where the type has milliseconds, is no time.
fn within(units: i64, precision: u8, data_type: &DataType) -> Result<Value, String> {
    let seconds = units.div_euclid(10_i64.pow(u32::from(precision.min(18))));
    if YEARS.contains(&seconds) {
        return Ok(Value::Integer(units));
    }
    Err(format!(
        "{units} is outside the years 0000 to 9999: numbers of {data_type} are in units of {} s",
        match precision {
            0 => "1".to_string(),
            digits => format!("10^-{digits}"),
        }
    ))
}

/// In units of 10^-precision seconds. Text that names no zone is read in the type's.
fn instant(text: &str, precision: u8, data_type: &DataType) -> Result<Option<i64>, String> {
    if let Ok(units) = text.parse() {
        return Ok(Some(units));
    }
    let per_second = 10_i64.pow(u32::from(precision));
    let Some((shown, nanos, offset)) = time::parse_shown(text) else {
        let seconds: Option<f64> = text.parse().ok();
        let units = seconds.map(|seconds| (seconds * per_second as f64).round());
        return Ok(units
            .filter(|units| units.abs() < 9.0e18)
            .map(|units| units as i64));
    };
    let seconds = match offset {
        Some(offset) => shown - offset,
        None => zone::instant(zone::of(data_type)?, shown),
    };
    let fraction = i64::from(nanos) / 10_i64.pow(9 - u32::from(precision));
    let units = seconds.checked_mul(per_second);
    Ok(units.and_then(|units| units.checked_add(fraction)))
}
