//! Values of one type as another.

use std::net::Ipv4Addr;

use rusqlite::types::{Value, ValueRef};
use serde_json::value::RawValue;
use weir_api::DataType;

use super::number::Num;
use crate::{codec, zone};

/// `value`, stored as `from`, in the storage form of `to`. The error names value and type.
pub(crate) fn convert(
    value: ValueRef<'_>,
    from: &DataType,
    to: &DataType,
) -> Result<Value, String> {
    if value == ValueRef::Null || from.inner() == to.inner() {
        return Ok(super::owned(value));
    }
    let (from, to) = (from.inner(), to.inner());
    match to {
        DataType::String | DataType::Json => return text(value, from).map(Value::Text),
        DataType::FixedString(_) if from.is_numeric() || from.is_time() => {
            return codec::decode(&quote(&text(value, from)?), to);
        }
        _ => {}
    }
    match value {
        ValueRef::Blob(bytes) if *from == DataType::String => match to {
            DataType::FixedString(length) if bytes.len() <= *length as usize => {
                Ok(super::owned(value))
            }
            DataType::FixedString(length) => {
                Err(format!("{} bytes do not fit {length}", bytes.len()))
            }
            _ => Err(format!("bytes that are no UTF-8 are not {to}")),
        },
        ValueRef::Text(bytes) if !from.is_numeric() => {
            let text = String::from_utf8_lossy(bytes);
            if let (DataType::Decimal { .. }, Some(number)) = (to, Num::parse(text.trim())) {
                return number.write(to);
            }
            if let (DataType::Ipv6, Ok(address)) = (to, text.trim().parse::<Ipv4Addr>()) {
                return Ok(Value::Text(address.to_ipv6_mapped().to_string()));
            }
            let document = matches!(
                to,
                DataType::Array(_) | DataType::Map(..) | DataType::Tuple(_)
            );
            if document {
                codec::decode(&text, to)
            } else {
                codec::decode(&quote(text.trim()), to)
            }
        }
        _ if from.is_time() && to.is_time() => times(value, from, to),
        _ if from.is_time() => match to {
            DataType::Float32 | DataType::Float64 | DataType::Decimal { .. } => {
                let (units, per_second) = (integer(value)?, per_second(from));
                let places = per_second.ilog10();
                let number = match from {
                    DataType::Date => Num::Int(units.into()),
                    _ => Num::Wide {
                        digits: units.into(),
                        scale: places,
                    },
                };
                number.write(to)
            }
            DataType::Date => times(value, from, to),
            _ => {
                let units = integer(value)?;
                let whole = match from {
                    DataType::Date => units,
                    _ => units.div_euclid(per_second(from)),
                };
                Num::Int(whole.into()).write(to)
            }
        },
        _ if to.is_time() => {
            let number = Num::read(value)?.ok_or("NULL")?;
            // What is no day until 2149 is a number of seconds.
            if *to == DataType::Date && number.float().abs() > 65_535.0 {
                return Num::Float((number.float() / 86_400.0).floor()).write(&DataType::Int(64));
            }
            let scale = match to {
                DataType::Date => 1,
                _ => per_second(to),
            };
            // Milliseconds given for seconds, for example, are no time.
            let seconds = number.float();
            let years = *codec::YEARS.start() as f64..(*codec::YEARS.end() + 1) as f64;
            if *to != DataType::Date && !years.contains(&seconds) {
                return Err(format!(
                    "{seconds} is outside the years 0000 to 9999: numbers of {to} are seconds here"
                ));
            }
            let units = match number {
                Num::Int(seconds) => seconds.checked_mul(scale.into()).map(Num::Int),
                Num::Float(seconds) => Some(Num::Float((seconds * scale as f64).floor())),
                other => Some(Num::Float((other.float() * scale as f64).floor())),
            };
            let units = units.ok_or_else(|| format!("the number does not fit {to}"))?;
            units.write(&DataType::Int(64))
        }
        _ => match Num::read(value)? {
            Some(number) => number.write(to).or_else(|error| match to {
                DataType::Enum(_) | DataType::Uuid => codec::decode(&text(value, from)?, to),
                _ => Err(error),
            }),
            None => Ok(Value::Null),
        },
    }
}

/// As a person would write it: `2023-02-01 01:02:03` in its zone for times, `[1,'a']` for arrays.
pub(crate) fn text(value: ValueRef<'_>, from: &DataType) -> Result<String, String> {
    match (value, from.inner()) {
        (ValueRef::Text(bytes), DataType::Array(_) | DataType::Map(..) | DataType::Tuple(_)) => {
            Ok(shown(&String::from_utf8_lossy(bytes), from.inner()))
        }
        // Zeros at the end of a fraction are not shown.
        (ValueRef::Text(bytes), DataType::Decimal { scale: 1.., .. }) => {
            let text = String::from_utf8_lossy(bytes);
            Ok(match text.split_once('.') {
                Some((whole, fraction)) => match fraction.trim_end_matches('0') {
                    "" => whole.to_string(),
                    fraction => format!("{whole}.{fraction}"),
                },
                None => text.into_owned(),
            })
        }
        (ValueRef::Text(bytes), _) => {
            String::from_utf8(bytes.to_vec()).map_err(|_| "the text is not UTF-8".to_string())
        }
        (ValueRef::Integer(number), DataType::Int(_) | DataType::UInt(_) | DataType::String) => {
            Ok(number.to_string())
        }
        (ValueRef::Real(number), DataType::Float32) => Ok(float_text(
            f64::from(number as f32),
            format!("{:e}", number as f32),
        )),
        (ValueRef::Real(number), from) if !from.is_time() => Ok(float_digits(number)),
        (_, from) => {
            let value = match value {
                ValueRef::Integer(units) if from.is_time() && *from != DataType::Date => {
                    let per_second = per_second(from);
                    let offset = zone::offset(zone::of(from)?, units.div_euclid(per_second));
                    ValueRef::Integer(units.saturating_add(offset * per_second))
                }
                other => other,
            };
            let mut out = Vec::new();
            codec::encode_row(&mut out, std::slice::from_ref(from), &[value]);
            let json = String::from_utf8_lossy(&out[1..out.len() - 1]).into_owned();
            let plain = json.trim_matches('"');
            Ok(if from.is_time() {
                plain.trim_end_matches('Z').replacen('T', " ", 1)
            } else {
                plain.to_string()
            })
        }
    }
}

