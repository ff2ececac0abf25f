//! Numbers kept as they were written, and compared without rounding.

use std::cmp::Ordering;

/// `mantissa` / 10^`scale`, written with exactly `scale` digits behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scaled {
    pub mantissa: i64,
    pub scale: u8,
}

impl Scaled {
    pub fn write(self, out: &mut String) {
        if self.mantissa < 0 {
            out.push('-');
        }
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(self.mantissa.unsigned_abs());
        let scale = usize::from(self.scale);
        if scale == 0 {
            out.push_str(digits);
        } else if digits.len() > scale {
            let (integer, fraction) = digits.split_at(digits.len() - scale);
            out.push_str(integer);
            out.push('.');
            out.push_str(fraction);
        } else {
            out.push_str("0.");
            out.extend(std::iter::repeat_n('0', scale - digits.len()));
            out.push_str(digits);
        }
    }

    /// The nearest double.
    pub fn to_f64(self) -> f64 {
        const POWERS: [f64; 23] = [
            1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
            1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
        ];
        // Both operands are exact doubles: one division rounds once.
        if self.mantissa.unsigned_abs() <= 1 << 53
            && let Some(power) = POWERS.get(usize::from(self.scale))
        {
            return self.mantissa as f64 / power;
        }
        let (mut mantissa, mut scale) = (itoa::Buffer::new(), itoa::Buffer::new());
        let mut text = [0u8; 32];
        let mut length = 0;
        for part in [
            mantissa.format(self.mantissa),
            "e-",
            scale.format(self.scale),
        ] {
            text[length..length + part.len()].copy_from_slice(part.as_bytes());
            length += part.len();
        }
        std::str::from_utf8(&text[..length])
            .ok()
            .and_then(|text| text.parse().ok())
            .unwrap_or(f64::NAN)
    }
}

/// A number of any size for comparison; not a number cannot be one.
#[derive(Debug, Clone, Copy)]
pub enum Exact<'a> {
    Int(i128),
    Scaled(Scaled),
    /// Decimal number with optional point and exponent.
    Literal(Literal<'a>),
    Infinity {
        negative: bool,
    },
}

/// Digits of a decimal number, as written.
#[derive(Debug, Clone, Copy)]
pub struct Literal<'a> {
    negative: bool,
    integer: &'a [u8],
    fraction: &'a [u8],
    exponent: i64,
}

impl<'a> Exact<'a> {
    /// Reads what a person or a server writes: `-12`, `1.50`, `1e-7`, `.5`, `inf`; not `nan`.
    pub fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        if unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity") {
            return Some(Self::Infinity { negative });
        }
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, power(exponent)?),
            None => (unsigned, 0),
        };
        let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (integer.is_empty() && fraction.is_empty()) || !digits(integer) || !digits(fraction) {
            return None;
        }
        if exponent == 0 && integer.len() + fraction.len() <= 18 {
            let digits = integer.bytes().chain(fraction.bytes());
            let size = digits.fold(0i64, |sum, digit| sum * 10 + i64::from(digit - b'0'));
            return Some(Self::Scaled(Scaled {
                mantissa: if negative { -size } else { size },
                scale: fraction.len() as u8,
            }));
        }
        Some(Self::Literal(Literal {
            negative,
            integer: integer.as_bytes(),
            fraction: fraction.as_bytes(),
            exponent,
        }))
    }

    /// Numeric order: `1.0` equals `1`.
    pub fn compare(&self, other: &Exact<'_>) -> Ordering {
        if let (Some((a, a_scale)), Some((b, b_scale))) = (self.small(), other.small()) {
            let scale = a_scale.max(b_scale);
            let widened = |value: i128, from: u8| {
                10i128
                    .checked_pow(u32::from(scale - from))
                    .and_then(|power| value.checked_mul(power))
            };
            if let (Some(a), Some(b)) = (widened(a, a_scale), widened(b, b_scale)) {
                return a.cmp(&b);
            }
        }
        let (mut a, mut b) = ([0; 40], [0; 40]);
        match (self.literal(&mut a), other.literal(&mut b)) {
            (Ok(a), Ok(b)) => a.compare(&b),
            (Err(a), Err(b)) => b.cmp(&a),
            (Err(negative), Ok(_)) => sign_order(negative),
            (Ok(_), Err(negative)) => sign_order(negative).reverse(),
        }
    }

    fn small(&self) -> Option<(i128, u8)> {
        match self {
            Self::Int(value) => Some((*value, 0)),
            Self::Scaled(value) => Some((i128::from(value.mantissa), value.scale)),
            _ => None,
        }
    }

    /// The digits, written into `buffer` where there are none yet; `Err(negative)` of an infinity.
    fn literal<'b>(&'b self, buffer: &'b mut [u8; 40]) -> Result<Literal<'b>, bool> {
        let (value, scale) = match self {
            Self::Literal(literal) => return Ok(*literal),
            Self::Infinity { negative } => return Err(*negative),
            Self::Int(value) => (*value, 0),
            Self::Scaled(value) => (i128::from(value.mantissa), value.scale),
        };
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(value.unsigned_abs()).as_bytes();
        buffer[..digits.len()].copy_from_slice(digits);
        Ok(Literal {
            negative: value < 0,
            integer: &buffer[..digits.len()],
            fraction: b"",
            exponent: -i64::from(scale),
        })
    }
}

