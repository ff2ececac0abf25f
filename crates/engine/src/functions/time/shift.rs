//! Times moved by so many units, and the beginnings of units.

use weir_api::DataType;

use super::{super::Call, DATETIME, datetime64};
use crate::{
    typed::{Literal, Typed, Unit, escape},
    types, zone,
};

/// The argument as a time; text is read as one.
pub(in crate::functions) fn time(call: &Call<'_>, index: usize) -> Result<Typed, String> {
    let arg = &call.args[index];
    if arg.data_type.is_time() {
        return Ok(arg.clone());
    }
    if types::is_text(&arg.data_type) && !matches!(arg.literal, Literal::Interval(..)) {
        return arg.cast(&datetime64(3));
    }
    Err(format!(
        "argument {} is a time, not {}",
        index + 1,
        arg.data_type
    ))
}

/// The name of a zone that may be left out.
pub(in crate::functions) fn zone_argument(
    call: &Call<'_>,
    index: usize,
) -> Result<Option<String>, String> {
    match call.args.get(index).map(|arg| &arg.literal) {
        None => Ok(None),
        Some(Literal::Text(name)) => {
            zone::parse(name)?;
            Ok(Some(name.clone()))
        }
        Some(_) => Err("the time zone is a text in quotes".to_string()),
    }
}

/// The argument as a time in the zone that another argument may name; text is read in it.
pub(super) fn zoned(call: &Call<'_>, index: usize, zone_index: usize) -> Result<Typed, String> {
    let zone = zone_argument(call, zone_index)?;
    if zone.is_none() {
        return time(call, index);
    }
    let arg = &call.args[index];
    let to = match arg.data_type.inner() {
        DataType::Date => return Ok(arg.clone()),
        DataType::DateTime { .. } => DataType::DateTime { zone },
        DataType::DateTime64 { precision, .. } => DataType::DateTime64 {
            precision: *precision,
            zone,
        },
        _ => {
            time(call, index)?;
            DataType::DateTime64 { precision: 3, zone }
        }
    };
    arg.cast(&to)
}

pub(super) fn unit(call: &Call<'_>, index: usize) -> Result<Unit, String> {
    match &call.args[index].literal {
        Literal::Text(name) => {
            Unit::parse(name).ok_or_else(|| format!("'{name}' is not a unit of time"))
        }
        _ => Err("the unit is a text in quotes, from 'millisecond' to 'year'".to_string()),
    }
}

pub(super) fn spec(time: &Typed) -> String {
    escape(&time.data_type.inner().to_string())
}

fn zone_of(data_type: &DataType) -> Option<String> {
    match data_type.inner() {
        DataType::DateTime { zone } | DataType::DateTime64 { zone, .. } => zone.clone(),
        _ => None,
    }
}

pub(super) fn start(time: &Typed, count: i64, unit: Unit) -> Result<Typed, String> {
    let null = time.data_type.is_nullable();
    let calendar = matches!(unit, Unit::Week | Unit::Month | Unit::Quarter | Unit::Year);
    let zone = zone_of(&time.data_type);
    let finer = |digits: u8| DataType::DateTime64 {
        precision: match time.data_type.inner() {
            DataType::DateTime64 { precision, .. } => (*precision).max(digits),
            _ => digits,
        },
        zone: zone.clone(),
    };
    let data_type = match unit {
        _ if calendar => DataType::Date,
        Unit::Nanosecond => finer(9),
        Unit::Microsecond => finer(6),
        Unit::Millisecond => finer(3),
        _ => DataType::DateTime { zone: zone.clone() },
    };
    let time = if calendar {
        time.clone()
    } else {
        time.cast(&data_type)?
    };
    let sql = format!(
        "_time_start('{}*{count} {}', {})",
        unit.name(),
        spec(&time),
        time.sql
    );
    Ok(Typed::new(sql, types::nullable_if(data_type, null)))
}

pub(super) fn moved(call: &Call<'_>, sign: i64) -> Result<Typed, String> {
    if let [_, interval] = call.args {
        return match interval.literal {
            Literal::Interval(count, unit) => shift(
                &time(call, 0)?,
                &count.saturating_mul(sign).to_string(),
                unit,
            ),
            _ => Err("takes a time and an interval, or a unit, a number and a time".to_string()),
        };
    }
    let last = call.with(&call.args[1..]);
    counted(&last, 1, 0, sign, unit(call, 0)?)
}

/// `add_days(time, 3)`
pub(super) fn moved_by(call: &Call<'_>, sign: i64, unit: Unit) -> Result<Typed, String> {
    counted(call, 0, 1, sign, unit)
}

fn counted(
    call: &Call<'_>,
    time_index: usize,
    count: usize,
    sign: i64,
    unit: Unit,
) -> Result<Typed, String> {
    let number = call.int(count)?;
    let number = if sign < 0 {
        format!("-({number})")
    } else {
        number
    };
    let null = call.args[count].data_type.is_nullable();
    let moved = shift(&time(call, time_index)?, &number, unit)?;
    Ok(Typed {
        data_type: types::nullable_if(moved.data_type.clone(), null),
        ..moved
    })
}

/// `time` moved by `count` (SQLite text) units.
pub(crate) fn shift(time: &Typed, count: &str, unit: Unit) -> Result<Typed, String> {
    let wanted = match unit {
        Unit::Nanosecond => datetime64(9),
        Unit::Microsecond => datetime64(6),
        Unit::Millisecond => datetime64(3),
        Unit::Second | Unit::Minute | Unit::Hour => DATETIME,
        Unit::Day | Unit::Week | Unit::Month | Unit::Quarter | Unit::Year => DataType::Date,
    };
    let time = time.cast(&types::common(&time.data_type, &wanted)?)?;
    let sql = format!(
        "_time_shift('{} {}', {}, {count})",
        unit.name(),
        spec(&time),
        time.sql
    );
    Ok(Typed::new(sql, time.data_type))
}
