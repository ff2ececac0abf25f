//! What texts contain, and which they match.

use std::borrow::Cow;

use crate::cell::Cell;

pub(super) fn text_of<'b>(cell: &Cell<'b>, scratch: &'b mut String) -> &'b str {
    match cell.as_str() {
        Some(text) => text,
        None => {
            scratch.clear();
            cell.write_text(scratch);
            scratch
        }
    }
}

/// What is looked for as numbers have it that are written out: without the blanks between groups of
/// digits, where they are shown with them.
pub(super) fn number_part(needle: &str, group: Option<char>) -> Option<Cow<'_, str>> {
    let parts = |c: char| c.is_ascii_digit() || matches!(c, '-' | '.');
    if needle.chars().all(parts) {
        return Some(needle.into());
    }
    let blank = |c: char| c.is_whitespace() || Some(c) == group;
    let fits = group.is_some() && needle.chars().all(|c| parts(c) || blank(c));
    let bare = || needle.chars().filter(|c| !blank(*c)).collect::<String>();
    fits.then(bare)
        .filter(|bare| !bare.is_empty())
        .map(Cow::Owned)
}

pub(super) fn contains(text: &str, needle: &str) -> bool {
    let Some((first, rest)) = needle.as_bytes().split_first() else {
        return true;
    };
    let text = text.as_bytes();
    memchr::memchr_iter(*first, text).any(|at| text[at + 1..].starts_with(rest))
}

/// The needle is in lower case.
pub(super) fn contains_in_any_case(text: &str, needle: &str) -> bool {
    let Some((first, rest)) = needle.as_bytes().split_first() else {
        return true;
    };
    let text = text.as_bytes();
    let is_here = |at: usize| {
        let here = text.get(at + 1..at + 1 + rest.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(rest))
    };
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text).any(is_here)
}

/// Without recursion: on a mismatch the last `*` takes one character more.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.chars(), text.chars());
    let mut retry: Option<(std::str::Chars<'_>, std::str::Chars<'_>)> = None;
    loop {
        let before = text.clone();
        match (pattern.next(), text.next()) {
            (None, None) => return true,
            (Some('*'), _) => {
                text = before.clone();
                retry = Some((pattern.clone(), before));
                continue;
            }
            (Some('?'), Some(_)) => continue,
            (Some(wanted), Some(letter)) if wanted == letter => continue,
            _ => {}
        }
        let Some((after_star, from)) = &mut retry else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        pattern = after_star.clone();
        text = from.clone();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (pattern, text, expected) in [
            ("a*c", "abc", true),
            ("a*c", "ac", true),
            ("a*c", "acb", false),
            ("*", "", true),
            ("?", "ä", true),
            ("?", "", false),
            ("*ab*ab", "abxab", true),
            ("*ab*ab", "abx", false),
            ("a?*", "a", false),
            ("", "a", false),
            ("*a*b*c*", "xaybzc", true),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        }
    }
}
