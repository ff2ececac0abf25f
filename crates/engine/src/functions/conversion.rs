//! `to_<type>(x)`, `cast(x, 'type')`.

use rusqlite::{Connection, functions::Context, types::Value};
use weir_api::DataType;

use super::{Call, Function, parsed, scalar, text_arg, time::shift::zone_argument};
use crate::{
    codec,
    typed::{Literal, Typed, escape, sql_literal},
    types,
    value::{Num, Op, arithmetic, convert, owned},
};

/// Of each type: the value as it, and what comes where it does not fit.
macro_rules! families {
    ($($type:literal: $to:literal, $null:literal, $zero:literal, $default:literal;)*) => {
        &[$([
            Function {
                names: &[$to],
                signature: concat!($to, "(any) -> ", $type),
                help: concat!("The value as ", $type, "; an error where it does not fit."),
                arguments: (1, 1),
                build: |call| call.args[0].cast(&data_type($type)?),
            },
            Function {
                names: &[$null],
                signature: concat!($null, "(any) -> nullable(", $type, ")"),
                help: concat!("The value as ", $type, ", NULL where it does not fit."),
                arguments: (1, 1),
                build: |call| Ok(try_cast(&call.args[0], &data_type($type)?)),
            },
            Function {
                names: &[$zero],
                signature: concat!($zero, "(any) -> ", $type),
                help: concat!("The value as ", $type, ", the type's zero where it does not fit."),
                arguments: (1, 1),
                build: |call| or_else(call, &data_type($type)?, None),
            },
            Function {
                names: &[$default],
                signature: concat!($default, "(any[, any]) -> ", $type),
                help: concat!("The value as ", $type, ", the second (or the type's zero) where it does not fit."),
                arguments: (1, 2),
                build: |call| or_else(call, &data_type($type)?, call.args.get(1)),
            },
        ]),*]
    };
}

pub(super) const FAMILIES: &[[Function; 4]] = families! {
    "int8": "to_int8", "to_int8_or_null", "to_int8_or_zero", "to_int8_or_default";
    "int16": "to_int16", "to_int16_or_null", "to_int16_or_zero", "to_int16_or_default";
    "int32": "to_int32", "to_int32_or_null", "to_int32_or_zero", "to_int32_or_default";
    "int64": "to_int64", "to_int64_or_null", "to_int64_or_zero", "to_int64_or_default";
    "int128": "to_int128", "to_int128_or_null", "to_int128_or_zero", "to_int128_or_default";
    "int256": "to_int256", "to_int256_or_null", "to_int256_or_zero", "to_int256_or_default";
    "uint8": "to_uint8", "to_uint8_or_null", "to_uint8_or_zero", "to_uint8_or_default";
    "uint16": "to_uint16", "to_uint16_or_null", "to_uint16_or_zero", "to_uint16_or_default";
    "uint32": "to_uint32", "to_uint32_or_null", "to_uint32_or_zero", "to_uint32_or_default";
    "uint64": "to_uint64", "to_uint64_or_null", "to_uint64_or_zero", "to_uint64_or_default";
    "uint128": "to_uint128", "to_uint128_or_null", "to_uint128_or_zero", "to_uint128_or_default";
    "uint256": "to_uint256", "to_uint256_or_null", "to_uint256_or_zero", "to_uint256_or_default";
    "float32": "to_float32", "to_float32_or_null", "to_float32_or_zero", "to_float32_or_default";
    "float64": "to_float64", "to_float64_or_null", "to_float64_or_zero", "to_float64_or_default";
    "int32": "to_int", "to_int_or_null", "to_int_or_zero", "to_int_or_default";
    "uint32": "to_uint", "to_uint_or_null", "to_uint_or_zero", "to_uint_or_default";
    "float64": "to_float", "to_float_or_null", "to_float_or_zero", "to_float_or_default";
    "bool": "to_bool", "to_bool_or_null", "to_bool_or_zero", "to_bool_or_default";
    "uuid": "to_uuid", "to_uuid_or_null", "to_uuid_or_zero", "to_uuid_or_default";
    "ipv4": "to_ipv4", "to_ipv4_or_null", "to_ipv4_or_zero", "to_ipv4_or_default";
    "ipv6": "to_ipv6", "to_ipv6_or_null", "to_ipv6_or_zero", "to_ipv6_or_default";
};

