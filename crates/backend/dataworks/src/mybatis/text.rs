//! The text between the tags of a script.

use weir_engine::SqlError;

pub(super) enum Piece<'a> {
    Text(&'a str),
    Value(&'a str),
}

/// `#{name}` and `${name}`, also with a type behind a comma, and what stands between.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, SqlError> {
    let mut all = Vec::new();
    let mut rest = text;
    let begins = |rest: &str| {
        let mut marks = rest.match_indices(['#', '$']);
        let found = marks.find(|(at, _)| rest[at + 1..].starts_with('{'));
        found.map(|(at, _)| at)
    };
    while let Some(at) = begins(rest) {
        all.push(Piece::Text(&rest[..at]));
        let inside = &rest[at + 2..];
        let end = inside
            .find('}')
            .ok_or_else(|| SqlError::new("a parameter is written #{name}"))?;
        let name = inside[..end].split(',').next().unwrap_or_default().trim();
        all.push(Piece::Value(name));
        rest = &inside[end + 1..];
    }
    all.push(Piece::Text(rest));
    Ok(all)
}

/// `inside` with words taken from its ends and others put there; nothing where there is nothing.
pub(super) fn trimmed(
    inside: &str,
    before: &str,
    after: &str,
    first: &[&str],
    last: &[&str],
) -> String {
    let mut inside = inside.trim();
    if inside.is_empty() {
        return String::new();
    }
    let word = |text: &str, word: &str| {
        let word = word.trim();
        let ends = !word.ends_with(char::is_alphanumeric)
            || !text[word.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '_');
        !word.is_empty() && ends
    };
    for one in first {
        let one = one.trim();
        let begins = inside
            .get(..one.len())
            .is_some_and(|t| t.eq_ignore_ascii_case(one));
        if begins && word(inside, one) {
            inside = inside[one.len()..].trim_start();
            break;
        }
    }
    for one in last {
        let one = one.trim();
        if !one.is_empty() && inside.ends_with(one) {
            inside = inside[..inside.len() - one.len()].trim_end();
            break;
        }
    }
    format!(" {before} {inside} {after} ")
}
