//! Where the resource behind a node has its page, and how it looks.

use weir_api::timeplus::{
    materialized_view::Status,
    topology::{Node, key_of},
};

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

/// A state of the API as the lists name it, also where a count stands before the word.
pub fn state(status: &str) -> String {
    let (before, word) = status.split_at(status.rfind(' ').map_or(0, |at| at + 1));
    let known = Status::from(word);
    let word = match word {
        "triggered" => "firing",
        word => match &known {
            Status::Other(_) => word,
            known => known.words(),
        },
    };
    format!("{before}{word}")
}

/// Of a node, or of a group where a count stands before the word.
pub fn tone(status: &str) -> Tone {
    let word = status.rsplit(' ').next().unwrap_or_default();
    match word.to_lowercase().as_str() {
        "running" | "executingpipeline" | "finished" | "complete" | "resolved" => Tone::Good,
        "error" | "fatal" | "failed" | "interrupted" | "triggered" => Tone::Bad,
        "autorecovering" | "suspended" => Tone::Warn,
        _ => Tone::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_named_and_coloured_as_in_the_lists() {
        for (status, word, colour) in [
            ("ExecutingPipeline", "running", Tone::Good),
            ("running", "running", Tone::Good),
            ("Paused", "paused", Tone::Neutral),
            ("2 Error", "2 error", Tone::Bad),
            ("triggered", "firing", Tone::Bad),
            ("3 triggered", "3 firing", Tone::Bad),
            ("something new", "something new", Tone::Neutral),
        ] {
            assert_eq!((state(status).as_str(), tone(status)), (word, colour));
        }
    }
}
