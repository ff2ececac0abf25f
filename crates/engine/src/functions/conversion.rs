//! `to_<type>(x)`, `cast(x, 'type')`.

mod families;
mod run;

use weir_api::DataType;

pub(super) use self::{
    families::{DECIMALS, FAMILIES, TIMES, TIMES_OR},
    run::register,
};
use super::{Call, Function, time::shift::zone_argument};
use crate::{
    codec,
    typed::{Literal, Typed, escape, sql_literal},
    types,
};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        names: &["to_string"],
        signature: "to_string(any[, 'zone']) -> string",
        help: "The value as text; a time in its zone or in the one that is named.",
        arguments: (1, 2),
        build: |call| shown_in(call)?.cast(&DataType::String),
    },
    Function {
        names: &["to_fixed_string"],
        signature: "to_fixed_string(string, n) -> fixed_string(n)",
        help: "The text as one of at most so many bytes.",
        arguments: (2, 2),
        build: |call| {
            let length = match &call.args[1].literal {
                Literal::Number(text) => text.parse().ok(),
                _ => None,
            };
            let length = length.ok_or("argument 2 is a number of bytes")?;
            call.args[0].cast(&DataType::FixedString(length))
        },
    },
    Function {
        names: &["accurate_cast"],
        signature: "accurate_cast(any, 'type') -> type",
        help: "As cast: what does not fit is an error.",
        arguments: (2, 2),
        build: |call| call.args[0].cast(&named(call, 1)?),
    },
    Function {
        names: &["accurate_cast_or_null"],
        signature: "accurate_cast_or_null(any, 'type') -> nullable(type)",
        help: "The value as the type, NULL where it does not fit.",
        arguments: (2, 2),
        build: |call| Ok(try_cast(&call.args[0], &named(call, 1)?)),
    },
    Function {
        names: &["accurate_cast_or_default"],
        signature: "accurate_cast_or_default(any, 'type'[, any]) -> type",
        help: "The value as the type, the third (or the type's zero) where it does not fit.",
        arguments: (2, 3),
        build: |call| or_default(call, &named(call, 1)?, 2),
    },
    Function {
        names: &["default_value_of_type_name"],
        signature: "default_value_of_type_name('type') -> type",
        help: "The type's zero.",
        arguments: (1, 1),
        build: |call| {
            let data_type = named(call, 0)?;
            Ok(Typed::new(
                sql_literal(&codec::default_value(&data_type)),
                data_type,
            ))
        },
    },
    Function {
        names: &["default_value_of_argument_type"],
        signature: "default_value_of_argument_type(any) -> any",
        help: "The zero of the value's type.",
        arguments: (1, 1),
        build: |call| {
            let data_type = call.args[0].data_type.clone();
            Ok(Typed::new(
                sql_literal(&codec::default_value(&data_type)),
                data_type,
            ))
        },
    },
    Function {
        names: &["to_nullable"],
        signature: "to_nullable(any) -> nullable(any)",
        help: "The value, as one that may be NULL.",
        arguments: (1, 1),
        build: |call| {
            let arg = &call.args[0];
            Ok(Typed::new(
                arg.sql.clone(),
                types::nullable(arg.data_type.clone()),
            ))
        },
    },
    Function {
        names: &["assume_not_null"],
        signature: "assume_not_null(nullable(any)) -> any",
        help: "The value, the type's zero where it is NULL.",
        arguments: (1, 1),
        build: |call| {
            let inner = call.args[0].data_type.inner().clone();
            let zero = sql_literal(&codec::default_value(&inner));
            Ok(Typed::new(
                format!("coalesce({}, {zero})", call.args[0].sql),
                inner,
            ))
        },
    },
    Function {
        names: &["to_low_cardinality", "identity", "materialize"],
        signature: "identity(any) -> any",
        help: "The value itself.",
        arguments: (1, 1),
        build: |call| call.args[0].clone().value(),
    },
    Function {
        names: &["ignore"],
        signature: "ignore(any, …) -> uint8",
        help: "0, whatever the values are.",
        arguments: (0, 100),
        build: |_| Ok(Typed::new("0", DataType::UInt(8))),
    },
    Function {
        names: &["cast"],
        signature: "cast(any, 'type') -> type",
        help: "The value as the type; CAST(x AS type) and x::type are the same.",
        arguments: (2, 2),
        build: |call| call.args[0].cast(&named(call, 1)?),
    },
    Function {
        names: &["to_type_name"],
        signature: "to_type_name(any) -> string",
        help: "The name of the value's type.",
        arguments: (1, 1),
        build: |call| Ok(Typed::text(&call.args[0].data_type.to_string())),
    },
    Function {
        names: &["uuid", "generate_uuidv4"],
        signature: "uuid([any]) -> uuid",
        help: "A random UUID; of different arguments different ones.",
        arguments: (0, 1),
        build: |_| Ok(Typed::new("_uuid(randomblob(16))", DataType::Uuid)),
    },
    Function {
        names: &[
            "generate_uuidv7",
            "uuid7",
            "generate_uuidv7_thread_monotonic",
            "generate_uuidv7_non_monotonic",
        ],
        signature: "generate_uuidv7([any]) -> uuid",
        help: "A random UUID that begins with the time, of version 7.",
        arguments: (0, 1),
        build: |_| {
            Ok(Typed::new(
                "_uuidv7(_now_ms(), randomblob(10))",
                DataType::Uuid,
            ))
        },
    },
    Function {
        names: &["generate_ulid"],
        signature: "generate_ulid([any]) -> string",
        help: "A random ULID: 26 letters and digits that begin with the time.",
        arguments: (0, 1),
        build: |_| {
            Ok(Typed::new(
                "_ulid(_now_ms(), randomblob(10))",
                DataType::String,
            ))
        },
    },
    Function {
        names: &["version"],
        signature: "version() -> string",
        help: "The version of the engine.",
        arguments: (0, 0),
        build: |_| Ok(Typed::text(env!("CARGO_PKG_VERSION"))),
    },
];