fn sign_order(negative: bool) -> Ordering {
    if negative {
        Ordering::Less
    } else {
        Ordering::Greater
    }
}

/// An exponent too large for 64 bits counts as the largest.
fn power(text: &str) -> Option<i64> {
    const LARGEST: i64 = 1 << 40;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse().unwrap_or(LARGEST).min(LARGEST);
    Some(if text.starts_with('-') { -size } else { size })
}

impl Literal<'_> {
    /// Digits from the first that is not 0.
    fn digits(&self) -> impl Iterator<Item = u8> {
        let all = self.integer.iter().chain(self.fraction);
        all.copied().skip_while(|digit| *digit == b'0')
    }

    /// Power of ten of the first digit that is not 0; `None` for zero.
    fn magnitude(&self) -> Option<i64> {
        let all = self.integer.iter().chain(self.fraction);
        let zeros = all.take_while(|digit| **digit == b'0').count();
        (zeros < self.integer.len() + self.fraction.len())
            .then(|| self.integer.len() as i64 - zeros as i64 + self.exponent)
    }

    fn compare(&self, other: &Literal<'_>) -> Ordering {
        let sign = |literal: &Literal<'_>| match literal.magnitude() {
            None => 0,
            Some(_) if literal.negative => -1,
            Some(_) => 1,
        };
        let (a, b) = (sign(self), sign(other));
        if a != b || a == 0 {
            return a.cmp(&b);
        }
        let size = self.magnitude().cmp(&other.magnitude()).then_with(|| {
            let (mut a, mut b) = (self.digits(), other.digits());
            loop {
                match (a.next(), b.next()) {
                    (None, None) => return Ordering::Equal,
                    (a, b) => {
                        let order = a.unwrap_or(b'0').cmp(&b.unwrap_or(b'0'));
                        if order.is_ne() {
                            return order;
                        }
                    }
                }
            }
        });
        if self.negative { size.reverse() } else { size }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn order(a: &str, b: &str) -> Ordering {
        let parse = |text| Exact::parse(text).unwrap_or_else(|| panic!("{text}"));
        parse(a).compare(&parse(b))
    }

    #[test]
    fn text_is_reproduced() {
        for (mantissa, scale, text) in [
            (150, 2, "1.50"),
            (5, 1, "0.5"),
            (-5, 3, "-0.005"),
            (0, 2, "0.00"),
            (i64::MIN, 0, "-9223372036854775808"),
        ] {
            let mut out = String::new();
            Scaled { mantissa, scale }.write(&mut out);
            assert_eq!(out, text);
        }
    }

    #[test]
    fn order_is_exact_at_any_size() {
        assert_eq!(
            order("9007199254740993", "9007199254740992"),
            Ordering::Greater
        );
        assert_eq!(
            order("18446744073709551615", "18446744073709551614.9"),
            Ordering::Greater
        );
        assert_eq!(order("1.0", "1"), Ordering::Equal);
        assert_eq!(order("1e3", "1000"), Ordering::Equal);
        assert_eq!(order("-1e400", "-9e399"), Ordering::Less);
        assert_eq!(order("-0", "0.000"), Ordering::Equal);
        assert_eq!(order("1e99999999999999999999", "inf"), Ordering::Less);
        assert_eq!(order("-inf", "-1e999"), Ordering::Less);
        assert_eq!(order("inf", "-inf"), Ordering::Greater);
        assert_eq!(order(".5", "0.05e1"), Ordering::Equal);
        for wrong in ["", "-", ".", "nan", "1e", "1x", "1.2.3", "0x10"] {
            assert!(Exact::parse(wrong).is_none(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn every_form_compares_alike(
            a in any::<i64>(), a_scale in 0u8..40, b in -1_000_000i64..1_000_000, b_scale in 0u8..9,
        ) {
            let (a, b) = (Scaled { mantissa: a, scale: a_scale }, Scaled { mantissa: b, scale: b_scale });
            let (mut a_text, mut b_text) = (String::new(), String::new());
            a.write(&mut a_text);
            b.write(&mut b_text);
            let expected = order(&a_text, &b_text);
            prop_assert_eq!(Exact::Scaled(a).compare(&Exact::Scaled(b)), expected);
            prop_assert_eq!(
                Exact::Scaled(a).compare(&Exact::parse(&b_text).expect("number")), expected
            );
            prop_assert_eq!(a.to_f64(), a_text.parse::<f64>().expect("number"));
        }
    }
}
