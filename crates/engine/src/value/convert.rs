//! Values of one type as another.

use rusqlite::types::{Value, ValueRef};
use weir_api::DataType;

use super::number::Num;
use crate::codec;

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
        ValueRef::Text(bytes) if !from.is_numeric() => {
            let text = String::from_utf8_lossy(bytes);
            if let (DataType::Decimal { .. }, Some(number)) = (to, Num::parse(text.trim())) {
                return number.write(to);
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
            let scale = match to {
                DataType::Date => 1,
                _ => per_second(to),
            };
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

/// As a person would write it: `2023-02-01 01:02:03` for times, JSON for nested types.
pub(crate) fn text(value: ValueRef<'_>, from: &DataType) -> Result<String, String> {
    match (value, from.inner()) {
        (ValueRef::Text(bytes), _) => {
            String::from_utf8(bytes.to_vec()).map_err(|_| "the text is not UTF-8".to_string())
        }
        (ValueRef::Integer(number), DataType::Int(_) | DataType::UInt(_) | DataType::String) => {
            Ok(number.to_string())
        }
        (_, from) => {
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
        DataType::Date => (
            units
                .checked_mul(86_400)
                .ok_or("the date is out of range")?,
            0,
        ),
        _ => {
            let scale = per_second(from);
            (
                units.div_euclid(scale),
                units.rem_euclid(scale) * (1_000_000_000 / scale),
            )
        }
    };
    let number = match to {
        DataType::Date => Some(seconds.div_euclid(86_400)),
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
