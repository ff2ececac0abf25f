//! What SQLite calls to convert and to compute.

use rusqlite::{Connection, functions::Context, types::Value};
use weir_api::DataType;

use super::super::{parsed, scalar, text_arg};
use crate::{
    codec,
    value::{Num, Op, arithmetic, convert, owned},
};

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

pub(in crate::functions) fn register(conn: &Connection) -> rusqlite::Result<()> {
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