/// A type by its name; its time zones have to exist.
pub(crate) fn data_type(name: &str) -> Result<DataType, String> {
    let data_type = types::parse(name)?;
    crate::zone::check(&data_type)?;
    Ok(data_type)
}

fn named(call: &Call<'_>, index: usize) -> Result<DataType, String> {
    match &call.args[index].literal {
        Literal::Text(name) => data_type(name),
        _ => Err("the type is a text in quotes".to_string()),
    }
}

fn decimal(call: &Call<'_>, precision: u8) -> Result<DataType, String> {
    let scale = digits(call, 1, precision)?;
    Ok(DataType::Decimal { precision, scale })
}

fn datetime64(call: &Call<'_>) -> Result<DataType, String> {
    let precision = if call.args.len() > 1 {
        digits(call, 1, 9)?
    } else {
        3
    };
    Ok(DataType::DateTime64 {
        precision,
        zone: zone_argument(call, 2)?,
    })
}

/// The type's zero where the value does not fit.
fn or_zero(call: &Call<'_>, to: &DataType) -> Result<Typed, String> {
    let default = sql_literal(&codec::default_value(to));
    let value = &call.args[0];
    let mut sql = format!("coalesce({}, {default})", try_cast(value, to).sql);
    let null = value.data_type.is_nullable();
    if null {
        sql = format!("CASE WHEN {} IS NULL THEN NULL ELSE {sql} END", value.sql);
    }
    Ok(Typed::new(
        sql,
        types::nullable_if(to.inner().clone(), null),
    ))
}

/// The argument of that place, or the type's zero, where the value is NULL or does not fit.
fn or_default(call: &Call<'_>, to: &DataType, place: usize) -> Result<Typed, String> {
    let default = match call.args.get(place) {
        Some(default) => default.cast(to)?,
        None => Typed::new(sql_literal(&codec::default_value(to)), to.clone()),
    };
    let sql = format!(
        "coalesce({}, {})",
        try_cast(&call.args[0], to).sql,
        default.sql
    );
    let null = default.data_type.is_nullable();
    Ok(Typed::new(
        sql,
        types::nullable_if(to.inner().clone(), null),
    ))
}

/// A time's type changed to the zone that the second argument names.
fn shown_in(call: &Call<'_>) -> Result<Typed, String> {
    let zone = zone_argument(call, 1)?;
    let arg = &call.args[0];
    match (zone, arg.data_type.inner()) {
        (None, _) | (_, DataType::Date) => Ok(arg.clone()),
        (zone, DataType::DateTime { .. }) => arg.cast(&DataType::DateTime { zone }),
        (zone, DataType::DateTime64 { precision, .. }) => arg.cast(&DataType::DateTime64 {
            precision: *precision,
            zone,
        }),
        (_, other) => Err(format!("only a time has a zone, not {other}")),
    }
}

fn timed(
    call: &Call<'_>,
    to: &DataType,
    zone_index: usize,
    failing: &str,
) -> Result<Typed, String> {
    let arg = &call.args[0];
    let of_time = matches!(
        arg.data_type.inner(),
        DataType::DateTime { .. } | DataType::DateTime64 { .. }
    );
    let shown = if *to == DataType::Date && zone_index < call.args.len() && of_time {
        shown_in(call)?
    } else {
        arg.clone()
    };
    match failing {
        "null" => Ok(try_cast(&shown, to)),
        "zero" => or_zero(&call.with(&[shown]), to),
        _ => shown.cast(to),
    }
}

/// Like [`Typed::cast`], with NULL where the value does not fit.
pub(crate) fn try_cast(value: &Typed, to: &DataType) -> Typed {
    let types = escape(&format!("{}\n{}", value.data_type.inner(), to.inner()));
    Typed::new(
        format!("_try_cast('{types}', {})", value.sql),
        types::nullable(to.inner().clone()),
    )
}

pub(super) fn digits(call: &Call<'_>, index: usize, most: u8) -> Result<u8, String> {
    match &call.args[index].literal {
        Literal::Number(text) => text.parse().ok().filter(|digits| *digits <= most),
        _ => None,
    }
    .ok_or_else(|| format!("argument {} is a number from 0 to {most}", index + 1))
}
