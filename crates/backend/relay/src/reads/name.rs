//! Names of parameters and headers, read as leniently as an upstream might.

use std::borrow::Cow;

use axum::http::HeaderName;
use percent_encoding::percent_decode_str;
use weir_api::dataworks::form;

/// Parameters whose names only look as if they named an operation.
const HARMLESS: &[&str] = &["SignatureMethod"];

/// Words in the names of parameters that make a call do something.
const TELLING: &[&str] = &[
    "action",
    "method",
    "operation",
    "command",
    "cmd",
    "sql",
    "statement",
    "verb",
    "override",
];

/// The name as somebody lenient reads it.
pub(super) fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_ascii_alphanumeric());
    letters.map(|c| c.to_ascii_lowercase()).collect()
}

pub(super) fn tells(name: &str) -> bool {
    if HARMLESS.contains(&name) {
        return false;
    }
    let lenient = plain(&decoded(name).unwrap_or(Cow::Borrowed(name)));
    // A letter that only looks like one of ours is none of a known parameter.
    !name.is_ascii() || TELLING.iter().any(|word| lenient.contains(word))
}

/// Some servers take `;` for a separator, too, and some end texts at a zero byte.
pub(super) fn pairs(text: &[u8]) -> Option<Vec<(String, String)>> {
    let pairs = form(text);
    let odd = |text: &str| text.contains([';', '\0', '\u{fffd}']);
    let ambiguous = text.contains(&b';') || pairs.iter().any(|(name, _)| odd(name));
    (!ambiguous).then_some(pairs)
}

/// Decoded until nothing is left to decode; None where there is no end to it.
pub(super) fn decoded(text: &str) -> Option<Cow<'_, str>> {
    const ROUNDS: usize = 4;
    let mut text = Cow::Borrowed(text);
    for _ in 0..ROUNDS {
        let next = percent_decode_str(&text).decode_utf8_lossy().into_owned();
        if next == text {
            return Some(text);
        }
        text = Cow::Owned(next);
    }
    None
}

/// Words in the names of headers that say that a call is another one.
const OVERRIDING: &[&str] = &[
    "method",
    "verb",
    "override",
    "originalurl",
    "originaluri",
    "originalpath",
    "originalhost",
    "rewriteurl",
    "requesturl",
    "requesturi",
    "forwardeduri",
    "targetpath",
    "soapaction",
];

/// A header that makes an upstream take the call for another than it is.
pub(crate) fn overrides(name: &HeaderName) -> bool {
    let lenient = plain(name.as_str());
    OVERRIDING.iter().any(|word| lenient.contains(word)) && !lenient.starts_with("accesscontrol")
}