/// To decimals of a width, the scale being the second argument.
macro_rules! decimals {
    ($($precision:literal: $to:literal, $null:literal, $zero:literal;)*) => {
        &[$([
            Function {
                names: &[$to],
                signature: concat!($to, "(any, scale) -> decimal"),
                help: "The value as a decimal with so many fraction digits.",
                arguments: (2, 2),
                build: |call| call.args[0].cast(&decimal(call, $precision)?),
            },
            Function {
                names: &[$null],
                signature: concat!($null, "(any, scale) -> nullable(decimal)"),
                help: "The value as a decimal with so many fraction digits, NULL where it does not fit.",
                arguments: (2, 2),
                build: |call| Ok(try_cast(&call.args[0], &decimal(call, $precision)?)),
            },
            Function {
                names: &[$zero],
                signature: concat!($zero, "(any, scale) -> decimal"),
                help: "The value as a decimal with so many fraction digits, 0 where it does not fit.",
                arguments: (2, 2),
                build: |call| or_else(call, &decimal(call, $precision)?, None),
            },
        ]),*]
    };
}

pub(super) const DECIMALS: &[[Function; 3]] = decimals! {
    9: "to_decimal32", "to_decimal32_or_null", "to_decimal32_or_zero";
    18: "to_decimal64", "to_decimal64_or_null", "to_decimal64_or_zero";
    38: "to_decimal128", "to_decimal128_or_null", "to_decimal128_or_zero";
    76: "to_decimal256", "to_decimal256_or_null", "to_decimal256_or_zero";
    38: "to_decimal", "to_decimal_or_null", "to_decimal_or_zero";
};

