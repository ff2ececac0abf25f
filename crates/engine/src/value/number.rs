//! Exact arithmetic: a result that does not fit its type is an error, never another number.

use num_bigint::BigInt;
use rusqlite::types::{Value, ValueRef};
use weir_api::DataType;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Num {
    Int(i128),
    /// `digits` × 10^-`scale`
    Wide {
        digits: BigInt,
        scale: u32,
    },
    Float(f64),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

impl Op {
    pub(crate) fn symbol(self) -> char {
        match self {
            Self::Add => '+',
            Self::Subtract => '-',
            Self::Multiply => '*',
            Self::Divide => '/',
            Self::Modulo => '%',
        }
    }
}

/// No type holds more; reading them takes time that grows with their square.
const MOST_DIGITS: usize = 1000;

impl Num {
    /// `None` for NULL. The storage form tells the kind of number.
    pub(crate) fn read(value: ValueRef<'_>) -> Result<Option<Self>, String> {
        Ok(Some(match value {
            ValueRef::Null => return Ok(None),
            ValueRef::Integer(number) => Self::Int(number.into()),
            ValueRef::Real(number) => Self::Float(number),
            ValueRef::Blob(bytes) => {
                let bytes = bytes.try_into().map_err(|_| "bytes are not a number")?;
                Self::Int(u64::from_be_bytes(bytes).into())
            }
            ValueRef::Text(bytes) => {
                let text = String::from_utf8_lossy(bytes);
                Self::parse(&text).ok_or_else(|| format!("'{text}' is not a number"))?
            }
        }))
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        if let Ok(number) = text.parse() {
            return Some(Self::Int(number));
        }
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let written = whole.len() + fraction.len() <= MOST_DIGITS;
        if written && digits(whole.strip_prefix('-').unwrap_or(whole)) && digits(fraction) {
            return Some(Self::Wide {
                digits: format!("{whole}{fraction}").parse().ok()?,
                scale: u32::try_from(fraction.len()).ok()?,
            });
        }
        text.parse().ok().map(Self::Float)
    }

    pub(crate) fn float(&self) -> f64 {
        match self {
            Self::Int(number) => *number as f64,
            Self::Float(number) => *number,
            Self::Wide { .. } => self.digits().parse().unwrap_or(f64::NAN),
        }
    }

    /// Digits × 10^-scale; `None` for floats.
    pub(crate) fn scaled(&self) -> Option<(BigInt, u32)> {
        match self {
            Self::Int(number) => Some((BigInt::from(*number), 0)),
            Self::Wide { digits, scale } => Some((digits.clone(), *scale)),
            Self::Float(_) => None,
        }
    }

    pub(crate) fn negated(self) -> Self {
        match self {
            Self::Int(number) => Self::Int(-number),
            Self::Float(number) => Self::Float(-number),
            Self::Wide { digits, scale } => Self::Wide {
                digits: -digits,
                scale,
            },
        }
    }

    pub(crate) fn is_negative(&self) -> bool {
        match self {
            Self::Int(number) => *number < 0,
            Self::Float(number) => number.is_sign_negative(),
            Self::Wide { digits, .. } => *digits < BigInt::ZERO,
        }
    }

    fn digits(&self) -> String {
        match self {
            Self::Int(number) => number.to_string(),
            Self::Float(number) => number.to_string(),
            Self::Wide { digits, scale } => decimal_text(digits, *scale),
        }
    }

    /// The storage form in `data_type`, if the number fits; fractions of integers are cut.
    pub(crate) fn write(&self, data_type: &DataType) -> Result<Value, String> {
        let misfit = || format!("{} does not fit {data_type}", self.digits());
        match data_type.inner() {
            DataType::Float64 => Ok(float_value(self.float())),
            DataType::Float32 => Ok(float_value(f64::from(self.float() as f32))),
            DataType::Bool => Ok(Value::Integer(i64::from(self.float() != 0.0))),
            DataType::Int(bits @ 8..=64) => {
                let number = self.whole().ok_or_else(misfit)?;
                let limit = 1i128 << (bits - 1);
                if number < -limit || number >= limit {
                    return Err(misfit());
                }
                i64::try_from(number)
                    .map(Value::Integer)
                    .map_err(|_| misfit())
            }
            DataType::UInt(bits @ 8..=64) => {
                let number = self.whole().ok_or_else(misfit)?;
                if number < 0 || number >= 1i128 << bits {
                    return Err(misfit());
                }
                u64::try_from(number).map(unsigned).map_err(|_| misfit())
            }
            DataType::Int(bits) => {
                let digits = self.big().ok_or_else(misfit)?;
                let limit = BigInt::from(1) << (bits - 1);
                if digits < -limit.clone() || digits >= limit {
                    return Err(misfit());
                }
                Ok(Value::Text(digits.to_string()))
            }
            DataType::UInt(bits) => {
                let digits = self.big().ok_or_else(misfit)?;
                if digits < BigInt::from(0) || digits >= BigInt::from(1) << *bits {
                    return Err(misfit());
                }
                Ok(Value::Text(digits.to_string()))
            }
            DataType::Decimal { precision, scale } => {
                let scale = u32::from(*scale);
                let digits = match self {
                    // Digits that it has no place for are cut, as those of a text are.
                    Self::Float(number) if number.is_finite() => {
                        return Self::parse(&number.to_string())
                            .filter(|exact| !matches!(exact, Self::Float(_)))
                            .ok_or_else(misfit)?
                            .write(data_type);
                    }
                    Self::Float(_) => return Err(misfit()),
                    Self::Int(_) | Self::Wide { .. } => {
                        let (digits, from) = self.scaled().ok_or_else(misfit)?;
                        rescale(digits, from, scale)
                    }
                };
                let limit = BigInt::from(10).pow(u32::from(*precision));
                if digits >= limit || digits <= -limit.clone() {
                    return Err(misfit());
                }
                Ok(Value::Text(decimal_text(&digits, scale)))
            }
            other => Err(format!("a number is not {other}")),
        }
    }

    pub(crate) fn whole(&self) -> Option<i128> {
        match self {
            Self::Int(number) => Some(*number),
            Self::Float(number) if number.is_finite() && number.abs() < 1e38 => {
                Some(number.trunc() as i128)
            }
            Self::Float(_) => None,
            Self::Wide { .. } => i128::try_from(self.big()?).ok(),
        }
    }

    fn big(&self) -> Option<BigInt> {
        match self {
            Self::Int(number) => Some(BigInt::from(*number)),
            Self::Float(number) if number.is_finite() => {
                format!("{:.0}", number.trunc()).parse().ok()
            }
            Self::Float(_) => None,
            Self::Wide { digits, scale } => Some(digits / BigInt::from(10).pow(*scale)),
        }
    }
}

/// NaN is text: SQLite would make it NULL.
fn float_value(number: f64) -> Value {
    if number.is_nan() {
        Value::Text("nan".into())
    } else {
        Value::Real(number)
    }
}

fn unsigned(number: u64) -> Value {
    match i64::try_from(number) {
        Ok(number) => Value::Integer(number),
        Err(_) => Value::Blob(number.to_be_bytes().to_vec()),
    }
}

/// Digits beyond `to` are cut.
fn rescale(digits: BigInt, from: u32, to: u32) -> BigInt {
    if to >= from {
        digits * BigInt::from(10).pow(to - from)
    } else {
        digits / BigInt::from(10).pow(from - to)
    }
}

fn decimal_text(digits: &BigInt, scale: u32) -> String {
    if scale == 0 {
        return digits.to_string();
    }
    let text = digits.to_string();
    let (sign, text) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.as_str()),
    };
    let scale = usize::try_from(scale).unwrap_or(0);
    let padded = format!("{text:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    format!("{sign}{whole}.{fraction}")
}

