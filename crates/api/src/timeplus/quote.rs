//! Names and texts inside statements. Both servers take a doubled quote for the quote itself, and a
//! backslash for the beginning of an escape.

/// A name as SQL wants it: in backticks where it needs them.
pub fn name(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match plain {
        true => name.into(),
        false => format!("`{}`", inside(name, '`')),
    }
}

/// A text in single quotes.
pub fn text(text: &str) -> String {
    format!("'{}'", inside(text, '\''))
}

/// A text as it stands between two of `quote`.
pub fn inside(text: &str, quote: char) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c == quote || c == '\\' {
            out.push(c);
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_need_it_are_quoted() {
        assert_eq!(name("host_metrics2"), "host_metrics2");
        assert_eq!(name("2fast"), "`2fast`");
        assert_eq!(name("a`b c"), "`a``b c`");
    }

    #[test]
    fn a_text_cannot_end_itself() {
        assert_eq!(text("it's"), "'it''s'");
        assert_eq!(text(r"\' or"), r"'\\'' or'");
    }
}
