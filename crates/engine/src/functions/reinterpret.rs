//! `reinterpret_as_int32` and its kind: the bytes of a value as another type, the lowest first.

use rusqlite::types::ValueRef;
use weir_api::DataType;

use super::{
    hash::of::memory,
    native::{Args, Native, Out, native},
};

macro_rules! whole {
    ($($signature:literal, $bytes:literal, $signed:literal;)*) => {
        &[$(native($signature, "The bytes of the value, the lowest first, as this type; zeros where there are less.", |a| {
            let bytes = padded::<16>(a, $bytes)?;
            let number = i128::from_le_bytes(bytes);
            let shift = 128 - 8 * $bytes;
            Ok(match $signed {
                true => number << shift >> shift,
                false => number,
            }
            .into())
        })),*]
    };
}

pub(super) const WHOLE: &[Native] = whole! {
    "reinterpret_as_int8(any) -> int8", 1, true;
    "reinterpret_as_int16(any) -> int16", 2, true;
    "reinterpret_as_int32(any) -> int32", 4, true;
    "reinterpret_as_int64(any) -> int64", 8, true;
    "reinterpret_as_uint8(any) -> uint8", 1, false;
    "reinterpret_as_uint16(any) -> uint16", 2, false;
    "reinterpret_as_uint32(any) -> uint32", 4, false;
    "reinterpret_as_uint64(any) -> uint64", 8, false;
    "reinterpret_as_date(any) -> date", 2, false;
    "reinterpret_as_datetime(any) -> datetime", 4, false;
};

pub(super) const FUNCTIONS: &[Native] = &[
    native(
        "reinterpret_as_float32(any) -> float32",
        "The bytes of the value, the lowest first, as a float.",
        |a| Ok(f64::from(f32::from_le_bytes(padded(a, 4)?)).into()),
    ),
    native(
        "reinterpret_as_float64(any) -> float64",
        "The bytes of the value, the lowest first, as a float.",
        |a| Ok(f64::from_le_bytes(padded(a, 8)?).into()),
    ),
    native(
        "reinterpret_as_string(any) -> string",
        "The bytes of the value, the lowest first, without zeros at the end.",
        |a| {
            let mut bytes = plain(a)?;
            if !matches!(a.data_type(0), DataType::String | DataType::FixedString(_)) {
                while bytes.last() == Some(&0) {
                    bytes.pop();
                }
            }
            Ok(bytes.into())
        },
    ),
    native(
        "byte_size(value, value…) -> uint64",
        "The bytes that the values take in memory without compression.",
        |a| {
            let sizes = (0..a.len()).map(|index| size(a, index));
            sizes.sum::<Result<u64, String>>().map(Out::from)
        },
    ),
];

/// The bytes of a value that is no collection of others.
fn plain(a: &Args<'_>) -> Result<Vec<u8>, String> {
    match a.data_type(0) {
        DataType::Array(_) | DataType::Map(..) | DataType::Tuple(_) => Err(format!(
            "takes a number, a text or a time, not {}",
            a.data_type(0)
        )),
        _ => memory(a, 0),
    }
}

fn padded<const N: usize>(a: &Args<'_>, most: usize) -> Result<[u8; N], String> {
    let mut bytes = [0; N];
    let given = plain(a)?;
    let places = bytes.iter_mut().take(most);
    places.zip(given).for_each(|(place, byte)| *place = byte);
    Ok(bytes)
}

fn size(a: &Args<'_>, index: usize) -> Result<u64, String> {
    if a.raw(index) == ValueRef::Null {
        return Ok(1);
    }
    fixed(a.data_type(index)).map_or_else(
        || match a.data_type(index) {
            DataType::String => Ok(a.bytes(index).len() as u64 + 8),
            DataType::Array(item) => match fixed(item) {
                Some(size) => Ok(a.items(index)?.len() as u64 * size + 8),
                None => Err(unknown(a.data_type(index))),
            },
            other => Err(unknown(other)),
        },
        Ok,
    )
}

fn unknown(data_type: &DataType) -> String {
    format!("how many bytes {data_type} takes is not known here")
}

fn fixed(data_type: &DataType) -> Option<u64> {
    Some(match data_type {
        DataType::Int(bits) | DataType::UInt(bits) => u64::from(*bits / 8),
        DataType::Bool => 1,
        DataType::Date => 2,
        DataType::Float32 | DataType::DateTime { .. } | DataType::Ipv4 => 4,
        DataType::Float64 | DataType::DateTime64 { .. } => 8,
        DataType::Uuid | DataType::Ipv6 => 16,
        DataType::FixedString(length) => u64::from(*length),
        DataType::Decimal { precision, .. } => match precision {
            0..=9 => 4,
            10..=18 => 8,
            19..=38 => 16,
            _ => 32,
        },
        _ => return None,
    })
}
