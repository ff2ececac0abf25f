//! Text taken apart.

use super::super::native::{Args, Native, Out, go_on, native};
use super::search::words;

/// Each character of a text is compared with them.
const LONGEST_SEPARATOR: usize = 64;

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "split_by_char(string, string[, integer]) -> array(string)",
        "The parts of the second between separators, at most so many.",
        |a| {
            if a.text(0)?.chars().count() != 1 {
                return Err(
                    "the separator is one character: split_by_string takes more".to_string()
                );
            }
            split(a)
        },
    ),
    native(
        "split_by_string(string, string[, integer]) -> array(string)",
        "The parts of the second between separators, at most so many; the characters where the separator is empty.",
        split,
    ),
    native(
        "split_by_whitespace(string[, integer]) -> array(string)",
        "The parts between white space.",
        |a| parts(a, a.text(0)?.split_whitespace()),
    ),
    native(
        "split_by_non_alpha(string[, integer]) -> array(string)",
        "The parts between white space and punctuation.",
        |a| {
            let parts_of = a
                .text(0)?
                .split(|c: char| c.is_whitespace() || c.is_ascii_punctuation());
            parts(a, parts_of.filter(|part| !part.is_empty()))
        },
    ),
    native(
        "alpha_tokens|split_by_alpha(string[, integer]) -> array(string)",
        "The runs of ASCII letters.",
        |a| {
            let runs = a.text(0)?.split(|c: char| !c.is_ascii_alphabetic());
            parts(a, runs.filter(|part| !part.is_empty()))
        },
    ),
    native(
        "tokens(string) -> array(string)",
        "The words, between other characters than letters and digits.",
        |a| Ok(Out::texts(words(a.text(0)?))),
    ),
    native(
        "ngrams(string, integer) -> array(string)",
        "Every run of so many characters.",
        |a| {
            let text: Vec<char> = a.text(0)?.chars().collect();
            let length = usize::try_from(a.int(1)?).ok().filter(|n| *n > 0);
            let length = length.ok_or("argument 2 is a number of characters from 1")?;
            if text.len().saturating_mul(length) > super::super::native::MAX_TEXT {
                return Err(super::super::native::too_long());
            }
            Ok(Out::texts(
                text.windows(length)
                    .map(|run| run.iter().collect::<String>()),
            ))
        },
    ),
    native(
        "extract_key_value_pairs(string[, string[, string[, string]]]) -> map(string, string)",
        "A map from text such as key:value, key:value; separators and quote can be given.",
        |a| {
            let (colon, commas) = (a.text_or(1, ":")?, a.text_or(2, " ,;")?);
            if colon.len().max(commas.len()) > LONGEST_SEPARATOR {
                return Err(format!("separators have at most {LONGEST_SEPARATOR} bytes"));
            }
            let quote = a.text_or(3, "\"")?.chars().next().unwrap_or('"');
            Ok(pairs(a.text(0)?, colon, commas, quote)?.into())
        },
    ),
];

fn split(a: &Args<'_>) -> Result<Out, String> {
    let (separator, text) = (a.text(0)?, a.text(1)?);
    let most = limit(a, 2)?;
    if separator.is_empty() {
        let parts = text.chars().map(String::from);
        return Ok(Out::texts(parts.take(most)));
    }
    Ok(Out::texts(text.split(separator).take(most)))
}

fn parts<'a>(a: &Args<'a>, parts: impl Iterator<Item = &'a str>) -> Result<Out, String> {
    Ok(Out::texts(parts.take(limit(a, 1)?)))
}

pub(super) fn limit(a: &Args<'_>, index: usize) -> Result<usize, String> {
    let most = a.int_or(index, 0)?;
    Ok(if most > 0 {
        usize::try_from(most).unwrap_or(usize::MAX)
    } else {
        usize::MAX
    })
}

fn pairs(text: &str, colon: &str, commas: &str, quote: char) -> Result<String, String> {
    let mut out = serde_json::Map::new();
    let mut rest = text;
    while !rest.is_empty() {
        go_on()?;
        let (key, after, ended) = token(
            rest,
            |rest| rest.starts_with(colon) || rest.starts_with(|c| commas.contains(c)),
            quote,
        );
        rest = after;
        if !ended || !rest.starts_with(colon) {
            rest = rest.strip_prefix(|c| commas.contains(c)).unwrap_or(rest);
            if rest.len() == after.len() && !rest.is_empty() && !ended {
                break;
            }
            continue;
        }
        rest = &rest[colon.len()..];
        let (value, after, _) = token(rest, |rest| rest.starts_with(|c| commas.contains(c)), quote);
        rest = after;
        if !key.is_empty() {
            out.insert(key, value.into());
        }
    }
    Ok(serde_json::Value::Object(out).to_string())
}

/// A word or what stands in quotes, what follows, and whether the end was found.
fn token(text: &str, ends: impl Fn(&str) -> bool, quote: char) -> (String, &str, bool) {
    if let Some(inside) = text.strip_prefix(quote)
        && let Some((word, after)) = inside.split_once(quote)
    {
        return (word.to_string(), after, true);
    }
    let end = text
        .char_indices()
        .find(|(at, _)| ends(&text[*at..]))
        .map(|(at, _)| at);
    match end {
        Some(end) => (text[..end].to_string(), &text[end..], true),
        None => (text.to_string(), "", false),
    }
}
