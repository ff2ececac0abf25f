//! What shall be done, to which.

use super::Work;
use crate::ui::number::plural;

/// Where there is any, what depends on them is told, and their number is typed on a production
/// system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    None,
    /// What runs is stopped.
    Halts,
    Deletes,
}

#[derive(Clone)]
pub struct Job {
    /// For example `Delete`.
    pub verb: &'static str,
    /// For example `deleted`.
    pub done: &'static str,
    pub one: &'static str,
    pub many: &'static str,
    /// Keys and names.
    pub items: Vec<(String, String)>,
    pub work: Work,
    /// What it means, a sentence each.
    pub effects: Vec<String>,
    pub harm: Harm,
}

impl Job {
    /// For a button: `data object`, `12 data objects`.
    pub(super) fn what(&self) -> String {
        match self.items.len() {
            1 => self.one.into(),
            several => plural(several as u64, self.one, self.many),
        }
    }

    /// For a heading: `Delete data object x?`.
    pub(super) fn question(&self) -> String {
        let name = match self.items.as_slice() {
            [(_, name)] => format!(" {name}"),
            _ => String::new(),
        };
        format!("{} {}{name}?", self.verb, self.what())
    }
}
