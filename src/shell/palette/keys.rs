//! All keys of the page, as `?` shows them.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Keys and what they do.
type Keys = &'static [(&'static str, &'static str)];

const EVERYWHERE: Keys = &[
    ("Ctrl or Cmd + K", "Open the command palette"),
    ("?", "Show keyboard shortcuts"),
    ("Esc", "Close dialog or menu"),
    ("Tab, Shift + Tab", "Next or previous control"),
];

const WORKSPACE: Keys = &[
    (
        "Ctrl or Cmd + Enter",
        "Run the statement at the cursor, or the selection",
    ),
    ("Arrow keys", "Move in the rows of the result"),
    ("Home, End", "First or last column of the row"),
    ("Ctrl or Cmd + Home, End", "First or last row"),
    ("Ctrl or Cmd + C", "Copy the selected cells"),
];

const FORM: Keys = &[("Ctrl or Cmd + Enter", "Save")];

const DASHBOARD: Keys = &[
    ("Arrow keys", "Move the selected panel while editing"),
    (
        "Shift + arrow keys",
        "Change the size of the selected panel while editing",
    ),
    ("Esc", "Leave the full-screen panel"),
];

/// Groups of keys of the page at `path`, the page's own first.
fn groups(path: &str) -> Vec<(&'static str, Keys)> {
    let path = crate::paths::inside(path).unwrap_or(path);
    let section = path
        .strip_prefix("/c/")
        .and_then(|rest| rest.split('/').nth(1));
    let form = path.ends_with("/edit") || section == Some("new") || path.ends_with("/new");
    let own = match section {
        _ if form => Some(("Form", FORM)),
        Some("sql" | "queries") => Some(("SQL and results", WORKSPACE)),
        Some("dashboards") => Some(("Dashboard", DASHBOARD)),
        _ => None,
    };
    own.into_iter()
        .chain([("Everywhere", EVERYWHERE)])
        .collect()
}

#[component]
pub fn KeyList() -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    let groups = groups(&path).into_iter().map(|(title, keys)| {
        let keys = keys.iter().map(|(key, does)| {
            view! { <div><dt><kbd>{*key}</kbd></dt><dd>{*does}</dd></div> }
        });
        view! { <h3>{title}</h3><dl class="keys">{keys.collect_view()}</dl> }
    });
    groups.collect_view().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_shows_its_own_keys_first() {
        let first = |path| groups(path)[0].0;
        assert_eq!(first("/c/a/sql"), "SQL and results");
        assert_eq!(first("/c/a/new/stream"), "Form");
        assert_eq!(first("/c/a/streams/x/edit"), "Form");
        assert_eq!(first("/connections"), "Everywhere");
    }
}
