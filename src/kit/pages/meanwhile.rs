//! Whether what a form edits was changed by somebody else since the form was opened.

use serde_json::Value;
use weir_api::capability::Capabilities;
use weir_code::FieldChange;

use super::super::{Resource, code};

/// Fields that are named; the rest is counted.
const SHOWN: usize = 8;
/// Characters of a value.
const LONGEST: usize = 120;

/// What changed, a sentence each; `None` where the form would begin with the same. What the form
/// does not show, such as a state, counts for nothing.
pub(super) fn changed<S: Resource>(
    first: &S::Draft,
    before: &S::Model,
    now: &S::Model,
    can: Capabilities,
) -> Option<Vec<String>> {
    if (S::SPEC.draft)(now) == *first {
        return None;
    }
    let value = |model| code::described::<S>(model, can).definition.ok()?.value();
    Some(match (value(before), value(now)) {
        (Some(before), Some(now)) => sentences(&weir_code::differences(&before, &now)),
        _ => Vec::new(),
    })
}

/// What changed, a sentence each.
pub(crate) fn sentences(changes: &[FieldChange]) -> Vec<String> {
    let mut all: Vec<String> = changes.iter().take(SHOWN).map(sentence).collect();
    if changes.len() > SHOWN {
        all.push(format!("{} more fields.", changes.len() - SHOWN));
    }
    all
}

fn sentence(change: &FieldChange) -> String {
    let FieldChange {
        field,
        before,
        after,
    } = change;
    format!("{field}: {} → {}", words(before), words(after))
}

fn words(value: &Option<Value>) -> String {
    let text = match value {
        None => return "nothing".into(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    let mut shown = String::new();
    crate::text::write_visible(&text, LONGEST, &mut shown);
    format!("“{shown}”")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_changed_is_named_with_both_values() {
        let before = json!({ "query": "select 1", "tags": ["a"] });
        let now = json!({ "query": "select 2", "tags": ["a", "b"] });
        assert_eq!(
            sentences(&weir_code::differences(&before, &now)),
            ["query: “select 1” → “select 2”", "tags[1]: nothing → “b”"]
        );
        let wide = |n: usize| -> Value { (1..=n).map(|at| json!(at)).collect() };
        let many = sentences(&weir_code::differences(&wide(0), &wide(20)));
        assert_eq!(many.last().map(String::as_str), Some("12 more fields."));
    }
}