/// A float64 as text.
pub(crate) fn float_digits(number: f64) -> String {
    float_text(number, format!("{number:e}"))
}

/// `digits` is `[-]d[.d]e[-]d`; only what is very large or small is written so.
fn float_text(number: f64, digits: String) -> String {
    if !number.is_finite() {
        return match number {
            _ if number.is_nan() => "nan",
            _ if number > 0.0 => "inf",
            _ => "-inf",
        }
        .to_string();
    }
    let exponent: i32 = digits
        .rsplit_once('e')
        .and_then(|(_, e)| e.parse().ok())
        .unwrap_or(0);
    if (-6..21).contains(&exponent) || number == 0.0 {
        let (mantissa, _) = digits.split_once('e').unwrap_or((&digits, ""));
        return plain_digits(mantissa, exponent);
    }
    digits
}

/// `[-]d[.d]` times 10^exponent without an exponent.
fn plain_digits(mantissa: &str, exponent: i32) -> String {
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).unwrap_or(0) + exponent;
    let length = i32::try_from(digits.len()).unwrap_or(0);
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    if point <= 0 {
        format!("{sign}0.{}{digits}", zeros(-point))
    } else if point >= length {
        format!("{sign}{digits}{}", zeros(point - length))
    } else {
        let (whole, fraction) = digits.split_at(usize::try_from(point).unwrap_or(0));
        format!("{sign}{whole}.{fraction}")
    }
}

/// A container as text: items that are texts or times in single quotes, NULL in capitals.
fn shown(json: &str, data_type: &DataType) -> String {
    let item = |json: &RawValue, data_type: &DataType| -> String {
        let json = json.get();
        match data_type.inner() {
            _ if json == "null" => "NULL".to_string(),
            DataType::Array(_) | DataType::Map(..) | DataType::Tuple(_) => shown(json, data_type),
            inner => {
                let value = codec::decode(json, inner);
                let text = value.and_then(|value| text(ValueRef::from(&value), inner));
                let text = text.unwrap_or_else(|_| json.to_string());
                let quoted = !inner.is_numeric() && *inner != DataType::Bool;
                if quoted { single_quoted(&text) } else { text }
            }
        }
    };
    let items = |types: &dyn Fn(usize) -> DataType| -> String {
        let items: Vec<&RawValue> = serde_json::from_str(json).unwrap_or_default();
        let texts: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(index, json)| item(json, &types(index)))
            .collect();
        texts.join(",")
    };
    match data_type.inner() {
        DataType::Array(of) => format!("[{}]", items(&|_| of.as_ref().clone())),
        DataType::Tuple(fields) => {
            let field = |index: usize| {
                fields
                    .get(index)
                    .map_or(DataType::String, |(_, field)| field.clone())
            };
            format!("({})", items(&field))
        }
        DataType::Map(key, value) => {
            let codec::Object(entries) =
                serde_json::from_str(json).unwrap_or(codec::Object(Vec::new()));
            let entries = entries.iter().map(|(name, json)| {
                let numeric = key.is_numeric();
                let name = if numeric {
                    name.to_string()
                } else {
                    single_quoted(name)
                };
                format!("{name}:{}", item(json, value))
            });
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        _ => json.to_string(),
    }
}

fn single_quoted(text: &str) -> String {
    let mut out = String::from("'");
    for c in text.chars() {
        match c {
            '\'' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            other => out.push(other),
        }
    }
    out.push('\'');
    out
}

/// The storage form of a literal given as text.
pub(crate) fn literal(text: &str, to: &DataType) -> Result<Value, String> {
    convert(ValueRef::Text(text.as_bytes()), &DataType::String, to)
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn integer(value: ValueRef<'_>) -> Result<i64, String> {
    match value {
        ValueRef::Integer(number) => Ok(number),
        ValueRef::Real(number) => Ok(number as i64),
        _ => Err("the value is not a time".to_string()),
    }
}

fn per_second(data_type: &DataType) -> i64 {
    match data_type {
        DataType::DateTime64 { precision, .. } => 10i64.pow(u32::from((*precision).min(9))),
        _ => 1,
    }
}

fn times(value: ValueRef<'_>, from: &DataType, to: &DataType) -> Result<Value, String> {
    let units = integer(value)?;
    let (seconds, fraction) = match from {
        DataType::Date => {
            let midnight = units
                .checked_mul(86_400)
                .ok_or("the date is out of range")?;
            (zone::instant(zone::of(to)?, midnight), 0)
        }
        _ => {
            let scale = per_second(from);
            (
                units.div_euclid(scale),
                units.rem_euclid(scale) * (1_000_000_000 / scale),
            )
        }
    };
    let number = match to {
        DataType::Date => {
            let offset = zone::offset(zone::of(from)?, seconds);
            Some(seconds.saturating_add(offset).div_euclid(86_400))
        }
        _ => {
            let scale = per_second(to);
            seconds
                .checked_mul(scale)
                .and_then(|units| units.checked_add(fraction / (1_000_000_000 / scale)))
        }
    };
    number
        .map(Value::Integer)
        .ok_or_else(|| format!("the time is out of range of {to}"))
}
