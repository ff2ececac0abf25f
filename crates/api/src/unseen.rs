//! Characters that a reader does not see: without width, or turning round what stands beside them.
//!
//! Every name check, message and mark asks here, so that a character that one place refuses is not
//! let through by another. Source: Unicode's `Default_Ignorable_Code_Point` and `Bidi_Control`.

/// Of no width, or turning the text around it. Blanks are [`is_other_blank`]'s.
pub fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// A blank that looks like the space and is another character.
pub fn is_other_blank(c: char) -> bool {
    c != ' ' && c.is_whitespace()
}

/// Whether `c` is not seen between these neighbours. Between letters of scripts beyond ASCII
/// joiners belong to the word, in pictures of several parts to the picture, and a selector tells
/// which of two pictures is meant.
pub fn hides(before: Option<char>, c: char, after: Option<char>) -> bool {
    let other = |near: Option<char>| near.is_some_and(|near| !near.is_ascii());
    match c {
        '\u{200c}' | '\u{200d}' => !(other(before) && other(after)),
        '\u{fe0e}' | '\u{fe0f}' => !other(before),
        _ => is_unseen(c) || is_other_blank(c),
    }
}

/// The first character of a name that a reader cannot tell from nothing or from a space.
///
/// ```
/// # use weir_api::unseen::in_name;
/// assert_eq!(in_name("orders\u{200b}"), Some('\u{200b}'));
/// assert_eq!(in_name("می\u{200c}خواهم"), None);
/// ```
pub fn in_name(name: &str) -> Option<char> {
    let mut before = None;
    let mut rest = name.chars().peekable();
    while let Some(c) = rest.next() {
        if hides(before, c, rest.peek().copied()) {
            return Some(c);
        }
        before = Some(c);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_found_and_what_is_seen_is_not() {
        for c in [
            '\u{ad}',
            '\u{200b}',
            '\u{200e}',
            '\u{202e}',
            '\u{2066}',
            '\u{feff}',
            '\u{3164}',
            '\u{e0041}',
        ] {
            assert!(is_unseen(c), "{c:?}");
        }
        for c in ['a', ' ', 'é', '\u{a0}', '漢', '–', '\u{301}'] {
            assert!(!is_unseen(c), "{c:?}");
        }
        assert!(is_other_blank('\u{a0}') && is_other_blank('\t') && !is_other_blank(' '));
    }

    #[test]
    fn joiners_belong_to_words_of_other_scripts_only() {
        assert_eq!(in_name("क\u{94d}\u{200d}ष"), None);
        assert_eq!(in_name("ad\u{200d}min"), Some('\u{200d}'));
        assert_eq!(in_name("andré\u{200d}"), Some('\u{200d}'));
        assert_eq!(in_name("heart ❤\u{fe0f}"), None);
        assert_eq!(in_name("two words"), None);
        assert_eq!(in_name("two\u{a0}words"), Some('\u{a0}'));
    }
}
