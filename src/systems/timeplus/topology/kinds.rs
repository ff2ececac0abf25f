//! Where the resource behind a node has its page, and how it looks.

use weir_api::timeplus::topology::{Node, key_of};

use crate::{
    kit::{PageKind, Section},
    paths,
    ui::{IconName, Tone, number::plural},
};

/// The section at a segment of the address.
pub type Sections = fn(&str) -> Option<&'static Section>;

/// Of the list's address; an empty one has no page.
fn segment(kind: &str) -> &'static str {
    match kind {
        "stream" => "streams",
        "external_stream" => "external-streams",
        "external_table" => "external-tables",
        "view" => "views",
        "materialized_view" => "materialized-views",
        "source" => "sources",
        "sink" => "sinks",
        "alert" => "alerts",
        "dashboard" => "dashboards",
        "query" => "queries",
        "schema" | "format_schema" => "schemas",
        "udf" => "functions",
        "dictionary" => "dictionaries",
        _ => "",
    }
}

/// The page of the node's resource, where the console has one.
pub fn href(sections: Sections, connection: &str, node: &Node) -> Option<String> {
    let section = sections(segment(&node.kind()))?;
    if !section.has(PageKind::Detail) {
        return None;
    }
    Some(paths::item(connection, section.segment, key_of(node)))
}

pub fn icon(sections: Sections, node: &Node) -> IconName {
    sections(segment(&node.kind())).map_or(IconName::Info, |section| section.icon)
}

/// For people.
pub fn word(node: &Node) -> String {
    match node.kind().as_str() {
        "udf" => "function".into(),
        kind => kind.replace('_', " "),
    }
}

/// `12 streams`.
pub fn counted(node: &Node, count: usize) -> String {
    let one = word(node);
    let many = match one.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{one}s"),
    };
    plural(count as u64, &one, &many)
}

/// A state of the API as pages name it: an alert that is triggered fires.
pub fn state(status: &str) -> String {
    status.replace("triggered", "firing")
}

/// Of a node, or of a group where a count stands before the word.
pub fn tone(status: &str) -> Tone {
    let word = status.rsplit(' ').next().unwrap_or_default();
    match word.to_lowercase().as_str() {
        "running" | "executingpipeline" | "finished" | "complete" | "resolved" => Tone::Good,
        "error" | "fatal" | "failed" | "interrupted" => Tone::Bad,
        "triggered" | "autorecovering" | "suspended" => Tone::Warn,
        _ => Tone::Neutral,
    }
}
