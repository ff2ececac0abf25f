//! Hashes of values of any type and of several values, put together as ClickHouse does.

use weir_api::DataType;

use super::{
    super::{
        collection,
        native::{Args, Out},
    },
    city, farm, metro, murmur, sip,
};
use crate::value::Num;

/// How one algorithm hashes bytes and puts two hashes together.
pub(super) struct Algorithm {
    pub(super) bytes: fn(&[u8]) -> u64,
    pub(super) together: fn(u64, u64) -> u64,
    /// Numbers are mixed instead of hashed by their bytes.
    pub(super) mixes: bool,
    /// Bits of a hash.
    pub(super) bits: u32,
}

pub(super) const CITY: Algorithm = Algorithm {
    bytes: city::hash64,
    together: city::combine,
    mixes: true,
    bits: 64,
};
pub(super) const FARM: Algorithm = Algorithm {
    bytes: farm::hash64,
    ..CITY
};
/// The same on every machine.
pub(super) const FARM_FINGERPRINT: Algorithm = Algorithm {
    bytes: farm::fingerprint64,
    ..CITY
};
pub(super) const METRO: Algorithm = Algorithm {
    bytes: metro::hash64,
    ..CITY
};
pub(super) const SIP: Algorithm = Algorithm {
    bytes: |bytes| sip::hash64((0, 0), bytes),
    together: |left, right| sip::hash64((0, 0), &pair64(left, right)),
    mixes: false,
    bits: 64,
};
pub(super) const XX64: Algorithm = Algorithm {
    bytes: |bytes| twox_hash::XxHash64::oneshot(0, bytes),
    together: city::combine,
    ..SIP
};
pub(super) const XX32: Algorithm = Algorithm {
    bytes: |bytes| twox_hash::XxHash32::oneshot(0, bytes).into(),
    together: |left, right| u64::from(super::int_hash32(left)) ^ right,
    mixes: false,
    bits: 32,
};
pub(super) const XX3: Algorithm = Algorithm {
    bytes: twox_hash::XxHash3_64::oneshot,
    ..XX64
};
pub(super) const MURMUR2_32: Algorithm = Algorithm {
    bytes: |bytes| murmur::two32(bytes, 0).into(),
    ..XX32
};
pub(super) const MURMUR2_64: Algorithm = Algorithm {
    bytes: |bytes| murmur::two64(bytes, 0),
    together: |left, right| super::int_hash64(left) ^ right,
    ..SIP
};
pub(super) const GCC: Algorithm = Algorithm {
    bytes: |bytes| murmur::two64(bytes, 0xc70f_6907),
    ..MURMUR2_64
};
pub(super) const KAFKA: Algorithm = Algorithm {
    bytes: |bytes| (murmur::two32(bytes, 0x9747_b28c) & 0x7fff_ffff).into(),
    ..MURMUR2_32
};
pub(super) const MURMUR3_32: Algorithm = Algorithm {
    bytes: |bytes| murmur::three32(bytes).into(),
    ..MURMUR2_32
};
pub(super) const MURMUR3_64: Algorithm = Algorithm {
    bytes: |bytes| {
        let (low, high) = murmur::three128(bytes);
        low ^ high
    },
    ..MURMUR2_64
};
pub(super) const HALF_MD5: Algorithm = Algorithm {
    bytes: super::half_md5,
    together: |left, right| super::half_md5(&pair64(left, right)),
    ..SIP
};

fn pair64(left: u64, right: u64) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&left.to_le_bytes());
    bytes[8..].copy_from_slice(&right.to_le_bytes());
    bytes
}

/// Of all arguments.
pub(super) fn hash(a: &Args<'_>, by: &Algorithm) -> Result<Out, String> {
    let mut hash = None;
    for index in 0..a.len() {
        let data_type = a.data_type(index);
        match data_type {
            DataType::Array(_) | DataType::Tuple(_) | DataType::Map(..) => {
                nested(a.text(index)?, data_type, by, &mut hash)?;
            }
            _ => add(by.value(&memory(a, index)?, data_type), by, &mut hash),
        }
    }
    Ok(hash.unwrap_or_default().into())
}

/// Of one value that is no collection of others.
pub(super) fn one(a: &Args<'_>, by: &Algorithm) -> Result<Out, String> {
    match a.data_type(0) {
        DataType::Array(_) | DataType::Tuple(_) | DataType::Map(..) => Err(format!(
            "no hash of {} here: to_json_string(x) makes a text of it",
            a.data_type(0)
        )),
        _ => hash(a, by),
    }
}

fn add(next: u64, by: &Algorithm, hash: &mut Option<u64>) {
    *hash = Some(hash.map_or(next, |before| (by.together)(before, next)));
}

