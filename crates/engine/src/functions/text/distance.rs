//! How much texts differ.

use super::super::native::{Args, Native, native};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "edit_distance|levenshtein_distance|edit_distance_utf8|levenshtein_distance_utf8(string, string) -> uint64",
        "Characters to insert, remove or change.",
        |a| {
            let (x, y) = pair(a)?;
            Ok(strsim::levenshtein(x, y).into())
        },
    ),
    native(
        "damerau_levenshtein_distance(string, string) -> uint64",
        "As edit_distance, a swap of neighbours being one change.",
        |a| {
            let (x, y) = pair(a)?;
            Ok(strsim::damerau_levenshtein(x, y).into())
        },
    ),
    native(
        "jaro_similarity(string, string) -> float64",
        "From 0 to 1 for equal texts, after Jaro.",
        |a| {
            let (x, y) = pair(a)?;
            Ok(strsim::jaro(x, y).into())
        },
    ),
    native(
        "jaro_winkler_similarity(string, string) -> float64",
        "From 0 to 1 for equal texts, after Jaro and Winkler.",
        |a| {
            let (x, y) = pair(a)?;
            Ok(strsim::jaro_winkler(x, y).into())
        },
    ),
    native(
        "byte_hamming_distance|mismatches(string, string) -> uint64",
        "Bytes that differ at the same place.",
        |a| {
            let (x, y) = (a.bytes(0), a.bytes(1));
            let differ = x.iter().zip(y).filter(|(x, y)| x != y).count();
            Ok((differ + x.len().abs_diff(y.len())).into())
        },
    ),
    native(
        "soundex(string) -> string",
        "How an English name sounds, as a letter and three digits.",
        |a| Ok(soundex(a.text(0)?).into()),
    ),
];

/// The distances take time that grows with the product of the lengths.
fn pair<'a>(a: &Args<'a>) -> Result<(&'a str, &'a str), String> {
    let (x, y) = (a.text(0)?, a.text(1)?);
    if x.len().saturating_mul(y.len()) > 1 << 24 {
        return Err("the texts are too long to be compared so".to_string());
    }
    Ok((x, y))
}

fn soundex(text: &str) -> String {
    let digit = |c: char| match c.to_ascii_lowercase() {
        'b' | 'f' | 'p' | 'v' => '1',
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => '2',
        'd' | 't' => '3',
        'l' => '4',
        'm' | 'n' => '5',
        'r' => '6',
        _ => '0',
    };
    let mut letters = text.chars().filter(char::is_ascii_alphabetic);
    let Some(first) = letters.next() else {
        return String::new();
    };
    let mut out = String::from(first.to_ascii_uppercase());
    let mut last = digit(first);
    for c in letters {
        let next = digit(c);
        if next != '0' && next != last && out.len() < 4 {
            out.push(next);
        }
        // h and w do not part equal sounds.
        if !matches!(c.to_ascii_lowercase(), 'h' | 'w') {
            last = next;
        }
    }
    format!("{out:0<4}")
}
