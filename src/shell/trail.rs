//! Where a page is: breadcrumbs and the title, read from its path.

use crate::{
    kit::Section,
    paths,
    registry::{self, sections},
    text::capital,
};

const NOT_FOUND: &str = "Page not found";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub label: String,
    /// None for the page itself.
    pub href: Option<String>,
    /// Of what the page shows, as in the address.
    key: Option<String>,
}

impl Step {
    fn link(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: Some(href.into()),
            key: None,
        }
    }

    pub(super) fn page(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            href: None,
            key: None,
        }
    }

    fn of(mut self, key: &str) -> Self {
        self.key = Some(key.into());
        self
    }
}

/// The steps with the name in the place of the key; the first step is a section.
pub fn named(mut steps: Vec<Step>, key: &str, name: &str) -> Vec<Step> {
    for step in steps.iter_mut().skip(1) {
        if step.key.as_deref() == Some(key) && !name.is_empty() {
            step.label = name.into();
        }
    }
    steps
}

/// Decoded segments of a path.
pub fn segments(path: &str) -> Vec<String> {
    let path = paths::inside(path).unwrap_or(path);
    let parts = path.split('/').filter(|part| !part.is_empty());
    parts
        .map(|part| js_sys::decode_uri_component(part).map_or_else(|_| part.into(), String::from))
        .collect()
}

/// From the section down to the page.
pub fn of(segments: &[String]) -> Vec<Step> {
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    match *segments {
        ["connections"] => vec![Step::page("Connections")],
        ["deliveries"] => vec![Step::page("All deliveries")],
        ["overview"] => vec![Step::page("All systems")],
        ["c", _, "account"] => vec![Step::page("Account")],
        ["c", _, "activity"] => vec![Step::page("Activity")],
        ["c", _, "export"] => vec![Step::page("Export as code")],
        ["c", _, "import"] => vec![Step::page("Import")],
        ["c", _, "example"] => vec![Step::page("Example")],
        ["connections", "new"] => connections("Add connection"),
        ["connections", _, "edit"] => connections("Edit connection"),
        ["c", _, "sign-in"] => vec![Step::page("Sign in")],
        ["c", connection, "new", kind] => created(connection, kind),
        ["c", connection, section, ref rest @ ..] => within(connection, section, rest),
        ["c", _] => vec![Step::page("Overview")],
        [] => Vec::new(),
        _ => vec![Step::page(NOT_FOUND)],
    }
}

fn connections(page: &str) -> Vec<Step> {
    vec![
        Step::link("Connections", paths::connections()),
        Step::page(page),
    ]
}

fn created(connection: &str, kind: &str) -> Vec<Step> {
    let Some(found) = sections().find(|one| one.creates == Some(kind)) else {
        return vec![Step::page(NOT_FOUND)];
    };
    vec![
        Step::link(found.label, paths::section(connection, found.segment)),
        Step::page(format!("Create {}", found.one)),
    ]
}

fn within(connection: &str, section: &str, rest: &[&str]) -> Vec<Step> {
    let Some(found) = registry::section(section) else {
        return vec![Step::page(NOT_FOUND)];
    };
    let link = paths::section(connection, found.segment);
    match *rest {
        [] => vec![Step::page(found.label)],
        [segment] => {
            let key = paths::key(segment);
            vec![
                Step::link(found.label, link),
                Step::page(called(found, &key)).of(&key),
            ]
        }
        [segment, "edit"] => {
            let key = paths::key(segment);
            let item = paths::item(connection, found.segment, &key);
            vec![
                Step::link(found.label, link),
                Step::link(called(found, &key), item).of(&key),
                Step::page("Edit"),
            ]
        }
        _ => vec![Step::page(NOT_FOUND)],
    }
}

/// An id tells nobody anything: the kind does.
fn called(found: &Section, key: &str) -> String {
    let is_id = key.len() >= 20 && key.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    match found.creates {
        Some(kind) if is_id => capital(&kind.replace('-', " ")),
        _ => key.into(),
    }
}

