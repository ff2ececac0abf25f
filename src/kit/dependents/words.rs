//! How something that depends on another is told.

use crate::ui::number::plural;

/// Names in one sentence.
const NAMED: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Verb {
    Read,
    /// At second hand.
    Follow,
    Write,
    Need,
    Use,
    StandIn,
    MayCall,
}

impl Verb {
    fn words(self, single: bool) -> &'static str {
        match (self, single) {
            (Self::Read, true) => "reads",
            (Self::Read, false) => "read",
            (Self::Follow, true) => "receives rows from",
            (Self::Follow, false) => "receive rows from",
            (Self::Write, true) => "writes to",
            (Self::Write, false) => "write to",
            (Self::Need, true) => "needs",
            (Self::Need, false) => "need",
            (Self::Use, true) => "uses",
            (Self::Use, false) => "use",
            (Self::StandIn, true) => "is in",
            (Self::StandIn, false) => "are in",
            (Self::MayCall, _) => "can call",
        }
    }
}

/// For example `2 views read it: a, b`; `one` and `many` are the kind of those who depend.
pub(super) fn sentence(
    verb: Verb,
    (one, many): (&str, &str),
    names: &[&str],
    what: &'static str,
) -> String {
    let count = plural(names.len() as u64, one, many);
    let verb = verb.words(names.len() == 1);
    format!("{count} {verb} {what}: {}", listed(names))
}

/// What is deleted or changed, in the middle of a sentence.
pub(super) fn what(keys: &[String]) -> &'static str {
    if keys.len() == 1 { "it" } else { "them" }
}

pub(super) fn listed(names: &[&str]) -> String {
    let mut list = names
        .iter()
        .take(NAMED)
        .copied()
        .collect::<Vec<_>>()
        .join(", ");
    if names.len() > NAMED {
        list.push_str(&format!(" and {} more", names.len() - NAMED));
    }
    list
}