/// `left op right` in `result`, NULL if one is NULL.
pub(crate) fn arithmetic(
    op: Op,
    left: ValueRef<'_>,
    right: ValueRef<'_>,
    result: &DataType,
) -> Result<Value, String> {
    let (Some(left), Some(right)) = (Num::read(left)?, Num::read(right)?) else {
        return Ok(Value::Null);
    };
    let float = matches!(result.inner(), DataType::Float32 | DataType::Float64);
    let number = match (&left, &right) {
        (Num::Int(left), Num::Int(right)) if !float => integers(op, *left, *right)?,
        _ if float => Num::Float(floats(op, left.float(), right.float())),
        _ => wides(op, &left, &right)?,
    };
    number.write(result)
}

fn floats(op: Op, left: f64, right: f64) -> f64 {
    match op {
        Op::Add => left + right,
        Op::Subtract => left - right,
        Op::Multiply => left * right,
        Op::Divide => left / right,
        Op::Modulo => left % right,
    }
}

fn integers(op: Op, left: i128, right: i128) -> Result<Num, String> {
    if right == 0 && matches!(op, Op::Divide | Op::Modulo) {
        return Err("division by zero".to_string());
    }
    let number = match op {
        Op::Add => left.checked_add(right),
        Op::Subtract => left.checked_sub(right),
        Op::Multiply => left.checked_mul(right),
        Op::Divide => left.checked_div(right),
        Op::Modulo => left.checked_rem(right),
    };
    match number {
        Some(number) => Ok(Num::Int(number)),
        None => wides(op, &Num::Int(left), &Num::Int(right)),
    }
}

fn wides(op: Op, left: &Num, right: &Num) -> Result<Num, String> {
    let (Some((left, left_scale)), Some((right, right_scale))) = (left.scaled(), right.scaled())
    else {
        return Ok(Num::Float(floats(op, left.float(), right.float())));
    };
    if op == Op::Multiply {
        return Ok(Num::Wide {
            digits: left * right,
            scale: left_scale + right_scale,
        });
    }
    let scale = left_scale.max(right_scale);
    let left = rescale(left, left_scale, scale);
    let right = rescale(right, right_scale, scale);
    if right == BigInt::from(0) && matches!(op, Op::Divide | Op::Modulo) {
        return Err("division by zero".to_string());
    }
    let (digits, scale) = match op {
        Op::Add => (left + right, scale),
        Op::Subtract => (left - right, scale),
        Op::Divide => (left / right, 0),
        Op::Modulo | Op::Multiply => (left % right, scale),
    };
    Ok(Num::Wide { digits, scale })
}
