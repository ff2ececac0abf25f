//! The groups of a SELECT.

use sqlparser::tokenizer::Span;

use super::scope::Edge;
use crate::{functions::aggregate::Spec, typed::Typed};

/// The groups of the SELECT being compiled.
pub(crate) struct Grouping {
    /// Where GROUP BY stands.
    pub(super) place: Span,
    /// Of the relation of groups; its columns are k0, k1, … and a0, a1, …, and `absent` where
    /// there are several sets of keys.
    pub(super) alias: String,
    pub(super) keys: Vec<Key>,
    /// So many keys are those of GROUP BY; others were added on the way.
    pub(super) written: usize,
    /// The sets of keys, where there are several.
    pub(super) sets: Vec<Vec<usize>>,
    /// A group of all rows comes last.
    pub(super) totals: bool,
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
    pub(super) fn new(alias: String, place: Span) -> Self {
        Self {
            place,
            alias,
            keys: Vec::new(),
            written: 0,
            sets: Vec::new(),
            totals: false,
            calls: Vec::new(),
            expire_time: None,
            session_edges: None,
        }
    }

    /// The edge that a reference to a key is.
    pub(super) fn edge(&self, sql: &str) -> Option<Edge> {
        let index = sql
            .strip_prefix(&format!("{}.k", self.alias))?
            .parse::<usize>()
            .ok()?;
        self.keys.get(index)?.edge
    }
}
