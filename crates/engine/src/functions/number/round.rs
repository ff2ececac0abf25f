//! Rounding to digits, exactly where the number is exact.

use num_bigint::BigInt;
use rusqlite::{Connection, types::Value};
use weir_api::DataType;

use super::super::{parsed, scalar};
use crate::value::Num;

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    /// Halves away from zero, of floats to the even digit.
    Half,
    HalfEven,
    Floor,
    Ceil,
    Trunc,
}

fn spec(text: &str) -> Result<(Mode, DataType), String> {
    let (mode, data_type) = text.split_once(' ').ok_or("a type expected")?;
    let mode = match mode {
        "round" => Mode::Half,
        "round_bankers" => Mode::HalfEven,
        "floor" => Mode::Floor,
        "ceil" => Mode::Ceil,
        _ => Mode::Trunc,
    };
    Ok((mode, DataType::parse(data_type)?))
}

fn whole(mode: Mode, number: f64) -> f64 {
    match mode {
        Mode::Half | Mode::HalfEven => number.round_ties_even(),
        Mode::Floor => number.floor(),
        Mode::Ceil => number.ceil(),
        Mode::Trunc => number.trunc(),
    }
}

fn float(mode: Mode, number: f64, digits: i32) -> f64 {
    let factor = 10f64.powi(digits.abs().min(300));
    if digits < 0 {
        return whole(mode, number / factor) * factor;
    }
    let scaled = number * factor;
    // Beyond that there are no fraction digits to round.
    if scaled.abs() < 9e15 {
        whole(mode, scaled) / factor
    } else {
        number
    }
}

/// `number` / 10^`places` as a whole number, times 10^`places`.
fn exact(mode: Mode, number: &BigInt, places: u32) -> BigInt {
    let unit = BigInt::from(10).pow(places);
    let (quotient, rest) = (number / &unit, number % &unit);
    let (zero, double) = (BigInt::ZERO, &rest * BigInt::from(2));
    let negative = rest < zero;
    let size = if negative { -double } else { double };
    let away = match mode {
        Mode::Trunc => false,
        Mode::Floor => negative,
        Mode::Ceil => rest > zero,
        Mode::Half => size >= unit,
        Mode::HalfEven => size > unit || (size == unit && &quotient % BigInt::from(2) != zero),
    };
    let step = match (away, negative) {
        (false, _) => 0,
        (true, false) => 1,
        (true, true) => -1,
    };
    (quotient + BigInt::from(step)) * unit
}

/// With the digits that 32 bits have: 0.9 is 0.9 and not a little less.
fn single(mode: Mode, number: f32, digits: i32) -> f32 {
    let factor = 10f32.powi(digits.abs().min(38));
    if digits < 0 {
        return whole(mode, f64::from(number / factor)) as f32 * factor;
    }
    let scaled = number * factor;
    if scaled.abs() < 1.6e7 {
        whole(mode, f64::from(scaled)) as f32 / factor
    } else {
        number
    }
}

fn rounded(mode: Mode, number: Num, digits: i32, data_type: &DataType) -> Num {
    match (number, data_type) {
        (Num::Float(number), DataType::Float32) => {
            Num::Float(f64::from(single(mode, number as f32, digits)))
        }
        (Num::Float(number), _) => Num::Float(float(mode, number, digits)),
        (number, _) => rounded_exactly(mode, number, digits),
    }
}

fn rounded_exactly(mode: Mode, number: Num, digits: i32) -> Num {
    let Some((value, scale)) = number.scaled() else {
        return number;
    };
    let places = i64::from(scale) - i64::from(digits);
    match u32::try_from(places) {
        Ok(places) if places > 0 => Num::Wide {
            digits: if places > 100 {
                BigInt::ZERO
            } else {
                exact(mode, &value, places)
            },
            scale,
        },
        _ => number,
    }
}

pub(crate) fn register(conn: &Connection) -> rusqlite::Result<()> {
    scalar(conn, "_round", 3, |context| {
        let spec = parsed(context, spec)?;
        let number = Num::read(context.get_raw(1))?;
        let digits = Num::read(context.get_raw(2))?;
        let (Some(number), Some(digits)) = (number, digits) else {
            return Ok(Value::Null);
        };
        let digits = digits.float().clamp(-400.0, 400.0) as i32;
        rounded(spec.0, number, digits, &spec.1).write(&spec.1)
    })
}
