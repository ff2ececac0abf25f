//! Paths, cut and decoded as whoever stands on the way may do it.

use std::borrow::Cow;

use super::name::decoded;

/// The segments of a path, decoded. None where somebody could cut it elsewhere: an upstream, or what
/// stands in front of it, may decode it first, or end it before what is behind a `;`.
pub(super) fn segments(path: &str) -> Option<Vec<Cow<'_, str>>> {
    let odd = |c: char| matches!(c, '/' | '\\' | '?' | '#' | ';') || c.is_control();
    let parts = path.strip_prefix('/')?.split('/');
    let plain = parts.map(|part| {
        let part = decoded(part)?;
        (!part.is_empty() && !part.contains(odd)).then_some(part)
    });
    plain.collect()
}

/// Letters that some servers take for a dot, and for a slash.
const DOTS: &[char] = &['.', '\u{2024}', '\u{3002}', '\u{ff0e}', '\u{ff61}'];
const SLASHES: &[char] = &[
    '/', '\\', '\u{2044}', '\u{2215}', '\u{29f5}', '\u{29f8}', '\u{ff0f}', '\u{ff3c}',
];

/// Whether a path stays below the upstream's prefix, however it is decoded on its way.
pub(crate) fn stays_inside(path: &str) -> bool {
    // Bytes that are no UTF-8 are dots and slashes to servers that read them carelessly, and `%u`
    // begins a letter for others.
    let odd = |path: &str| {
        let lower = path.to_ascii_lowercase();
        path.contains(|c: char| c.is_control() || c == '\u{fffd}') || lower.contains("%u")
    };
    let leaves = |segment: &str| {
        // `..;x` is `..` for servers that know parameters of segments.
        let name = segment.split(';').next().unwrap_or_default().trim();
        let dots =
            name.chars().all(|c| DOTS.contains(&c)) && (1..=2).contains(&name.chars().count());
        dots || matches!(name, "\u{2025}" | "\u{2026}")
    };
    decoded(path).is_some_and(|path| !odd(&path) && !path.split(SLASHES).any(leaves))
}
