//! Hashes.

use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha224, Sha256, Sha384, Sha512};
use siphasher::sip::SipHasher24;
use std::hash::Hasher;
use weir_api::DataType;

use super::native::{Args, Native, native};

mod city;
mod murmur;

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
        "half_md5(string) -> uint64",
        "The first eight bytes of MD5.",
        |a| {
            let digest = Md5::digest(a.bytes(0));
            Ok(digest[..8]
                .iter()
                .fold(0u64, |number, byte| number << 8 | u64::from(*byte))
                .into())
        },
    ),
    native("sip_hash64(any) -> uint64", "SipHash of 64 bits.", |a| {
        let mut hasher = SipHasher24::new();
        hasher.write(&memory(a, 0)?);
        Ok(hasher.finish().into())
    }),
    native(
        "city_hash64(any, any…) -> uint64",
        "CityHash 1.0.2 of 64 bits, of all arguments.",
        |a| {
            let mut hash = None;
            for index in 0..a.len() {
                let bytes = memory(a, index)?;
                let next = match a.data_type(index) {
                    DataType::String | DataType::FixedString(_) => city::hash64(&bytes),
                    _ => int_hash64(number(&bytes)),
                };
                hash = Some(hash.map_or(next, |before| city::combine(before, next)));
            }
            Ok(hash.into())
        },
    ),
    native("xx_hash32(string) -> uint32", "xxHash of 32 bits.", |a| {
        Ok(twox_hash::XxHash32::oneshot(0, a.bytes(0)).into())
    }),
    native("xx_hash64(string) -> uint64", "xxHash of 64 bits.", |a| {
        Ok(twox_hash::XxHash64::oneshot(0, a.bytes(0)).into())
    }),
    native(
        "murmur_hash2_32(any) -> uint32",
        "MurmurHash2 of 32 bits.",
        |a| Ok(murmur::two32(&memory(a, 0)?).into()),
    ),
    native(
        "murmur_hash2_64(any) -> uint64",
        "MurmurHash2 of 64 bits.",
        |a| Ok(murmur::two64(&memory(a, 0)?).into()),
    ),
    native(
        "murmur_hash3_32(any) -> uint32",
        "MurmurHash3 of 32 bits.",
        |a| Ok(murmur::three32(&memory(a, 0)?).into()),
    ),
    native(
        "murmur_hash3_64(any) -> uint64",
        "MurmurHash3 of 64 bits.",
        |a| {
            let (low, high) = murmur::three128(&memory(a, 0)?);
            Ok((low ^ high).into())
        },
    ),
    native(
        "murmur_hash3_128(any) -> fixed_string(16)",
        "MurmurHash3 of 128 bits.",
        |a| {
            let (low, high) = murmur::three128(&memory(a, 0)?);
            Ok([low.to_le_bytes(), high.to_le_bytes()].concat().into())
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
        "java_hash(string) -> int32",
        "String.hashCode() of Java, over bytes.",
        |a| Ok(i64::from(java(a.bytes(0))).into()),
    ),
    native(
        "hive_hash(string) -> int32",
        "java_hash without its sign.",
        |a| Ok(i64::from(java(a.bytes(0)) & i32::MAX).into()),
    ),
    native(
        "int_hash32(integer) -> uint32",
        "A fast hash of a whole number.",
        |a| Ok(int_hash32(a.int(0)? as u64).into()),
    ),
    native(
        "int_hash64(integer) -> uint64",
        "A fast hash of a whole number.",
        |a| Ok(int_hash64(a.int(0)? as u64).into()),
    ),
];

/// The bytes that the engine imitated keeps of a value: of text itself, of numbers little-endian.
fn memory(a: &Args<'_>, index: usize) -> Result<Vec<u8>, String> {
    Ok(match a.data_type(index) {
        DataType::Int(bits) | DataType::UInt(bits) => {
            let mut bytes = a.int(index)?.to_le_bytes().to_vec();
            bytes.truncate(usize::from(*bits / 8));
            bytes
        }
        DataType::Bool => vec![u8::from(a.int(index)? != 0)],
        DataType::Date => (a.int(index)? as u16).to_le_bytes().to_vec(),
        DataType::DateTime { .. } => (a.int(index)? as u32).to_le_bytes().to_vec(),
        DataType::DateTime64 { .. } => (a.int(index)? as i64).to_le_bytes().to_vec(),
        DataType::Float32 => (a.float(index)? as f32).to_le_bytes().to_vec(),
        DataType::Float64 => a.float(index)?.to_le_bytes().to_vec(),
        _ => a.bytes(index).to_vec(),
    })
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

fn crc32_plain(bytes: &[u8], polynomial: u32) -> u32 {
    bytes.iter().fold(0, |mut crc, byte| {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { polynomial } else { 0 };
        }
        crc
    })
}
