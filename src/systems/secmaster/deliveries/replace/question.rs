//! What is asked before.

use super::super::draft::{Draft, changes};

fn place(draft: &Draft) -> String {
    format!(
        "“{}”, from {} to {}",
        draft.name.trim(),
        draft.source.pipe_name,
        draft.destination.pipe_name
    )
}

/// What happens, one sentence each.
pub(super) fn consequences(before: &Draft, after: &Draft, id: &str) -> Vec<String> {
    let mut all = vec![
        format!("Deleted: {} ({id}).", place(before)),
        format!("Created: {}, with a new id.", place(after)),
    ];
    for (what, old, new) in changes(before, after) {
        let or_nothing = |text: String| match text.is_empty() {
            true => "nothing".to_owned(),
            false => text,
        };
        all.push(format!(
            "{what}: {} → {}.",
            or_nothing(old),
            or_nothing(new)
        ));
    }
    all.push("Records that arrive during the replacement are not delivered.".into());
    all.push("If the server rejects the new delivery, the old one is recreated.".into());
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_says_what_goes_and_what_comes() {
        let mut before = Draft {
            name: "copy".into(),
            ..Draft::default()
        };
        before.source.pipe_name = "a".into();
        before.destination.pipe_name = "b".into();
        let mut after = before.clone();
        after.destination.pipe_name = "c".into();
        let all = consequences(&before, &after, "id7");
        assert_eq!(all[0], "Deleted: “copy”, from a to b (id7).");
        assert_eq!(all[1], "Created: “copy”, from a to c, with a new id.");
        assert!(all[2].starts_with("Destination: "), "{}", all[2]);
    }
}
