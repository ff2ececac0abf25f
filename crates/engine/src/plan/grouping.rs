//! The groups of a SELECT.

use super::scope::Edge;
use crate::{functions::aggregate::Spec, typed::Typed};

/// The groups of the SELECT being compiled.
#[derive(Default)]
pub(crate) struct Grouping {
    /// Of the relation of groups; its columns are k0, k1, … and a0, a1, …
    pub(super) alias: String,
    pub(super) keys: Vec<Key>,
    pub(super) calls: Vec<(Spec, Vec<Typed>)>,
    /// SQLite text of the time of a row, where its key can expire.
    pub(super) expire_time: Option<String>,
    /// SQLite text of whether a row opens a session, and whether it closes one.
    pub(super) session_edges: Option<(String, String)>,
}

pub(super) struct Key {
    pub(super) value: Typed,
    pub(super) edge: Option<Edge>,
}

impl Grouping {
    /// The edge that a reference to a key is.
    pub(super) fn edge(&self, sql: &str) -> Option<Edge> {
        let index = sql
            .strip_prefix(&format!("{}.k", self.alias))?
            .parse::<usize>()
            .ok()?;
        self.keys.get(index)?.edge
    }
}
