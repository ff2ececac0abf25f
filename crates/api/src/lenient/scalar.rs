//! What a value is, and what it is as a number.

use serde_json::value::RawValue;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    List,
    Object,
}

pub(super) fn kind(raw: &RawValue) -> Kind {
    match raw.get().as_bytes().first() {
        Some(b'n') => Kind::Null,
        Some(b't' | b'f') => Kind::Bool,
        Some(b'"') => Kind::Text,
        Some(b'[') => Kind::List,
        Some(b'{') => Kind::Object,
        _ => Kind::Number,
    }
}

/// A whole number of any size that some field has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Signed(i64),
    Unsigned(u64),
}

/// Of `12`, `" 12 "`, `12.0` and `1.2e1`; the empty text and `null` are 0.
pub(super) fn whole(text: &str) -> Option<Whole> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Whole::Signed(0));
    }
    if let Ok(number) = text.parse() {
        return Some(Whole::Signed(number));
    }
    if let Ok(number) = text.parse() {
        return Some(Whole::Unsigned(number));
    }
    let number: f64 = text.parse().ok()?;
    // Beyond these a float does not tell which whole number was meant.
    let exact = number.fract() == 0.0 && number.abs() <= 9_007_199_254_740_992.0;
    exact.then_some(Whole::Signed(number as i64))
}

pub(super) fn float(text: &str) -> Option<f64> {
    match text.trim() {
        "" => Some(0.0),
        text => text.parse().ok(),
    }
}

pub(super) fn flag(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" | "yes" | "on" => Some(true),
        "false" | "0" | "no" | "off" | "" => Some(false),
        _ => None,
    }
}
