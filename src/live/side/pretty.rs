//! Text columns often carry JSON.

use weir_live::format::pretty;

/// Laid out over lines when it is an object or array, else `None`.
pub fn json_in_text(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let braced = matches!(
        (trimmed.chars().next(), trimmed.chars().next_back()),
        (Some('{'), Some('}')) | (Some('['), Some(']'))
    );
    let valid = braced && serde_json::from_str::<serde::de::IgnoredAny>(trimmed).is_ok();
    valid.then(|| pretty(trimmed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_is_no_json_is_left_alone() {
        assert_eq!(json_in_text("{not json}"), None);
        assert_eq!(json_in_text("plain"), None);
        assert_eq!(json_in_text(" [1] ").as_deref(), Some("[\n  1\n]"));
    }
}
