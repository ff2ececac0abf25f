//! Where texts occur in texts. Positions count characters from 1; 0 is nowhere.

use super::super::native::{Args, Native, Out, go_on, native};

pub(in crate::functions) const FUNCTIONS: &[Native] = &[
    native(
        "position|position_utf8(string, string[, integer]) -> uint64",
        "Where the second first occurs, from a place on.",
        |a| Ok(position(a.text(0)?, a.text(1)?, a.int_or(2, 1)?).into()),
    ),
    native(
        "position_case_insensitive|position_case_insensitive_utf8(string, string[, integer]) -> uint64",
        "As position, whatever the case of letters.",
        |a| Ok(position(&lower(a, 0)?, &lower(a, 1)?, a.int_or(2, 1)?).into()),
    ),
    native(
        "locate(string, string[, integer]) -> uint64",
        "Where the first occurs in the second.",
        |a| Ok(position(a.text(1)?, a.text(0)?, a.int_or(2, 1)?).into()),
    ),
    native(
        "starts_with|starts_with_utf8(string, string) -> bool",
        "Whether the text starts so.",
        |a| Ok(a.bytes(0).starts_with(a.bytes(1)).into()),
    ),
    native(
        "ends_with|ends_with_utf8(string, string) -> bool",
        "Whether the text ends so.",
        |a| Ok(a.bytes(0).ends_with(a.bytes(1)).into()),
    ),
    native(
        "starts_with_case_insensitive|starts_with_case_insensitive_utf8(string, string) -> bool",
        "As starts_with, whatever the case of letters.",
        |a| Ok(lower(a, 0)?.starts_with(&lower(a, 1)?).into()),
    ),
    native(
        "ends_with_case_insensitive|ends_with_case_insensitive_utf8(string, string) -> bool",
        "As ends_with, whatever the case of letters.",
        |a| Ok(lower(a, 0)?.ends_with(&lower(a, 1)?).into()),
    ),
    native(
        "count_substrings(string, string) -> uint64",
        "How often the second occurs, without overlap.",
        |a| Ok(count(a.text(0)?, a.text(1)?).into()),
    ),
    native(
        "count_substrings_case_insensitive|count_substrings_case_insensitive_utf8(string, string) -> uint64",
        "As count_substrings, whatever the case of letters.",
        |a| Ok(count(&lower(a, 0)?, &lower(a, 1)?).into()),
    ),
    native(
        "multi_search_all_positions|multi_search_all_positions_utf8(string, array) -> array(uint64)",
        "Where each of the texts first occurs.",
        |a| all(a, false),
    ),
    native(
        "multi_search_all_positions_case_insensitive|multi_search_all_positions_case_insensitive_utf8(string, array) -> array(uint64)",
        "As multi_search_all_positions, whatever the case of letters.",
        |a| all(a, true),
    ),
    native(
        "multi_search_first_position|multi_search_first_position_utf8(string, array) -> uint64",
        "The first place where one of the texts occurs.",
        |a| {
            Ok(places(a, false)?
                .into_iter()
                .filter(|place| *place > 0)
                .min()
                .unwrap_or(0)
                .into())
        },
    ),
    native(
        "multi_search_first_position_case_insensitive|multi_search_first_position_case_insensitive_utf8(string, array) -> uint64",
        "As multi_search_first_position, whatever the case of letters.",
        |a| {
            Ok(places(a, true)?
                .into_iter()
                .filter(|place| *place > 0)
                .min()
                .unwrap_or(0)
                .into())
        },
    ),
    native(
        "multi_search_first_index|multi_search_first_index_utf8(string, array) -> uint64",
        "The number, from 1, of the first of the texts that occurs.",
        |a| first(a, false),
    ),
    native(
        "multi_search_first_index_case_insensitive|multi_search_first_index_case_insensitive_utf8(string, array) -> uint64",
        "As multi_search_first_index, whatever the case of letters.",
        |a| first(a, true),
    ),
    native(
        "multi_search_any|multi_search_any_utf8(string, array) -> bool",
        "Whether one of the texts occurs.",
        |a| Ok(places(a, false)?.into_iter().any(|place| place > 0).into()),
    ),
    native(
        "multi_search_any_case_insensitive|multi_search_any_case_insensitive_utf8(string, array) -> bool",
        "As multi_search_any, whatever the case of letters.",
        |a| Ok(places(a, true)?.into_iter().any(|place| place > 0).into()),
    ),
    native(
        "has_token(string, string) -> bool",
        "Whether the word occurs, between other characters than letters and digits.",
        |a| {
            // Read once: it may be as long as any text.
            let word = a.text(1)?;
            Ok(words(a.text(0)?).any(|found| found == word).into())
        },
    ),
    native(
        "has_token_case_insensitive(string, string) -> bool",
        "As has_token, whatever the case of letters.",
        |a| {
            let (text, word) = (lower(a, 0)?, lower(a, 1)?);
            Ok(words(&text).any(|found| found == word).into())
        },
    ),
    native(
        "has_subsequence|has_subsequence_utf8(string, string) -> bool",
        "Whether the characters of the second occur in this order.",
        |a| Ok(subsequence(a.text(0)?, a.text(1)?).into()),
    ),
    native(
        "has_subsequence_case_insensitive|has_subsequence_case_insensitive_utf8(string, string) -> bool",
        "As has_subsequence, whatever the case of letters.",
        |a| Ok(subsequence(&lower(a, 0)?, &lower(a, 1)?).into()),
    ),
];

fn lower(a: &Args<'_>, index: usize) -> Result<String, String> {
    Ok(a.text(index)?.to_lowercase())
}

fn position(text: &str, part: &str, from: i128) -> usize {
    let skip = usize::try_from(from.max(1) - 1).unwrap_or(usize::MAX);
    let start = match text.char_indices().nth(skip) {
        Some((at, _)) => at,
        None if skip > text.chars().count() => return 0,
        None => text.len(),
    };
    text[start..]
        .find(part)
        .map_or(0, |at| text[..start + at].chars().count() + 1)
}

fn count(text: &str, part: &str) -> usize {
    if part.is_empty() {
        0
    } else {
        text.matches(part).count()
    }
}

fn places(a: &Args<'_>, any_case: bool) -> Result<Vec<usize>, String> {
    let text = if any_case {
        lower(a, 0)?
    } else {
        a.text(0)?.to_string()
    };
    let parts = a.texts(1)?.into_iter();
    let place = |part: String| {
        go_on()?;
        let part = if any_case { part.to_lowercase() } else { part };
        Ok(position(&text, &part, 1))
    };
    parts.map(place).collect()
}

fn all(a: &Args<'_>, any_case: bool) -> Result<Out, String> {
    Ok(Out::array(
        places(a, any_case)?.iter().map(ToString::to_string),
    ))
}

fn first(a: &Args<'_>, any_case: bool) -> Result<Out, String> {
    Ok(places(a, any_case)?
        .iter()
        .position(|place| *place > 0)
        .map_or(0, |index| index + 1)
        .into())
}

pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
}

fn subsequence(text: &str, part: &str) -> bool {
    let mut rest = text.chars();
    part.chars().all(|c| rest.any(|found| found == c))
}
