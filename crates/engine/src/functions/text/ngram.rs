//! How much texts have in common, by the runs of characters in them.

use std::{collections::HashMap, hash::Hash};

use super::super::native::{Args, Native, Out, native};

/// Characters (bytes where names do not say utf8) of a run.
const BYTES: usize = 4;
const CHARACTERS: usize = 3;
/// Longer texts are as different as can be, as the vendor has it.
const MOST: usize = 1 << 15;

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "ngram_distance(string, string) -> float32",
        "From 0 for the same runs of 4 bytes to 1 for none in common.",
        |a| compared(a, bytes, distance),
    ),
    native(
        "ngram_distance_case_insensitive(string, string) -> float32",
        "As ngram_distance, whatever the case of ASCII letters.",
        |a| compared(a, bytes_of_any_case, distance),
    ),
    native(
        "ngram_distance_utf8(string, string) -> float32",
        "As ngram_distance, of runs of 3 characters.",
        |a| compared(a, characters, distance),
    ),
    native(
        "ngram_distance_case_insensitive_utf8(string, string) -> float32",
        "As ngram_distance_utf8, whatever the case of letters.",
        |a| compared(a, characters_of_any_case, distance),
    ),
    native(
        "ngram_search(string, string) -> float32",
        "The share of the second text's runs of 4 bytes that the first one has.",
        |a| compared(a, bytes, share),
    ),
    native(
        "ngram_search_case_insensitive(string, string) -> float32",
        "As ngram_search, whatever the case of ASCII letters.",
        |a| compared(a, bytes_of_any_case, share),
    ),
    native(
        "ngram_search_utf8(string, string) -> float32",
        "As ngram_search, of runs of 3 characters.",
        |a| compared(a, characters, share),
    ),
    native(
        "ngram_search_case_insensitive_utf8(string, string) -> float32",
        "As ngram_search_utf8, whatever the case of letters.",
        |a| compared(a, characters_of_any_case, share),
    ),
];

/// The runs of both texts, one after the other, and how many of them both have.
struct Runs {
    first: usize,
    second: usize,
    both: usize,
}

fn compared<T: Eq + Hash>(
    a: &Args<'_>,
    runs: fn(&str) -> Vec<T>,
    result: fn(&Runs) -> f64,
) -> Result<Out, String> {
    let (first, second) = (a.text(0)?, a.text(1)?);
    if second.len() > MOST {
        return Err(format!("the second text is longer than {MOST} bytes"));
    }
    let second = runs(second);
    let mut wanted: HashMap<&T, usize> = HashMap::new();
    for run in &second {
        *wanted.entry(run).or_default() += 1;
    }
    let first = match first.len() > MOST {
        true => {
            let nothing = Runs {
                first: 1,
                second: 1,
                both: 0,
            };
            return Ok(result(&nothing).into());
        }
        false => runs(first),
    };
    let both = first.iter().filter(|run| match wanted.get_mut(run) {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    });
    let both = both.count();
    Ok(result(&Runs {
        first: first.len(),
        second: second.len(),
        both,
    })
    .into())
}

fn distance(runs: &Runs) -> f64 {
    let all = runs.first + runs.second;
    (all - 2 * runs.both) as f64 / all.max(1) as f64
}

fn share(runs: &Runs) -> f64 {
    1.0 - (runs.second - runs.both) as f64 / runs.second.max(1) as f64
}

fn windows<T: Clone>(items: &[T], length: usize) -> Vec<Vec<T>> {
    items.windows(length).map(<[T]>::to_vec).collect()
}

fn bytes(text: &str) -> Vec<Vec<u8>> {
    windows(text.as_bytes(), BYTES)
}

fn bytes_of_any_case(text: &str) -> Vec<Vec<u8>> {
    windows(text.to_ascii_lowercase().as_bytes(), BYTES)
}

fn characters(text: &str) -> Vec<Vec<char>> {
    windows(&text.chars().collect::<Vec<_>>(), CHARACTERS)
}

fn characters_of_any_case(text: &str) -> Vec<Vec<char>> {
    characters(&text.to_lowercase())
}
