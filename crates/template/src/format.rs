//! `printf`, as far as rows need it.

use std::fmt::Write;

use crate::{Value, functions::text};

/// What does not fit its verb prints as in Go: `%!d(text=abc)`.
pub(crate) fn printf(pattern: &str, arguments: &[Value]) -> String {
    let mut out = String::new();
    let mut rest = pattern;
    let mut arguments = arguments.iter();
    while let Some(at) = rest.find('%') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let (spec, after) = Spec::read(rest);
        rest = after;
        match spec.verb {
            Some('%') => out.push('%'),
            None => out.push_str("%!(NOVERB)"),
            Some(verb) => match arguments.next() {
                None => drop(write!(out, "%!{verb}(MISSING)")),
                Some(value) => spec.write(verb, value, &mut out),
            },
        }
    }
    out.push_str(rest);
    let extra: Vec<String> = arguments.map(text).collect();
    if !extra.is_empty() {
        // Writing to a String cannot fail.
        let _ = write!(out, "%!(EXTRA {})", extra.join(", "));
    }
    out
}

#[derive(Default)]
struct Spec {
    left: bool,
    zeros: bool,
    plus: bool,
    width: usize,
    precision: Option<usize>,
    verb: Option<char>,
}

/// More is not a width that anybody wants.
const WIDEST: usize = 1000;

impl Spec {
    fn read(text: &str) -> (Self, &str) {
        let mut spec = Self::default();
        let mut rest = text;
        loop {
            match rest.chars().next() {
                Some('-') => spec.left = true,
                Some('0') => spec.zeros = true,
                Some('+') => spec.plus = true,
                Some(' ' | '#') => {}
                _ => break,
            }
            rest = &rest[1..];
        }
        let number = |rest: &mut &str| {
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let number = rest[..end].parse().unwrap_or(0usize).min(WIDEST);
            *rest = &rest[end..];
            number
        };
        spec.width = number(&mut rest);
        if let Some(after) = rest.strip_prefix('.') {
            rest = after;
            spec.precision = Some(number(&mut rest));
        }
        spec.verb = rest.chars().next();
        let after = spec.verb.map_or(0, char::len_utf8);
        (spec, &rest[after..])
    }

    fn write(&self, verb: char, value: &Value, out: &mut String) {
        let whole = |value: &Value| match value {
            Value::Number(digits) => digits.parse::<i128>().ok(),
            _ => None,
        };
        let real = |value: &Value| match value {
            Value::Number(digits) => digits.parse::<f64>().ok(),
            _ => None,
        };
        let words = match verb {
            'v' => Some(text(value)),
            's' => Some(match self.precision {
                Some(most) => text(value).chars().take(most).collect(),
                None => text(value),
            }),
            'q' => Some(Value::Text(text(value)).to_json()),
            't' => match value {
                Value::Bool(value) => Some(value.to_string()),
                _ => None,
            },
            'd' => whole(value).map(|n| self.sign(n.to_string())),
            'x' | 'X' => match value {
                Value::Text(text) => Some(text.bytes().fold(String::new(), |mut hex, byte| {
                    // Writing to a String cannot fail.
                    let _ = write!(hex, "{byte:02x}");
                    hex
                })),
                other => whole(other).map(|n| match n < 0 {
                    true => format!("-{:x}", n.unsigned_abs()),
                    false => format!("{n:x}"),
                }),
            }
            .map(|hex| if verb == 'X' { hex.to_uppercase() } else { hex }),
            'f' | 'F' => {
                let digits = self.precision.unwrap_or(6);
                real(value).map(|n| self.sign(format!("{n:.digits$}")))
            }
            'e' | 'E' => {
                let digits = self.precision.unwrap_or(6);
                real(value)
                    .map(|n| self.sign(scientific(n, digits)))
                    .map(|t| if verb == 'E' { t.to_uppercase() } else { t })
            }
            'g' | 'G' => real(value).map(|n| self.sign(n.to_string())),
            _ => None,
        };
        let words = words.unwrap_or_else(|| {
            let kind = value
                .kind()
                .trim_start_matches("an ")
                .trim_start_matches("a ");
            format!("%!{verb}({kind}={})", text(value))
        });
        self.pad(&words, out);
    }

    fn sign(&self, number: String) -> String {
        match self.plus && !number.starts_with('-') {
            true => format!("+{number}"),
            false => number,
        }
    }

    fn pad(&self, words: &str, out: &mut String) {
        let missing = self.width.saturating_sub(words.chars().count());
        let fill = |out: &mut String, with: char| out.extend(std::iter::repeat_n(with, missing));
        if self.left {
            out.push_str(words);
            fill(out, ' ');
        } else if self.zeros {
            let sign = usize::from(words.starts_with(['-', '+']));
            out.push_str(&words[..sign]);
            fill(out, '0');
            out.push_str(&words[sign..]);
        } else {
            fill(out, ' ');
            out.push_str(words);
        }
    }
}

/// `1.500000e+06`: two digits of the exponent at least.
fn scientific(number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => {
            let (sign, exponent) = match exponent.strip_prefix('-') {
                Some(exponent) => ('-', exponent),
                None => ('+', exponent),
            };
            format!("{mantissa}e{sign}{exponent:0>2}")
        }
        None => text,
    }
}