/// Times of a type and what comes where the value is none.
macro_rules! times {
    ($($to:literal $(| $alias:literal)*, $zone:literal, $failing:literal, $help:literal, $type:expr;)*) => {
        &[$(Function {
            names: &[$to $(, $alias)*],
            signature: concat!($to, "(any[, …[, 'zone']]) -> time"),
            help: $help,
            arguments: (1, $zone + 1),
            build: |call| {
                let data_type: fn(&Call<'_>) -> Result<DataType, String> = $type;
                timed(call, &data_type(call)?, $zone, $failing)
            },
        }),*]
    };
}

pub(super) const TIMES: &[Function] = times! {
    "to_date" | "to_date32", 1, "error", "The value as a date, of a time in its zone; numbers are days since 1970, above 65535 seconds.", |_| Ok(DataType::Date);
    "to_date_or_null" | "to_date32_or_null", 1, "null", "As to_date, NULL where the value is none.", |_| Ok(DataType::Date);
    "to_date_or_zero" | "to_date32_or_zero", 1, "zero", "As to_date, 1970-01-01 where the value is none.", |_| Ok(DataType::Date);
    "to_datetime" | "to_datetime32", 1, "error", "The value as a time of whole seconds; numbers are seconds since 1970.", |call| Ok(DataType::DateTime { zone: zone_argument(call, 1)? });
    "to_datetime_or_null", 1, "null", "As to_datetime, NULL where the value is none.", |call| Ok(DataType::DateTime { zone: zone_argument(call, 1)? });
    "to_datetime_or_zero", 1, "zero", "As to_datetime, 1970-01-01 where the value is none.", |call| Ok(DataType::DateTime { zone: zone_argument(call, 1)? });
    "to_datetime64", 2, "error", "The value as a time with a fraction, three digits unless told.", datetime64;
    "to_datetime64_or_null", 2, "null", "As to_datetime64, NULL where the value is none.", datetime64;
    "to_datetime64_or_zero", 2, "zero", "As to_datetime64, 1970-01-01 where the value is none.", datetime64;
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
        build: |call| or_else(call, &named(call, 1)?, call.args.get(2)),
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
    let data_type = DataType::parse(name)?;
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

/// `default`, or the type's zero, where the value does not fit.
fn or_else(call: &Call<'_>, to: &DataType, default: Option<&Typed>) -> Result<Typed, String> {
    let default = match default {
        Some(default) => default.cast(to)?.sql,
        None => sql_literal(&codec::default_value(to)),
    };
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
        "zero" => or_else(&call.with(&[shown]), to, None),
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

fn two_types(text: &str) -> Result<(DataType, DataType), String> {
    let (from, to) = text.split_once('\n').ok_or("two types expected")?;
    Ok((DataType::parse(from)?, DataType::parse(to)?))
}

fn operation(text: &str) -> Result<(Op, DataType), String> {
    let op = match text.as_bytes().first() {
        Some(b'+') => Op::Add,
        Some(b'-') => Op::Subtract,
        Some(b'*') => Op::Multiply,
        Some(b'/') => Op::Divide,
        _ => Op::Modulo,
    };
    Ok((op, DataType::parse(text.get(1..).unwrap_or_default())?))
}

pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    scalar(conn, "_cast", 2, |context| {
        let types = parsed(context, two_types)?;
        convert(context.get_raw(1), &types.0, &types.1)
    })?;
    scalar(conn, "_try_cast", 2, |context| {
        let types = parsed(context, two_types)?;
        Ok(convert(context.get_raw(1), &types.0, &types.1).unwrap_or(Value::Null))
    })?;
    scalar(conn, "_throw_if", 2, |context| {
        match Num::read(context.get_raw(0))? {
            Some(number) if number.float() != 0.0 => {
                Err(text_arg(context, 1)?.unwrap_or("throw_if").to_string())
            }
            _ => Ok(Value::Integer(0)),
        }
    })?;
    scalar(conn, "_enum_number", 2, |context| {
        let (Some(definition), Some(name)) = (text_arg(context, 0)?, text_arg(context, 1)?) else {
            return Ok(Value::Null);
        };
        Ok(codec::enum_number(definition, name).map_or(Value::Null, Value::Integer))
    })?;
    scalar(conn, "_op", 3, |context| {
        let operation = parsed(context, operation)?;
        arithmetic(
            operation.0,
            context.get_raw(1),
            context.get_raw(2),
            &operation.1,
        )
    })?;
    // Any number as digits, for comparison under the collation WIDE.
    scalar(conn, "_digits", 1, |context| {
        let number = Num::read(context.get_raw(0))?;
        Ok(match number {
            None => Value::Null,
            Some(Num::Int(number)) => Value::Text(number.to_string()),
            Some(other) => match other.scaled() {
                Some(_) => owned(context.get_raw(0)),
                None => Value::Text(format!("{}", other.float())),
            },
        })
    })?;
    conn.create_scalar_function("_now_ms", 0, Default::default(), |_| {
        Ok(chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now()).timestamp_millis())
    })?;
    scalar(conn, "_uuid", 1, |context| {
        let mut bytes = [0; 16];
        random(context, 0, &mut bytes)?;
        Ok(uuid(bytes, 4))
    })?;
    scalar(conn, "_uuidv7", 2, |context| {
        let mut bytes = [0; 16];
        timed_random(context, &mut bytes)?;
        Ok(uuid(bytes, 7))
    })?;
    scalar(conn, "_ulid", 2, |context| {
        let mut bytes = [0; 16];
        timed_random(context, &mut bytes)?;
        Ok(Value::Text(ulid(u128::from_be_bytes(bytes))))
    })
}

/// The bytes of an argument at the end of `bytes`.
fn random(context: &Context<'_>, index: usize, bytes: &mut [u8]) -> Result<(), String> {
    let given = context.get_raw(index);
    let given = given.as_blob().map_err(|error| error.to_string())?;
    let places = bytes.iter_mut().rev();
    places.zip(given).for_each(|(place, byte)| *place = *byte);
    Ok(())
}

/// Milliseconds since 1970 in 48 bits, then what is random.
fn timed_random(context: &Context<'_>, bytes: &mut [u8; 16]) -> Result<(), String> {
    let ms = context.get::<i64>(0).map_err(|error| error.to_string())?;
    bytes[..6].copy_from_slice(&ms.to_be_bytes()[2..]);
    random(context, 1, &mut bytes[6..])
}

fn uuid(mut bytes: [u8; 16], version: u8) -> Value {
    bytes[6] = bytes[6] & 0x0f | version << 4;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let mut text = format!("{:032x}", u128::from_be_bytes(bytes));
    for place in [20, 16, 12, 8] {
        text.insert(place, '-');
    }
    Value::Text(text)
}

/// 26 digits of Crockford's Base32.
fn ulid(number: u128) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    (0..26)
        .rev()
        .map(|place| char::from(DIGITS[(number >> (place * 5) & 31) as usize]))
        .collect()
}
