//! Characters that cannot be seen, or that turn the text around them, as marks that can.

use std::borrow::Cow;

use weir_api::unseen::{hides, is_other_blank};

/// The mark of a character in its place; `None` where it is seen as it is. Blanks are marked where
/// a text begins or ends.
fn mark(before: Option<char>, c: char, after: Option<char>) -> Option<String> {
    Some(match c {
        ' ' if before.is_none() || after.is_none() => "·".into(),
        '\n' => "↵".into(),
        '\t' => "⇥".into(),
        '\u{7f}' => "␡".into(),
        c if c < ' ' => char::from_u32(0x2400 + u32::from(c))?.to_string(),
        c if c.is_control() || hides(before, c, after) => format!("‹{:04X}›", u32::from(c)),
        _ => return None,
    })
}

/// The first `most` characters with their marks.
pub fn write_visible(text: &str, most: usize, out: &mut String) {
    let mut characters = text.chars().peekable();
    // A blank before a cut does not end the text.
    let (mut before, mut written) = (None, 0);
    while let Some(c) = characters.next() {
        if written == most {
            return out.push('…');
        }
        let after = blank_end(c, characters.clone());
        match mark(leading(before), c, after) {
            Some(mark) => out.push_str(&mark),
            None => out.push(c),
        }
        before = match (before, c) {
            // Blanks behind one another begin the text together.
            (None | Some(None), ' ') => Some(None),
            _ => Some(Some(c)),
        };
        written += 1;
    }
}

/// `None` while only blanks came.
fn leading(before: Option<Option<char>>) -> Option<char> {
    before.flatten()
}

/// The character that follows; `None` where only blanks do.
fn blank_end(c: char, rest: impl Iterator<Item = char>) -> Option<char> {
    let mut rest = rest;
    match c {
        ' ' => rest.find(|c| *c != ' '),
        _ => rest.next(),
    }
}

/// All of a text with its marks.
pub fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |c: char| mark(Some('x'), c, Some('x')).is_some();
    if !text.contains(hidden) && text.trim_matches(' ') == text {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    write_visible(text, usize::MAX, &mut out);
    Cow::Owned(out)
}

/// All of a text in one line, with its marks.
pub fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    visible(&words.join(" ")).into_owned()
}

/// The word with a capital, for the beginning of a sentence.
pub fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + chars.as_str()
    })
}

/// A character among words: in quotes, or by its code where it cannot be seen.
pub fn character(c: char) -> String {
    match mark(Some('x'), c, Some('x')) {
        Some(_) => format!("invisible character U+{:04X}", u32::from(c)),
        None => format!("'{c}'"),
    }
}

/// The first character that cannot be seen, blanks aside.
pub fn unseen(text: &str) -> Option<char> {
    text.chars()
        .find(|c| mark(Some('x'), *c, Some('x')).is_some())
}

/// Of no width, and put into text by pages and spreadsheets: it means nothing there. What turns
/// text around is not among them: it is seen, and refused where it has no place.
fn is_pasted_along(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Text from elsewhere without what pages and spreadsheets put into it unseen: every blank is a
/// space, characters without width are gone, and so are blanks at its ends. Not for text whose
/// blanks count.
pub fn pasted(text: &str) -> Cow<'_, str> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || is_pasted_along(c));
    if !text.contains(|c| is_pasted_along(c) || is_other_blank(c)) {
        return Cow::Borrowed(text);
    }
    let kept = text.chars().filter(|c| !is_pasted_along(*c));
    kept.map(|c| if is_other_blank(c) { ' ' } else { c })
        .collect()
}

/// What is searched for: every word has to be found, in any case. What was pasted along unseen
/// counts where it is found, and is left out where it is not.
#[derive(Debug, Clone)]
pub struct Search {
    typed: Vec<String>,
    /// Without what was pasted along, where it is something else.
    pasted: Option<Vec<String>>,
}

impl Search {
    pub fn new(typed: &str) -> Self {
        let words = |text: &str| -> Vec<String> {
            let text = text.to_lowercase();
            text.split_whitespace().map(String::from).collect()
        };
        let (typed, pasted) = (words(typed), words(&pasted(typed)));
        Self {
            pasted: Some(pasted).filter(|pasted| *pasted != typed),
            typed,
        }
    }

    /// `text` is in small letters.
    pub fn is_in(&self, text: &str) -> bool {
        let all = |words: &Vec<String>| words.iter().all(|word| text.contains(word));
        all(&self.typed) || self.pasted.as_ref().is_some_and(all)
    }
}

/// A message with the codes of what cannot be seen in it; its lines stay lines.
pub fn coded(message: &str) -> String {
    let line = |line: &str| {
        let marked = line.chars().map(|c| match mark(Some('x'), c, Some('x')) {
            Some(_) => format!("‹U+{:04X}›", u32::from(c)),
            None => c.to_string(),
        });
        marked.collect::<String>()
    };
    message.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_marked() {
        for (text, seen) in [
            ("plain text", "plain text"),
            ("  a b ", "··a b·"),
            ("   ", "···"),
            ("a\nb\r\n\tc", "a↵b␍↵⇥c"),
            ("a\u{202e}cba", "a‹202E›cba"),
            ("\u{200b}x\u{feff}", "‹200B›x‹FEFF›"),
            ("a\u{a0}b\u{0}", "a‹00A0›b␀"),
            ("a\u{200d}b", "a‹200D›b"),
            ("👩\u{200d}👧", "👩\u{200d}👧"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            ("", ""),
        ] {
            assert_eq!(visible(text), seen, "{text:?}");
        }
    }

    #[test]
    fn a_statement_in_one_line_keeps_its_marks() {
        assert_eq!(one_line(" select\n\t'a\u{202e}b'\r\n"), "select 'a‹202E›b'");
    }

    #[test]
    fn a_cut_text_does_not_end_where_it_is_cut() {
        let mut out = String::new();
        write_visible("ab cd", 3, &mut out);
        assert_eq!(out, "ab …");
        out.clear();
        write_visible("ab\u{202e}c", 3, &mut out);
        assert_eq!(out, "ab‹202E›…");
    }

    #[test]
    fn a_search_finds_what_is_meant() {
        let found = |typed: &str, text: &str| Search::new(typed).is_in(text);
        assert!(found(" B  a ", "a b") && !found("a c", "a b"));
        assert!(found("\u{feff}or\u{200b}ders\u{a0}", "orders"));
        assert!(found("a\u{200b}b", "a\u{200b}b") && !found("a\u{200b}c", "a\u{200b}b"));
    }

    #[test]
    fn one_character_is_named() {
        assert_eq!(character('ä'), "'ä'");
        assert_eq!(character(' '), "' '");
        assert_eq!(character('\u{200b}'), "invisible character U+200B");
        assert_eq!(unseen("a b"), None);
        assert_eq!(unseen("a\u{a0}b"), Some('\u{a0}'));
    }

    #[test]
    fn pasted_text_has_plain_blanks_only() {
        for (text, plain) in [
            ("1 001", "1 001"),
            ("\u{feff}a\u{a0}b\u{202f}c\r\n", "a b c"),
            ("\u{200b} 1\u{200b}2\t", "12"),
            ("\u{a0}", ""),
            ("\u{202e}a", "\u{202e}a"),
        ] {
            assert_eq!(pasted(text), plain, "{text:?}");
        }
    }

    #[test]
    fn messages_name_the_codes() {
        assert_eq!(
            coded("unknown stream 'a\u{200b}'\nat line 1"),
            "unknown stream 'a‹U+200B›'\nat line 1"
        );
    }
}
