//! Patterns of Joda.

/// Runs of one letter, and what stands between them or in quotes.
pub(super) enum Part {
    Letters(char, usize),
    Text(String),
}

pub(super) fn parts(pattern: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\'' {
            let inside: String = chars.by_ref().take_while(|c| *c != '\'').collect();
            parts.push(Part::Text(if inside.is_empty() {
                "'".to_string()
            } else {
                inside
            }));
        } else if c.is_ascii_alphabetic() {
            let mut count = 1;
            while chars.next_if_eq(&c).is_some() {
                count += 1;
            }
            parts.push(Part::Letters(c, count));
        } else {
            parts.push(Part::Text(c.to_string()));
        }
    }
    parts
}
