//! Hashes.

use md4::Md4;
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512, Sha512_256};
use weir_api::DataType;

use super::native::{Args, Native, native};

mod city;
mod consistent;
mod farm;
mod metro;
mod murmur;
pub(super) mod of;
mod sip;

pub(super) const FUNCTIONS: &[Native] = &[
    native(
        "md5(string) -> fixed_string(16)",
        "MD5; hex(md5(x)) shows it.",
        |a| Ok(Md5::digest(a.bytes(0)).to_vec().into()),
    ),
    native("sha1(string) -> fixed_string(20)", "SHA-1.", |a| {
        Ok(Sha1::digest(a.bytes(0)).to_vec().into())
    }),
    native("sha224(string) -> fixed_string(28)", "SHA-224.", |a| {
        Ok(Sha224::digest(a.bytes(0)).to_vec().into())
    }),
    native("sha256(string) -> fixed_string(32)", "SHA-256.", |a| {
        Ok(Sha256::digest(a.bytes(0)).to_vec().into())
    }),
    native("sha384(string) -> fixed_string(48)", "SHA-384.", |a| {
        Ok(Sha384::digest(a.bytes(0)).to_vec().into())
    }),
    native("sha512(string) -> fixed_string(64)", "SHA-512.", |a| {
        Ok(Sha512::digest(a.bytes(0)).to_vec().into())
    }),
    native(
        "sha512_256(string) -> fixed_string(32)",
        "SHA-512 cut to 256 bits, with its own start.",
        |a| Ok(Sha512_256::digest(a.bytes(0)).to_vec().into()),
    ),
    native("md4(string) -> fixed_string(16)", "MD4.", |a| {
        Ok(Md4::digest(a.bytes(0)).to_vec().into())
    }),
    native(
        "half_md5(any, any…) -> uint64",
        "The first eight bytes of MD5.",
        |a| of::hash(a, &of::HALF_MD5),
    ),
    native(
        "sip_hash64(any, any…) -> uint64",
        "SipHash of 64 bits.",
        |a| of::hash(a, &of::SIP),
    ),
    native(
        "sip_hash64_keyed(any, any) -> uint64",
        "SipHash of 64 bits with a key of two numbers: sip_hash64_keyed((1, 2), x).",
        |a| Ok(sip::hash64(key(a)?, &of::memory(a, 1)?).into()),
    ),
    native(
        "sip_hash128(any) -> fixed_string(16)",
        "SipHash of 128 bits, as ClickHouse has it.",
        |a| Ok(sip::hash128((0, 0), &of::memory(a, 0)?).to_vec().into()),
    ),
    native(
        "sip_hash128_keyed(any, any) -> fixed_string(16)",
        "As sip_hash128, with a key of two numbers.",
        |a| Ok(sip::hash128(key(a)?, &of::memory(a, 1)?).to_vec().into()),
    ),
    native(
        "sip_hash128_reference(any) -> fixed_string(16)",
        "SipHash of 128 bits, as its authors have it.",
        |a| {
            Ok(sip::reference128((0, 0), &of::memory(a, 0)?)
                .to_vec()
                .into())
        },
    ),
    native(
        "city_hash64(any, any…) -> uint64",
        "CityHash 1.0.2 of 64 bits, of all arguments.",
        |a| of::hash(a, &of::CITY),
    ),
    native(
        "farm_hash64(any, any…) -> uint64",
        "FarmHash of 64 bits, of all arguments.",
        |a| of::hash(a, &of::FARM),
    ),
    native(
        "farm_fingerprint64(any) -> uint64",
        "FarmHash's fingerprint of 64 bits, the same on every machine.",
        |a| of::one(a, &of::FARM_FINGERPRINT),
    ),
    native(
        "metro_hash64(any, any…) -> uint64",
        "MetroHash of 64 bits, of all arguments.",
        |a| of::hash(a, &of::METRO),
    ),
    native(
        "xx_hash32(any, any…) -> uint32",
        "xxHash of 32 bits.",
        |a| of::hash(a, &of::XX32),
    ),
    native(
        "xx_hash64(any, any…) -> uint64",
        "xxHash of 64 bits.",
        |a| of::hash(a, &of::XX64),
    ),
    native("xxh3(any, any…) -> uint64", "xxHash 3 of 64 bits.", |a| {
        of::hash(a, &of::XX3)
    }),
    native(
        "murmur_hash2_32(any, any…) -> uint32",
        "MurmurHash2 of 32 bits.",
        |a| of::hash(a, &of::MURMUR2_32),
    ),
    native(
        "murmur_hash2_64(any, any…) -> uint64",
        "MurmurHash2 of 64 bits.",
        |a| of::hash(a, &of::MURMUR2_64),
    ),
    native(
        "gcc_murmur_hash(any, any…) -> uint64",
        "MurmurHash2 of 64 bits, as the GNU compiler's library seeds it.",
        |a| of::hash(a, &of::GCC),
    ),
    native(
        "kafka_murmur_hash(any, any…) -> uint32",
        "MurmurHash2 of 32 bits, as Kafka seeds it.",
        |a| of::hash(a, &of::KAFKA),
    ),
    native(
        "murmur_hash3_32(any, any…) -> uint32",
        "MurmurHash3 of 32 bits.",
        |a| of::hash(a, &of::MURMUR3_32),
    ),
    native(
        "murmur_hash3_64(any, any…) -> uint64",
        "MurmurHash3 of 64 bits.",
        |a| of::hash(a, &of::MURMUR3_64),
    ),
    native(
        "murmur_hash3_128(any) -> fixed_string(16)",
        "MurmurHash3 of 128 bits.",
        |a| {
            let (low, high) = murmur::three128(&of::memory(a, 0)?);
            Ok([low.to_le_bytes(), high.to_le_bytes()].concat().into())
        },
    ),
    native(
        "jump_consistent_hash(integer, integer) -> int32",
        "The bucket, from 0, of a hash among so many.",
        |a| {
            let buckets = buckets(a, i32::MAX as i128)?;
            Ok(consistent::jump(a.int(0)? as u64, buckets as i64).into())
        },
    ),
    native(
        "kostik_consistent_hash|yandex_consistent_hash(integer, integer) -> uint16",
        "The bucket, from 0, of a hash among so many, 32,768 at most.",
        |a| {
            let buckets = buckets(a, 32_768)?;
            Ok(consistent::kostik(a.int(0)? as u64, buckets).into())
        },
    ),
    native(
        "url_hash(string) -> uint64",
        "CityHash of an address without a /, ? or # at its end.",
        |a| {
            let bytes = a.bytes(0);
            let bytes = match bytes {
                [rest @ .., b'/' | b'?' | b'#'] => rest,
                bytes => bytes,
            };
            Ok(city::hash64(bytes).into())
        },
    ),
    native("crc32(string) -> uint32", "CRC-32 as in zip.", |a| {
        Ok(crc32fast::hash(a.bytes(0)).into())
    }),
    native(
        "crc32_ieee(string) -> uint32",
        "CRC-32 without the inversions at both ends.",
        |a| Ok(crc32_plain(a.bytes(0), 0xedb8_8320).into()),
    ),
    native(
        "crc64(string) -> uint64",
        "CRC-64 of ECMA-182, its bits the other way round.",
        |a| Ok(crc64(a.bytes(0)).into()),
    ),
    native(
        "java_hash(any) -> int32",
        "hashCode() of Java: of text over its bytes, of numbers as Integer and Long have it.",
        |a| Ok(i64::from(java_value(a)?).into()),
    ),
    native(
        "java_hash_utf16_le(any) -> int32",
        "String.hashCode() of Java, of text in UTF-16 with the low byte first.",
        |a| match (a.data_type(0), a.bytes(0)) {
            (DataType::String | DataType::FixedString(_), bytes) if bytes.len() % 2 == 0 => {
                Ok(i64::from(java_utf16(bytes)).into())
            }
            _ => Err("takes a text in UTF-16, which has an even number of bytes".to_string()),
        },
    ),
    native(
        "hive_hash(any) -> int32",
        "java_hash without its sign.",
        |a| match a.data_type(0) {
            DataType::Int(64) | DataType::UInt(64) => {
                Err("takes a text or a number of 32 bits".to_string())
            }
            _ => Ok(i64::from(java_value(a)? & i32::MAX).into()),
        },
    ),
    native(
        "int_hash32(integer) -> uint32",
        "A fast hash of a whole number.",
        |a| Ok(int_hash32(whole(a)?).into()),
    ),
    native(
        "int_hash64(integer) -> uint64",
        "A fast hash of a whole number.",
        |a| Ok(int_hash64(whole(a)?).into()),
    ),
];

