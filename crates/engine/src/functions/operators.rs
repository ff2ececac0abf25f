//! Arithmetic of numbers and times.

use weir_api::DataType;

use super::time;
use crate::{
    typed::{Literal, Typed, Unit},
    types,
    value::Op,
};

/// `left op right` for numbers and times.
pub(crate) fn binary(op: Op, left: &Typed, right: &Typed) -> Result<Typed, String> {
    match (op, &left.literal, &right.literal) {
        (Op::Add, _, Literal::Interval(count, unit)) if left.data_type.is_time() => {
            return time::shift(left, &count.to_string(), *unit);
        }
        (Op::Add, Literal::Interval(count, unit), _) if right.data_type.is_time() => {
            return time::shift(right, &count.to_string(), *unit);
        }
        (Op::Subtract, _, Literal::Interval(count, unit)) if left.data_type.is_time() => {
            let count = count.checked_neg().ok_or("the interval is too long")?;
            return time::shift(left, &count.to_string(), *unit);
        }
        _ => {}
    }
    if left.data_type.is_time() || right.data_type.is_time() {
        return time_arithmetic(op, left, right);
    }
    let failed = || {
        format!(
            "{} cannot be applied to {} and {}",
            op.symbol(),
            left.data_type,
            right.data_type
        )
    };
    let data_type = match (&left.literal, &right.literal) {
        (Literal::Interval(..), _) | (_, Literal::Interval(..)) => return Err(failed()),
        (Literal::Null, _) | (_, Literal::Null) => {
            let other = if left.literal == Literal::Null {
                right
            } else {
                left
            };
            return Ok(Typed::new("NULL", types::nullable(other.data_type.clone())));
        }
        _ => types::arithmetic(op, &left.data_type, &right.data_type).ok_or_else(failed)?,
    };
    let narrow =
        matches!(
            data_type.inner(),
            DataType::Int(8..=32) | DataType::UInt(8..=32)
        ) || (*data_type.inner() == DataType::Int(64) && small(left, 32) && small(right, 32));
    let sql = if narrow && op != Op::Modulo {
        // Cannot overflow, and SQLite's own integers are exact.
        format!("({} {} {})", left.sql, op.symbol(), right.sql)
    } else {
        format!(
            "_op('{}{}', {}, {})",
            op.symbol(),
            data_type.inner(),
            left.sql,
            right.sql
        )
    };
    Ok(Typed::new(sql, data_type))
}

fn small(typed: &Typed, most: u16) -> bool {
    match typed.data_type.inner() {
        DataType::Int(bits) | DataType::UInt(bits) => *bits <= most,
        DataType::Bool => true,
        _ => false,
    }
}

/// Time minus time: days between dates, seconds otherwise. A number counts days or seconds.
fn time_arithmetic(op: Op, left: &Typed, right: &Typed) -> Result<Typed, String> {
    let failed = || {
        format!(
            "{} cannot be applied to {} and {}",
            op.symbol(),
            left.data_type,
            right.data_type
        )
    };
    let whole = |typed: &Typed| small(typed, 64) && !matches!(typed.literal, Literal::Interval(..));
    let unit = |typed: &Typed| match typed.data_type.inner() {
        DataType::Date => Unit::Day,
        _ => Unit::Second,
    };
    match op {
        Op::Subtract if left.data_type.is_time() && right.data_type.is_time() => {
            let common = types::common(&left.data_type, &right.data_type)?;
            let (a, b) = (left.cast(&common)?, right.cast(&common)?);
            let difference = format!("({} - {})", a.sql, b.sql);
            let (sql, data_type) = match common.inner() {
                DataType::DateTime64 { precision, .. } => {
                    (format!("({difference} / 1e{precision})"), DataType::Float64)
                }
                _ => (difference, DataType::Int(64)),
            };
            Ok(Typed::new(
                sql,
                types::nullable_if(data_type, common.is_nullable()),
            ))
        }
        Op::Add if left.data_type.is_time() && whole(right) => {
            nullable_with(time::shift(left, &right.sql, unit(left))?, right)
        }
        Op::Add if right.data_type.is_time() && whole(left) => {
            nullable_with(time::shift(right, &left.sql, unit(right))?, left)
        }
        Op::Subtract if left.data_type.is_time() && whole(right) => nullable_with(
            time::shift(left, &format!("-({})", right.sql), unit(left))?,
            right,
        ),
        _ => Err(failed()),
    }
}

fn nullable_with(mut typed: Typed, other: &Typed) -> Result<Typed, String> {
    typed.data_type = types::nullable_if(typed.data_type, other.data_type.is_nullable());
    Ok(typed)
}
