//! What only reads at each system, from the tables of operations of the embedded backend: it serves
//! the vendors' own operations.

use axum::http::Method;
use weir_api::System;

/// Reading operations: what is not among them changes something.
#[derive(Debug, Default)]
pub struct Reading(Vec<Row>);

#[derive(Debug)]
struct Row {
    system: System,
    method: Method,
    /// The segments of its path; `{name}` is any one.
    path: Vec<String>,
}

impl Reading {
    /// Paths are those below the embedded backend's own address of the system.
    pub fn new(rows: impl IntoIterator<Item = (System, Method, String)>) -> Self {
        let row = |(system, method, path): (System, Method, String)| Row {
            system,
            method,
            path: path.split('/').skip(1).map(String::from).collect(),
        };
        Self(rows.into_iter().map(row).collect())
    }

    /// `path` is what is below the upstream's address.
    pub(super) fn has(&self, system: System, method: &Method, path: &[&str]) -> bool {
        let bare = below(system, path);
        self.0.iter().any(|row| {
            let same =
                row.method == *method || row.method == Method::GET && *method == Method::HEAD;
            same && row.system == system && fits(&row.path, bare)
        })
    }
}

/// Without what may stand before a system's own paths: its name in the address of another Weir, a
/// workspace of Timeplus, the version of Azion that is in the path.
fn below<'a>(system: System, path: &'a [&'a str]) -> &'a [&'a str] {
    match (system, path) {
        (System::Timeplus, ["api", ..]) => path,
        (System::Timeplus, [_, rest @ ..]) => rest,
        (System::Azion, ["azion", "v4", rest @ ..] | ["azion" | "v4", rest @ ..])
        | (System::SecMaster, ["secmaster", rest @ ..]) => rest,
        _ => path,
    }
}

fn fits(pattern: &[String], path: &[&str]) -> bool {
    let mut pairs = pattern.iter().zip(path);
    pattern.len() == path.len() && pairs.all(|(part, given)| part.starts_with('{') || part == given)
}