/// A key of two numbers, the first argument.
fn key(a: &Args<'_>) -> Result<sip::Key, String> {
    let parts: Vec<u64> = a
        .texts(0)?
        .iter()
        .filter_map(|part| part.parse().ok())
        .collect();
    match (a.data_type(0), parts.as_slice()) {
        (DataType::Tuple(_), [first, second]) => Ok((*first, *second)),
        _ => Err("argument 1 is a key of two whole numbers: (1, 2)".to_string()),
    }
}

fn buckets(a: &Args<'_>, most: i128) -> Result<u64, String> {
    let buckets = a.int(1)?;
    let within = (1..=most).contains(&buckets);
    within
        .then_some(buckets as u64)
        .ok_or_else(|| format!("argument 2 is a number of buckets from 1 to {most}"))
}

fn half_md5(bytes: &[u8]) -> u64 {
    let digest = Md5::digest(bytes);
    let first = digest[..8].iter();
    first.fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// Of a decimal its digits without the point.
fn whole(a: &Args<'_>) -> Result<u64, String> {
    match a.data_type(0) {
        DataType::Decimal { .. } => {
            let mut bytes = of::memory(a, 0)?;
            let negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
            bytes.resize(16, if negative { 0xff } else { 0 });
            Ok(number(&bytes))
        }
        _ => Ok(a.int(0)? as u64),
    }
}

fn number(bytes: &[u8]) -> u64 {
    let mut number = [0; 8];
    let length = bytes.len().min(8);
    number[..length].copy_from_slice(&bytes[..length]);
    u64::from_le_bytes(number)
}

fn int_hash64(number: u64) -> u64 {
    mix64(number ^ 0x4cf2_d2ba_ae6d_a887)
}

/// The finalizer of MurmurHash3.
fn mix64(mut x: u64) -> u64 {
    x ^= x >> 33;
    x = x.wrapping_mul(0xff51_afd7_ed55_8ccd);
    x ^= x >> 33;
    x = x.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    x ^ x >> 33
}

fn int_hash32(number: u64) -> u32 {
    let mut key = number ^ 0x75d9_543d_e018_bf45;
    key = (!key).wrapping_add(key << 18);
    key ^= key.rotate_right(31);
    key = key.wrapping_mul(21);
    key ^= key.rotate_right(11);
    key = key.wrapping_add(key << 6);
    key ^= key.rotate_right(22);
    key as u32
}

fn java(bytes: &[u8]) -> i32 {
    let step = |hash: i32, byte: &u8| {
        hash.wrapping_mul(31)
            .wrapping_add(i32::from(byte.cast_signed()))
    };
    bytes.iter().fold(0, step)
}

fn java_value(a: &Args<'_>) -> Result<i32, String> {
    Ok(match a.data_type(0) {
        DataType::Int(8..=32) | DataType::UInt(8..=32) | DataType::Bool => a.int(0)? as i32,
        DataType::Int(64) => {
            let number = a.int(0)? as i64;
            (number ^ (number.cast_unsigned() >> 32).cast_signed()) as i32
        }
        DataType::UInt(64) => {
            let number = a.int(0)? as u64;
            (number ^ number >> 32) as i32
        }
        DataType::String | DataType::FixedString(_) => java(a.bytes(0)),
        other => return Err(format!("takes a text or a whole number, not {other}")),
    })
}

fn java_utf16(bytes: &[u8]) -> i32 {
    let units = bytes
        .chunks_exact(2)
        .map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    units.fold(0, |hash: i32, unit| {
        hash.wrapping_mul(31).wrapping_add(i32::from(unit))
    })
}

fn crc64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |mut crc, byte| {
        crc ^= u64::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1
                ^ if crc & 1 == 1 {
                    0xc96c_5795_d787_0f42
                } else {
                    0
                };
        }
        crc
    })
}

fn crc32_plain(bytes: &[u8], polynomial: u32) -> u32 {
    bytes.iter().fold(0, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { polynomial } else { 0 };
        }
        crc
    })
}
