use super::{Scan, unexpected};
use crate::number::Scaled;

/// A JSON number: where it ends and its digits as an integer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number {
    pub(crate) end: usize,
    pub(crate) negative: bool,
    /// All digits before and behind the point; wrapped around where `digits` is over 19.
    pub(crate) mantissa: u64,
    /// Digits without leading zeros.
    pub(crate) digits: usize,
    /// Digits behind the point.
    pub(crate) scale: usize,
    pub(crate) exponent: bool,
}

#[inline]
pub(crate) fn number(input: &[u8], start: usize) -> Scan<Number> {
    let negative = input.get(start) == Some(&b'-');
    let first = start + usize::from(negative);
    let mut mantissa = 0;
    let mut at = digits(input, first, &mut mantissa);
    if at == first {
        return Err(unexpected(input, at));
    }
    if input[first] == b'0' && at - first > 1 {
        return Err(unexpected(input, first + 1));
    }
    let mut count = at - first;
    let mut scale = 0;
    if input.get(at) == Some(&b'.') {
        let end = digits(input, at + 1, &mut mantissa);
        scale = end - at - 1;
        if scale == 0 {
            return Err(unexpected(input, end));
        }
        count += scale;
        at = end;
    }
    if count > 19 && input[first] == b'0' {
        let fraction = input[first + 2..at].iter();
        count -= 1 + fraction.take_while(|digit| **digit == b'0').count();
    }
    let exponent = matches!(input.get(at), Some(b'e' | b'E'));
    if exponent {
        at += 1;
        at += usize::from(matches!(input.get(at), Some(b'+' | b'-')));
        let end = digits(input, at, &mut 0);
        if end == at {
            return Err(unexpected(input, end));
        }
        at = end;
    }
    Ok(Number {
        end: at,
        negative,
        mantissa,
        digits: count,
        scale,
        exponent,
    })
}

#[inline]
fn digits(input: &[u8], mut at: usize, mantissa: &mut u64) -> usize {
    while let Some(byte) = input.get(at) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        *mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit));
        at += 1;
    }
    at
}

impl Number {
    /// `None` where the integer would be written differently or does not fit.
    #[inline]
    pub(crate) fn to_i64(self) -> Option<i64> {
        if self.exponent || self.scale > 0 || self.digits > 19 {
            return None;
        }
        self.signed()
    }

    /// `text`: the number as written.
    #[inline]
    pub(crate) fn to_u64(self, text: &[u8]) -> Option<u64> {
        if self.exponent || self.scale > 0 {
            return None;
        }
        match self.digits {
            ..=19 => Some(self.mantissa),
            20 => std::str::from_utf8(text).ok()?.parse().ok(),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn to_scaled(self) -> Option<Scaled> {
        if self.exponent || self.digits > 19 {
            return None;
        }
        Some(Scaled {
            mantissa: self.signed()?,
            scale: u8::try_from(self.scale).ok()?,
        })
    }

    /// Not of `-0`, whose digits alone would lose the sign.
    #[inline]
    fn signed(self) -> Option<i64> {
        if !self.negative {
            return i64::try_from(self.mantissa).ok();
        }
        (1..=1 << 63)
            .contains(&self.mantissa)
            .then(|| (self.mantissa as i64).wrapping_neg())
    }
}
