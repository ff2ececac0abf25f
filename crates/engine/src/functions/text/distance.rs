//! How much texts differ.

use std::collections::HashSet;

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
        "string_jaccard_index(string, string) -> float64",
        "The share of all different bytes that both texts have.",
        |a| {
            let of = |index| a.bytes(index).iter().collect::<HashSet<_>>();
            Ok(jaccard(&of(0), &of(1)).into())
        },
    ),
    native(
        "string_jaccard_index_utf8(string, string) -> float64",
        "The share of all different characters that both texts have.",
        |a| {
            let of = |index| Ok::<_, String>(a.text(index)?.chars().collect::<HashSet<_>>());
            Ok(jaccard(&of(0)?, &of(1)?).into())
        },
    ),
    native(
        "compare_substrings(string, string, integer, integer, integer) -> int8",
        "Bytes of both texts, each from its place on (the first being 0), so many of them: -1, 0 or 1 as the first are less, equal or greater.",
        |a| {
            let count = place(a, 4)?;
            let part = |index: usize, from: usize| {
                let bytes = a.bytes(index);
                let from = place(a, from)?.min(bytes.len());
                Ok::<_, String>(&bytes[from..bytes.len().min(from.saturating_add(count))])
            };
            Ok((part(0, 2)?.cmp(part(1, 3)?) as i64).into())
        },
    ),
    native(
        "soundex(string) -> string",
        "How an English name sounds, as a letter and three digits.",
        |a| Ok(soundex(a.text(0)?).into()),
    ),
];

fn jaccard<T: Eq + std::hash::Hash>(x: &HashSet<T>, y: &HashSet<T>) -> f64 {
    let both = x.intersection(y).count();
    both as f64 / (x.len() + y.len() - both) as f64
}

fn place(a: &Args<'_>, index: usize) -> Result<usize, String> {
    let place = usize::try_from(a.int(index)?);
    place.map_err(|_| format!("argument {} is a number of bytes from 0", index + 1))
}

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
