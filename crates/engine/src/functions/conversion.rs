//! `to_<type>(x)`, `cast(x, 'type')`.

use rusqlite::{Connection, types::Value};
use weir_api::DataType;

use super::{Call, Function, parsed, scalar};
use crate::{
    typed::{Literal, Typed, escape},
    types,
    value::{Num, Op, arithmetic, convert, owned},
};

macro_rules! to {
    ($name:literal, "", $type:literal) => {
        to!($name, $type, |call| call.args[0].cast(&parse($type)?))
    };
    ($name:literal, $type:literal, $build:expr) => {
        Function {
            names: &[$name],
            signature: concat!($name, "(any) -> ", $type),
            help: concat!("The value as ", $type, "."),
            arguments: (1, 1),
            build: $build,
        }
    };
}

macro_rules! or_null {
    ($name:literal, $type:literal) => {
        Function {
            names: &[$name],
            signature: concat!($name, "(any) -> nullable(", $type, ")"),
            help: concat!("The value as ", $type, ", NULL where it is none."),
            arguments: (1, 1),
            build: |call| Ok(try_cast(&call.args[0], &parse($type)?)),
        }
    };
}

pub(super) const FUNCTIONS: &[Function] = &[
    to!("to_int8", "", "int8"),
    to!("to_int16", "", "int16"),
    to!("to_int32", "", "int32"),
    to!("to_int64", "", "int64"),
    to!("to_int128", "", "int128"),
    to!("to_int256", "", "int256"),
    to!("to_uint8", "", "uint8"),
    to!("to_uint16", "", "uint16"),
    to!("to_uint32", "", "uint32"),
    to!("to_uint64", "", "uint64"),
    to!("to_uint128", "", "uint128"),
    to!("to_uint256", "", "uint256"),
    to!("to_float32", "", "float32"),
    to!("to_float64", "", "float64"),
    to!("to_bool", "", "bool"),
    to!("to_string", "", "string"),
    to!("to_uuid", "", "uuid"),
    to!("to_ipv4", "", "ipv4"),
    to!("to_ipv6", "", "ipv6"),
    to!("to_date", "", "date"),
    or_null!("to_int32_or_null", "int32"),
    or_null!("to_int64_or_null", "int64"),
    or_null!("to_uint64_or_null", "uint64"),
    or_null!("to_float64_or_null", "float64"),
    or_null!("to_date_or_null", "date"),
    or_null!("to_datetime_or_null", "datetime"),
    Function {
        names: &["to_datetime"],
        signature: "to_datetime(any[, 'zone']) -> datetime",
        help: "The value as a time of whole seconds; numbers are seconds since 1970.",
        arguments: (1, 2),
        build: |call| {
            call.args[0].cast(&DataType::DateTime {
                zone: zone(call, 1)?,
            })
        },
    },
    Function {
        names: &["to_datetime64", "to_time"],
        signature: "to_datetime64(any[, digits[, 'zone']]) -> datetime64",
        help: "The value as a time with a fraction, three digits unless told.",
        arguments: (1, 3),
        build: |call| {
            let precision = if call.args.len() > 1 {
                digits(call, 1, 9)?
            } else {
                3
            };
            call.args[0].cast(&DataType::DateTime64 {
                precision,
                zone: zone(call, 2)?,
            })
        },
    },
    Function {
        names: &["to_decimal"],
        signature: "to_decimal(any, scale) -> decimal(38, scale)",
        help: "The value as a decimal with so many fraction digits.",
        arguments: (2, 2),
        build: |call| {
            let scale = digits(call, 1, 38)?;
            call.args[0].cast(&DataType::Decimal {
                precision: 38,
                scale,
            })
        },
    },
    Function {
        names: &["cast"],
        signature: "cast(any, 'type') -> type",
        help: "The value as the type; CAST(x AS type) and x::type are the same.",
        arguments: (2, 2),
        build: |call| match &call.args[1].literal {
            Literal::Text(name) => call.args[0].cast(&parse(name)?),
            _ => Err("the type is a text in quotes".to_string()),
        },
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
        signature: "uuid() -> uuid",
        help: "A random UUID.",
        arguments: (0, 0),
        build: |_| Ok(Typed::new("_uuid(randomblob(16))", DataType::Uuid)),
    },
    Function {
        names: &["version"],
        signature: "version() -> string",
        help: "The version of the engine.",
        arguments: (0, 0),
        build: |_| Ok(Typed::text(env!("CARGO_PKG_VERSION"))),
    },
];

fn parse(name: &str) -> Result<DataType, String> {
    DataType::parse(name)
}

/// Like [`Typed::cast`], with NULL where the value does not fit.
pub(crate) fn try_cast(value: &Typed, to: &DataType) -> Typed {
    let types = escape(&format!("{}\n{}", value.data_type.inner(), to.inner()));
    Typed::new(
        format!("_try_cast('{types}', {})", value.sql),
        types::nullable(to.inner().clone()),
    )
}

fn digits(call: &Call<'_>, index: usize, most: u8) -> Result<u8, String> {
    match &call.args[index].literal {
        Literal::Number(text) => text.parse().ok().filter(|digits| *digits <= most),
        _ => None,
    }
    .ok_or_else(|| format!("argument {} is a number from 0 to {most}", index + 1))
}

fn zone(call: &Call<'_>, index: usize) -> Result<Option<String>, String> {
    match call.args.get(index).map(|arg| &arg.literal) {
        None => Ok(None),
        Some(Literal::Text(zone)) => Ok(Some(zone.clone())),
        Some(_) => Err("the time zone is a text in quotes".to_string()),
    }
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
        let bytes = context
            .get_raw(0)
            .as_blob()
            .map_err(|error| error.to_string())?;
        let mut text = String::with_capacity(36);
        for (index, byte) in bytes.iter().take(16).enumerate() {
            let byte = match index {
                6 => byte & 0x0f | 0x40,
                8 => byte & 0x3f | 0x80,
                _ => *byte,
            };
            if matches!(index, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            text.push_str(&format!("{byte:02x}"));
        }
        Ok(Value::Text(text))
    })
}
