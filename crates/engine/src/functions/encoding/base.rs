//! Base58 and Base32.

use super::super::native::Args;

/// Base58 takes time that grows with the square of the length.
pub(super) fn short<'a>(a: &Args<'a>) -> Result<&'a [u8], String> {
    let bytes = a.bytes(0);
    if bytes.len() > 4096 {
        return Err("Base58 is for at most 4,096 bytes".to_string());
    }
    Ok(bytes)
}

const BASE58: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// Digits of one radix as digits of another, most significant first; leading zeros are kept.
fn rebase(input: impl Iterator<Item = u32>, from: u32, to: u32) -> Vec<u8> {
    let (mut zeros, mut leading, mut out) = (0, true, Vec::<u8>::new());
    for digit in input {
        leading &= digit == 0;
        zeros += usize::from(leading);
        let mut carry = digit;
        for place in &mut out {
            carry += u32::from(*place) * from;
            *place = (carry % to) as u8;
            carry /= to;
        }
        while carry > 0 {
            out.push((carry % to) as u8);
            carry /= to;
        }
    }
    out.extend(std::iter::repeat_n(0, zeros));
    out.reverse();
    out
}

pub(super) fn base58_encode(bytes: &[u8]) -> Vec<u8> {
    let digits = rebase(bytes.iter().map(|byte| u32::from(*byte)), 256, 58);
    digits
        .into_iter()
        .map(|digit| BASE58[usize::from(digit)])
        .collect()
}

pub(super) fn base58_decode(text: &[u8]) -> Option<Vec<u8>> {
    let place = |c: &u8| {
        BASE58
            .iter()
            .position(|digit| digit == c)
            .map(|at| at as u32)
    };
    let digits: Option<Vec<u32>> = text.iter().map(place).collect();
    Some(rebase(digits?.into_iter(), 58, 256))
}

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

pub(super) fn base32_encode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let number =
            chunk.iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte)) << (8 * (5 - chunk.len()));
        let used = (chunk.len() * 8).div_ceil(5);
        for place in 0..8 {
            let digit = (number >> (35 - 5 * place) & 31) as usize;
            out.push(if place < used { BASE32[digit] } else { b'=' });
        }
    }
    out
}

pub(super) fn base32_decode(text: &[u8]) -> Option<Vec<u8>> {
    let end = text.iter().rposition(|c| *c != b'=').map_or(0, |at| at + 1);
    if !text.len().is_multiple_of(8) || matches!(end % 8, 1 | 3 | 6) {
        return None;
    }
    let mut out = Vec::with_capacity(end * 5 / 8);
    let (mut number, mut bits) = (0u32, 0);
    for c in &text[..end] {
        let c = c.to_ascii_uppercase();
        number = (number << 5 | BASE32.iter().position(|digit| *digit == c)? as u32) & 0xfff;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            out.push((number >> bits & 255) as u8);
        }
    }
    Some(out)
}
