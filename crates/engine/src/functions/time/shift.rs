//! Times moved by so many units, and the beginnings of units.

use weir_api::DataType;

use super::{super::Call, DATETIME};
use crate::{
    typed::{Literal, Typed, Unit, escape},
    types,
};

/// The argument as a time; text is read as one.
pub(super) fn time(call: &Call<'_>, index: usize) -> Result<Typed, String> {
    let arg = &call.args[index];
    if arg.data_type.is_time() {
        return Ok(arg.clone());
    }
    if types::is_text(&arg.data_type) && !matches!(arg.literal, Literal::Interval(..)) {
        return arg.cast(&DataType::DateTime64 {
            precision: 3,
            zone: None,
        });
    }
    Err(format!(
        "argument {} is a time, not {}",
        index + 1,
        arg.data_type
    ))
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

pub(super) fn start(
    call: &Call<'_>,
    time: &Typed,
    count: i64,
    unit: Unit,
) -> Result<Typed, String> {
    let calendar = matches!(unit, Unit::Week | Unit::Month | Unit::Quarter | Unit::Year);
    let data_type = match (unit, time.data_type.inner()) {
        _ if calendar => DataType::Date,
        (Unit::Nanosecond, _) => DataType::DateTime64 {
            precision: 9,
            zone: None,
        },
        (Unit::Microsecond, _) => DataType::DateTime64 {
            precision: 6,
            zone: None,
        },
        (Unit::Millisecond, _) => DataType::DateTime64 {
            precision: 3,
            zone: None,
        },
        (_, DataType::DateTime { zone } | DataType::DateTime64 { zone, .. }) => {
            DataType::DateTime { zone: zone.clone() }
        }
        _ => DATETIME,
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
    Ok(Typed::new(
        sql,
        types::nullable_if(data_type, call.nullable()),
    ))
}

pub(super) fn moved(call: &Call<'_>, sign: i64) -> Result<Typed, String> {
    if let [time_arg, interval] = call.args {
        return match interval.literal {
            Literal::Interval(count, unit) if time_arg.data_type.is_time() => {
                shift(time_arg, &count.saturating_mul(sign).to_string(), unit)
            }
            _ => Err("takes a time and an interval, or a unit, a number and a time".to_string()),
        };
    }
    let count = if sign < 0 {
        format!("-({})", call.int(1)?)
    } else {
        call.int(1)?
    };
    shift(&time(call, 2)?, &count, unit(call, 0)?)
}

/// `time` moved by `count` (SQLite text) units.
pub(crate) fn shift(time: &Typed, count: &str, unit: Unit) -> Result<Typed, String> {
    let finer = |precision: u8| DataType::DateTime64 {
        precision,
        zone: None,
    };
    let wanted = match unit {
        Unit::Nanosecond => finer(9),
        Unit::Microsecond => finer(6),
        Unit::Millisecond => finer(3),
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
