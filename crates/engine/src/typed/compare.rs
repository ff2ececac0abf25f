//! Comparison of compiled expressions, and the type that several have in common. Text literals take
//! the type of the other side.

use weir_api::DataType;

use super::{Literal, Typed};
use crate::types;

/// Both sides as SQLite text that compares rightly.
pub(crate) fn comparable(left: &Typed, right: &Typed) -> Result<(String, String), String> {
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
        let left = match types::is_wide(a) || types::is_nested(a) {
            true => left.ordered(),
            false => left.sql.clone(),
        };
        return Ok((left, right.sql.clone()));
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
    let (left, right) = match (&left.literal, &right.literal) {
        (Literal::Empty, _) => (left.cast(b)?, right.clone()),
        (_, Literal::Empty) => (left.clone(), right.cast(a)?),
        _ => {
            let common = types::common(a, b).map_err(|_| failed())?;
            (left.cast(&common)?, right.cast(&common)?)
        }
    };
    Ok((left.ordered(), right.sql))
}

/// `left symbol right` as a boolean.
pub(crate) fn compare(symbol: &str, left: &Typed, right: &Typed) -> Result<Typed, String> {
    let ordering = symbol.starts_with(['<', '>']) && symbol != "<>";
    let (a, b) = match (left.data_type.inner(), right.data_type.inner()) {
        (DataType::Enum(definition), other) if ordering && types::is_text(other) => {
            let right = right.cast(left.data_type.inner())?;
            (left.enum_number(definition), right.enum_number(definition))
        }
        (other, DataType::Enum(definition)) if ordering && types::is_text(other) => {
            let left = left.cast(right.data_type.inner())?;
            (left.enum_number(definition), right.enum_number(definition))
        }
        _ => comparable(left, right)?,
    };
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
        if value.literal == Literal::Empty
            && values
                .iter()
                .any(|other| other.literal == Literal::None && types::is_array(&other.data_type))
        {
            continue;
        }
        common = Some(match common {
            None => value.data_type.clone(),
            // Of arrays without elements the deepest says the most.
            Some(before) if value.literal == Literal::Empty && types::is_array(&before) => {
                match types::depth(&value.data_type) > types::depth(&before) {
                    true => value.data_type.clone(),
                    false => before,
                }
            }
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
