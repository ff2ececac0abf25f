//! What differs between two texts, by line.

use similar::{ChangeTag, TextDiff};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    Same,
    Removed,
    Added,
}

/// One line of either text, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub kind: LineKind,
    pub text: String,
}

/// All lines of both texts in the order in which they are read.
pub fn lines(before: &str, after: &str) -> Vec<Line> {
    let diff = TextDiff::from_lines(before, after);
    let lines = diff.iter_all_changes().map(|change| Line {
        kind: match change.tag() {
            ChangeTag::Equal => LineKind::Same,
            ChangeTag::Delete => LineKind::Removed,
            ChangeTag::Insert => LineKind::Added,
        },
        text: change.value().trim_end_matches(['\n', '\r']).to_string(),
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_marked() {
        let all = lines("a\nb\nc\n", "a\nB\nc\nd");
        let text: Vec<String> = all
            .iter()
            .map(|line| match line.kind {
                LineKind::Same => format!(" {}", line.text),
                LineKind::Removed => format!("-{}", line.text),
                LineKind::Added => format!("+{}", line.text),
            })
            .collect();
        assert_eq!(text, [" a", "-b", "+B", " c", "+d"]);
    }
}
