//! Names in statements.

/// A name as SQL wants it.
pub fn quoted(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if plain {
        name.into()
    } else {
        format!("`{}`", name.replace('`', "\\`"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_need_it_are_quoted() {
        assert_eq!(quoted("host_metrics2"), "host_metrics2");
        assert_eq!(quoted("2fast"), "`2fast`");
        assert_eq!(quoted("a`b c"), "`a\\`b c`");
    }
}
