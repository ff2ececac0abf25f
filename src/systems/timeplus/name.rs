//! Names that become part of statements.

use crate::text::character;

/// The specification: at most 64 letters, digits or `_`, beginning with a letter. `missing` is
/// said where there is none.
pub fn check(name: &str, missing: &str) -> Result<(), String> {
    let name = name.trim();
    let unfit = |c: &char| !c.is_ascii_alphanumeric() && *c != '_';
    match name.chars().find(unfit) {
        _ if name.is_empty() => Err(missing.into()),
        Some(wrong) => Err(format!(
            "Only letters, digits and _; not {}",
            character(wrong)
        )),
        None if !name.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            Err("Must begin with a letter".into())
        }
        None if name.len() > 64 => Err(format!("At most 64 characters, not {}", name.len())),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_follows_the_specification() {
        for (typed, part) in [
            ("", "Name it"),
            ("9a", "begin"),
            ("a b", "' '"),
            ("ä", "'ä'"),
            ("a\u{200b}", "U+200B"),
            ("a\tb", "U+0009"),
            (&"x".repeat(65), "64"),
        ] {
            let outcome = check(typed, "Name it");
            assert!(outcome.is_err_and(|e| e.contains(part)), "{typed}");
        }
        assert_eq!(check(" ok_1 ", "Name it"), Ok(()));
    }
}