/// What the browser's tab shows first; `Edit orders` rather than `Edit`.
pub fn page_title(trail: &[Step]) -> String {
    match trail {
        [
            ..,
            item,
            Step {
                label, href: None, ..
            },
        ] if label == "Edit" => format!("Edit {}", item.label),
        [.., page] => page.label.clone(),
        [] => String::new(),
    }
}

/// Somewhere to come back to.
pub fn is_place(title: &str) -> bool {
    !["", NOT_FOUND, "Sign in"].contains(&title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(path: &str) -> String {
        let segments: Vec<String> = path
            .split('/')
            .filter(|s| !s.is_empty())
            .map(Into::into)
            .collect();
        let steps = of(&segments);
        let labels: Vec<&str> = steps.iter().map(|step| step.label.as_str()).collect();
        format!("{} | {}", labels.join(" > "), page_title(&steps))
    }

    #[test]
    fn a_name_stands_for_its_key_but_not_for_a_section() {
        let steps = of(&["c", "local", "streams", "streams", "edit"].map(String::from));
        let steps = named(steps, "streams", "Of Bob");
        assert_eq!(steps[1].label, "Of Bob");
        let id = "0b0f6a3e-5f0c-4b57-9a39-2f7a2b1c9d10";
        let sink = named(
            of(&["c", "local", "sinks", id].map(String::from)),
            id,
            "out",
        );
        assert_eq!(sink[1].label, "out", "also in the place of the kind");
        assert_eq!(
            (steps[0].label.as_str(), page_title(&steps)),
            ("Streams", "Edit Of Bob".into())
        );
    }

    #[test]
    fn every_page_knows_where_it_is() {
        assert_eq!(labels("/c/local/sql"), "SQL workspace | SQL workspace");
        assert_eq!(labels("/c/local/streams"), "Streams | Streams");
        assert_eq!(
            labels("/c/local/streams/orders"),
            "Streams > orders | orders"
        );
        assert_eq!(
            labels("/c/local/streams/orders/edit"),
            "Streams > orders > Edit | Edit orders"
        );
        assert_eq!(
            labels("/c/local/new/stream"),
            "Streams > Create stream | Create stream"
        );
        assert_eq!(
            labels("/c/local/new/data-api"),
            "APIs > Create API | Create API"
        );
        assert_eq!(labels("/deliveries"), "All deliveries | All deliveries");
        assert_eq!(labels("/c/local/queries/7"), "Queries > 7 | 7");
        assert_eq!(
            labels("/c/local/saved-queries/0b0f6a3e-5f0c-4b57-9a39-2f7a2b1c9d10/edit"),
            "Saved queries > Saved query > Edit | Edit Saved query"
        );
        assert_eq!(
            labels("/connections/new"),
            "Connections > Add connection | Add connection"
        );
        for page in [
            "account", "activity", "example", "export", "import", "sign-in",
        ] {
            let told = labels(&format!("/c/local/{page}"));
            assert!(!told.contains(NOT_FOUND), "{page}: {told}");
        }
        assert_eq!(
            labels("/c/local/nonsense"),
            "Page not found | Page not found"
        );
        assert_eq!(labels("/"), " | ");
    }

    #[test]
    fn every_name_is_shown_as_it_is_and_leads_to_itself() {
        for name in [
            "a/b",
            ".",
            "..",
            "~",
            "~.",
            "%41",
            "%2F",
            "\\",
            "a b?#&",
            "ü\u{1F600}",
        ] {
            let item = paths::item("local", "streams", name);
            let parts = item.split('/').filter(|part| !part.is_empty());
            let mut path: Vec<String> = parts.map(weir_api::request::decode).collect();
            assert_eq!(of(&path)[1].label, name);
            path.push("edit".into());
            let steps = of(&path);
            assert_eq!(steps[1].href.as_deref(), Some(item.as_str()), "{name}");
            assert_eq!(steps[1].label, name);
        }
    }
}
