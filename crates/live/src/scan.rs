//! Walks over JSON without building anything. Positions are byte offsets in the input.

mod number;

use std::fmt;

pub(crate) use number::number;

/// What is wrong with the JSON of a batch of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The input ends inside a value.
    Truncated,
    Unexpected(u8),
    /// More than [`MAX_DEPTH`] brackets inside each other.
    TooDeep,
    /// A batch of 1 GiB or more.
    TooLarge,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Truncated => f.write_str("the input ends inside a value"),
            Self::Unexpected(byte) if byte.is_ascii_graphic() => {
                write!(f, "unexpected '{}'", char::from(*byte))
            }
            Self::Unexpected(byte) => write!(f, "unexpected byte {byte:#04x}"),
            Self::TooDeep => write!(f, "more than {MAX_DEPTH} levels of brackets"),
            Self::TooLarge => f.write_str("a batch of 1 GiB or more"),
        }
    }
}

/// Levels of brackets inside one cell.
pub const MAX_DEPTH: usize = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) at: usize,
    pub(crate) fault: Fault,
}

pub(crate) type Scan<T> = Result<T, Stop>;

#[cold]
pub(crate) fn unexpected(input: &[u8], at: usize) -> Stop {
    let fault = match input.get(at) {
        Some(byte) => Fault::Unexpected(*byte),
        None => Fault::Truncated,
    };
    Stop { at, fault }
}

#[inline]
pub(crate) fn skip_space(input: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\t' | b'\n' | b'\r') = input.get(at) {
        at += 1;
    }
    at
}

#[inline]
pub(crate) fn expect(input: &[u8], at: usize, byte: u8) -> Scan<usize> {
    if input.get(at) == Some(&byte) {
        Ok(at + 1)
    } else {
        Err(unexpected(input, at))
    }
}

#[inline]
pub(crate) fn literal(input: &[u8], at: usize, word: &[u8]) -> Scan<usize> {
    let end = at + word.len();
    if input.get(at..end) == Some(word) {
        return Ok(end);
    }
    let same = input[at..]
        .iter()
        .zip(word)
        .take_while(|(a, b)| a == b)
        .count();
    Err(unexpected(input, at + same))
}

/// From behind the opening quote to the closing one; tells whether a backslash is between.
#[inline]
pub(crate) fn string(input: &[u8], start: usize) -> Scan<(usize, bool)> {
    let mut at = plain(input, start);
    let mut escaped = false;
    loop {
        match input.get(at) {
            Some(b'"') => return Ok((at, escaped)),
            Some(_) => {
                escaped = true;
                at = plain(input, (at + 2).min(input.len()));
            }
            None => return Err(unexpected(input, at)),
        }
    }
}

/// Position of the next quote or backslash, or the end. Eight bytes at a time: the cells of a
/// stream are too short for a call into a vectorised search to pay.
#[inline]
fn plain(input: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    while let Some(eight) = input.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*eight);
        let found =
            zeros(word ^ (ONES * u64::from(b'"'))) | zeros(word ^ (ONES * u64::from(b'\\')));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    while let Some(byte) = input.get(at)
        && !matches!(byte, b'"' | b'\\')
    {
        at += 1;
    }
    at
}

/// Checks one value of any kind and returns where it ends. No recursion: what a bracket was is
/// kept as one bit per level.
pub(crate) fn value(input: &[u8], start: usize) -> Scan<usize> {
    let mut objects = [0u64; MAX_DEPTH / 64];
    let mut depth = 0usize;
    let mut at = start;
    loop {
        at = skip_space(input, at);
        let opened = matches!(input.get(at), Some(b'{' | b'['));
        if opened {
            if depth == MAX_DEPTH {
                return Err(Stop {
                    at,
                    fault: Fault::TooDeep,
                });
            }
            let object = input[at] == b'{';
            let bit = 1 << (depth % 64);
            if object {
                objects[depth / 64] |= bit;
            } else {
                objects[depth / 64] &= !bit;
            }
            depth += 1;
            at = skip_space(input, at + 1);
            if input.get(at) == Some(&if object { b'}' } else { b']' }) {
                depth -= 1;
                at += 1;
            } else {
                if object {
                    at = key(input, at)?;
                }
                continue;
            }
        } else {
            at = scalar(input, at)?;
        }
        // Behind a value: close what ends here, or go to the next value.
        loop {
            if depth == 0 {
                return Ok(at);
            }
            let object = objects[(depth - 1) / 64] & (1 << ((depth - 1) % 64)) != 0;
            at = skip_space(input, at);
            match input.get(at) {
                Some(b',') => {
                    at += 1;
                    if object {
                        at = key(input, skip_space(input, at))?;
                    }
                    break;
                }
                Some(b'}') if object => depth -= 1,
                Some(b']') if !object => depth -= 1,
                _ => return Err(unexpected(input, at)),
            }
            at += 1;
        }
    }
}

/// Name and colon of an object's member.
fn key(input: &[u8], at: usize) -> Scan<usize> {
    let (end, _) = string(input, expect(input, at, b'"')?)?;
    expect(input, skip_space(input, end + 1), b':')
}

fn scalar(input: &[u8], at: usize) -> Scan<usize> {
    match input.get(at) {
        Some(b'"') => string(input, at + 1).map(|(end, _)| end + 1),
        Some(b't') => literal(input, at, b"true"),
        Some(b'f') => literal(input, at, b"false"),
        Some(b'n') => literal(input, at, b"null"),
        _ => number(input, at).map(|number| number.end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(text: &str) -> Result<usize, (usize, Fault)> {
        value(text.as_bytes(), 0).map_err(|stop| (stop.at, stop.fault))
    }

    #[test]
    fn values_end_where_they_end() {
        for text in [
            "0",
            "-0",
            "12.50",
            "-1.5e+10",
            "1E2",
            "true",
            "false",
            "null",
            r#""a\"b\\""#,
            "[]",
            "{}",
            "[ ]",
            r#"{"a":[1,{"b":null}],"a" : "x"}"#,
            "[[[]],[{}]]",
            r#""twelve chars and more \u0041 ""#,
        ] {
            let followed = format!("{text},1]");
            assert_eq!(ends(&followed), Ok(text.len()), "{text}");
        }
    }

    #[test]
    fn faults_are_placed() {
        for (text, at, fault) in [
            ("", 0, Fault::Truncated),
            ("tru", 3, Fault::Truncated),
            ("trua", 3, Fault::Unexpected(b'a')),
            ("01", 1, Fault::Unexpected(b'1')),
            ("1.", 2, Fault::Truncated),
            ("1e+", 3, Fault::Truncated),
            ("-a", 1, Fault::Unexpected(b'a')),
            ("[1,]", 3, Fault::Unexpected(b']')),
            ("[1}", 2, Fault::Unexpected(b'}')),
            (r#"{"a" 1}"#, 5, Fault::Unexpected(b'1')),
            (r#"{"a":1,}"#, 7, Fault::Unexpected(b'}')),
            (r#""ab\"#, 4, Fault::Truncated),
            ("\"abcdefghijkl", 13, Fault::Truncated),
        ] {
            assert_eq!(ends(text), Err((at, fault)), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
        assert_eq!(ends(&nested(MAX_DEPTH)), Ok(2 * MAX_DEPTH));
        assert_eq!(
            ends(&nested(MAX_DEPTH + 1)),
            Err((MAX_DEPTH, Fault::TooDeep))
        );
    }
}
