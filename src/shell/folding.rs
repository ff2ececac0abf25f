//! Which groups of the navigation are folded: as a person left them, in this browser.

use leptos::prelude::*;

use crate::storage;

const STORED: &str = "weir.navigation.folded";
/// Long, and seldom needed: without it the navigation fits a small screen.
const FOLDED_AT_FIRST: &str = "Administration";

/// Labels, one a line; one that was opened though it is folded at first begins with this.
const OPENED: char = '+';

pub fn is_folded(label: &str) -> bool {
    folded_in(&storage::text(STORED).unwrap_or_default(), label)
}

fn folded_in(text: &str, label: &str) -> bool {
    let opened = |line: &str| line.strip_prefix(OPENED) == Some(label);
    match label {
        FOLDED_AT_FIRST => !text.lines().any(opened),
        _ => text.lines().any(|line| line == label),
    }
}

pub fn fold(label: &str, on: bool) {
    let text = storage::text(STORED).unwrap_or_default();
    storage::set_text(STORED, &with(&text, label, on));
}

fn with(text: &str, label: &str, folded: bool) -> String {
    let of_it = |line: &&str| line.strip_prefix(OPENED).unwrap_or(line) != label;
    let mut all: Vec<String> = text.lines().filter(of_it).map(String::from).collect();
    match label {
        FOLDED_AT_FIRST if !folded => all.push(format!("{OPENED}{label}")),
        FOLDED_AT_FIRST => {}
        _ if folded => all.push(label.into()),
        _ => {}
    }
    all.join("\n")
}

/// Scrolls the navigation as little as needed for the entry of the page to be seen.
pub fn show_current() {
    let Ok(Some(navigation)) = document().query_selector(".navigation") else {
        return;
    };
    let Ok(Some(current)) = navigation.query_selector("[aria-current]") else {
        return;
    };
    let (whole, entry) = (
        navigation.get_bounding_client_rect(),
        current.get_bounding_client_rect(),
    );
    let over = (entry.top() - whole.top()).min(0.0) + (entry.bottom() - whole.bottom()).max(0.0);
    if over != 0.0 {
        navigation.set_scroll_top(navigation.scroll_top() + over as i32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_stay_as_they_were_left_and_the_long_one_is_folded_at_first() {
        assert!(folded_in("", "Administration") && !folded_in("", "Data"));
        let text = with("", "Administration", false);
        let text = with(&text, "Data", true);
        assert!(!folded_in(&text, "Administration") && folded_in(&text, "Data"));
        assert!(!folded_in(&text, "Flow"));
        let text = with(&text, "Administration", true);
        let text = with(&text, "Data", false);
        assert_eq!(text, "");
        // As earlier releases stored it.
        assert!(folded_in("Data\nAdministration", "Administration"));
    }
}
