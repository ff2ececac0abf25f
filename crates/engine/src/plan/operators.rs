//! Operators over compiled expressions. Text literals take the type of the other side.

use weir_api::DataType;

use super::typed::{Literal, Typed};
use crate::{functions::time, types, value::Op};

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
        DataType::Date => crate::parse::interval::Unit::Day,
        _ => crate::parse::interval::Unit::Second,
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

/// Both sides as SQLite text that compares rightly.
fn comparable(left: &Typed, right: &Typed) -> Result<(String, String), String> {
    let failed = || {
        format!(
            "{} and {} cannot be compared: convert one of them",
            left.data_type, right.data_type
        )
    };
    if matches!(left.literal, Literal::Interval(..))
        || matches!(right.literal, Literal::Interval(..))
    {
        return Err("an interval cannot be compared".to_string());
    }
    if left.literal == Literal::Null || right.literal == Literal::Null {
        return Ok((left.sql.clone(), right.sql.clone()));
    }
    let (a, b) = (left.data_type.inner(), right.data_type.inner());
    if a == b {
        return Ok((left.ordered(), right.sql.clone()));
    }
    if let (Literal::Text(_), false) = (&left.literal, types::is_text(b)) {
        return Ok((left.cast(b)?.sql, right.ordered()));
    }
    if let (Literal::Text(_), false) = (&right.literal, types::is_text(a)) {
        return Ok((left.ordered(), right.cast(a)?.sql));
    }
    // A text literal as an address or a UUID is checked and brought to its written form.
    for (literal, other) in [(left, b), (right, a)] {
        let exact = matches!(other, DataType::Uuid | DataType::Ipv4 | DataType::Ipv6);
        if exact && matches!(literal.literal, Literal::Text(_)) {
            return Ok((left.cast(other)?.sql, right.cast(other)?.sql));
        }
    }
    let number = |t: &DataType| t.is_numeric() || *t == DataType::Bool;
    if number(a) && number(b) {
        let wide = types::is_wide(a) || types::is_wide(b);
        let float = types::is_float(a) || types::is_float(b);
        let big = |t: &DataType| *t == DataType::UInt(64);
        if float && (wide || big(a) || big(b)) {
            let to = DataType::Float64;
            return Ok((left.cast(&to)?.sql, right.cast(&to)?.sql));
        }
        if wide {
            return Ok((
                format!("_digits({}) COLLATE WIDE", left.sql),
                format!("_digits({})", right.sql),
            ));
        }
        return Ok((left.sql.clone(), right.sql.clone()));
    }
    if (a.is_time() && b.is_time()) || (types::is_text(a) && types::is_text(b)) {
        let common = types::common(a, b)?;
        return Ok((left.cast(&common)?.sql, right.cast(&common)?.sql));
    }
    if matches!((a, b), (DataType::Json, _) | (_, DataType::Json)) {
        let to = DataType::String;
        return Ok((left.cast(&to)?.sql, right.cast(&to)?.sql));
    }
    types::common(a, b).map_err(|_| failed())?;
    Ok((left.sql.clone(), right.sql.clone()))
}

/// `left symbol right` as a boolean.
pub(crate) fn compare(symbol: &str, left: &Typed, right: &Typed) -> Result<Typed, String> {
    let (a, b) = comparable(left, right)?;
    let null = left.data_type.is_nullable() || right.data_type.is_nullable();
    let null = null && !symbol.starts_with("IS");
    Ok(Typed::new(
        format!("({a} {symbol} {b})"),
        types::nullable_if(DataType::Bool, null),
    ))
}

pub(crate) fn equal(left: &Typed, right: &Typed) -> Result<String, String> {
    Ok(compare("=", left, right)?.sql)
}

/// A value used as a condition: booleans and numbers are.
pub(crate) fn condition(value: &Typed) -> Result<String, String> {
    match value.data_type.inner() {
        _ if value.literal == Literal::Null => Ok(value.sql.clone()),
        DataType::Bool | DataType::Int(8..=64) => Ok(value.sql.clone()),
        // Eight bytes for a large number would count as 0.
        DataType::UInt(8..=64) => Ok(format!("({} <> 0)", value.sql)),
        other => Err(format!("a condition is a bool, not {other}")),
    }
}

/// All values in their common type.
pub(crate) fn unified(values: &[Typed]) -> Result<Vec<Typed>, String> {
    let mut common: Option<DataType> = None;
    for value in values {
        if matches!(value.literal, Literal::Interval(..)) {
            return Err("an interval is no value".to_string());
        }
        if value.literal == Literal::Null {
            continue;
        }
        common = Some(match common {
            None => value.data_type.clone(),
            Some(before) => match &value.literal {
                Literal::Text(_) if before.is_time() => before,
                _ => types::common(&before, &value.data_type)?,
            },
        });
    }
    let null = values.iter().any(|value| value.literal == Literal::Null);
    let common = types::nullable_if(common.unwrap_or(DataType::String), null);
    values
        .iter()
        .map(|value| {
            Ok(Typed {
                data_type: common.clone(),
                ..value.cast(&common)?
            })
        })
        .collect()
}