impl Algorithm {
    fn value(&self, bytes: &[u8], data_type: &DataType) -> u64 {
        match data_type {
            DataType::Int(8..=64)
            | DataType::UInt(8..=64)
            | DataType::Bool
            | DataType::Float32
            | DataType::Float64
            | DataType::Date
            | DataType::DateTime { .. }
                if self.mixes =>
            {
                super::int_hash64(super::number(bytes))
            }
            _ => (self.bytes)(bytes),
        }
    }

    fn length(&self, items: usize) -> u64 {
        match self.bits {
            32 => super::int_hash32(items as u64).into(),
            _ => super::int_hash64(items as u64),
        }
    }
}

/// Of what is inside a value: of an array its length and each element, of a tuple each element as
/// if it were an argument, of a map its pairs. Types say how deep values go.
fn nested(
    json: &str,
    data_type: &DataType,
    by: &Algorithm,
    hash: &mut Option<u64>,
) -> Result<(), String> {
    match data_type {
        DataType::Array(item) => {
            let items = collection::items(json);
            add(by.length(items.len()), by, hash);
            for element in items {
                let mut one = None;
                nested(element.get(), item, by, &mut one)?;
                add(one.unwrap_or_default(), by, hash);
            }
        }
        DataType::Tuple(fields) => {
            for (element, (_, field)) in collection::items(json).into_iter().zip(fields) {
                nested(element.get(), field, by, hash)?;
            }
        }
        DataType::Nullable(_) | DataType::Map(..) => {
            return Err(format!(
                "no hash of {data_type} here: to_json_string(x) makes a text of it"
            ));
        }
        _ => {
            let bytes = element_bytes(json, data_type)?;
            add(by.value(&bytes, data_type), by, hash);
        }
    }
    Ok(())
}

fn element_bytes(json: &str, data_type: &DataType) -> Result<Vec<u8>, String> {
    let plain = collection::plain(json);
    let number = || Num::parse(&plain).ok_or_else(|| format!("no hash of {json}"));
    Ok(match data_type {
        DataType::String => plain.into_bytes(),
        DataType::Bool => vec![u8::from(json == "true")],
        DataType::Int(bits) | DataType::UInt(bits) => {
            let whole = number()?.whole().ok_or("no hash of so wide a number")?;
            cut(whole, *bits)
        }
        DataType::Float32 => (number()?.float() as f32).to_le_bytes().to_vec(),
        DataType::Float64 => number()?.float().to_le_bytes().to_vec(),
        other => {
            return Err(format!(
                "no hash of {other} inside an array or a tuple here: to_string(x) makes a text of it"
            ));
        }
    })
}

fn cut(number: i128, bits: u16) -> Vec<u8> {
    let mut bytes = number.to_le_bytes().to_vec();
    bytes.truncate(usize::from(bits / 8));
    bytes
}

/// The bytes that the engine imitated keeps of a value: of text itself, of numbers little-endian.
pub(in crate::functions) fn memory(a: &Args<'_>, index: usize) -> Result<Vec<u8>, String> {
    Ok(match a.data_type(index) {
        DataType::Int(bits) | DataType::UInt(bits) => cut(a.int(index)?, *bits),
        DataType::Bool => vec![u8::from(a.int(index)? != 0)],
        DataType::Date => (a.int(index)? as u16).to_le_bytes().to_vec(),
        DataType::DateTime { .. } => (a.int(index)? as u32).to_le_bytes().to_vec(),
        DataType::DateTime64 { .. } => (a.int(index)? as i64).to_le_bytes().to_vec(),
        DataType::Float32 => (a.float(index)? as f32).to_le_bytes().to_vec(),
        DataType::Float64 => a.float(index)?.to_le_bytes().to_vec(),
        DataType::Decimal { precision, scale } => decimal(&a.number(index)?, *precision, *scale)?,
        _ => a.bytes(index).to_vec(),
    })
}

/// A decimal without its point, in as many bytes as its precision needs.
pub(in crate::functions) fn decimal(
    number: &Num,
    precision: u8,
    scale: u8,
) -> Result<Vec<u8>, String> {
    let (digits, places) = number.scaled().ok_or("a decimal expected")?;
    let shift = u32::from(scale).saturating_sub(places);
    let whole: i128 = (digits * num_bigint::BigInt::from(10).pow(shift))
        .try_into()
        .map_err(|_| "no bytes of so wide a decimal here")?;
    Ok(cut(
        whole,
        match precision {
            0..=9 => 32,
            10..=18 => 64,
            _ => 128,
        },
    ))
}
