//! The table of operations.

use reqwest::Method;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Revision {
    Y2025,
    Y2026,
}

impl Revision {
    pub(super) fn year(self) -> &'static str {
        match self {
            Self::Y2025 => "2025",
            Self::Y2026 => "2026",
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Operation {
    pub method: Method,
    /// With variable parts as `{name}` or `{id}`.
    pub address: &'static str,
    pub statuses: Vec<u16>,
    /// Of the answer's body, where one is described.
    pub shape: Option<&'static str>,
    pub sends_body: bool,
}

impl Operation {
    pub(super) fn name(&self) -> String {
        format!("{} {}", self.method, self.address)
    }
}

pub(super) fn of(revision: Revision) -> Vec<Operation> {
    let lines = include_str!("operations.txt").lines();
    let lines = lines.filter(|line| !line.starts_with('#'));
    let lines = lines.map(|line| line.split(' ').collect::<Vec<_>>());
    lines
        .filter(|parts| parts[0] == "both" || parts[0] == revision.year())
        .map(|parts| match parts[..] {
            [_, method, address, statuses, shape, body] => Operation {
                method: method.parse().expect("method"),
                address,
                statuses: statuses
                    .split('/')
                    .map(|status| status.parse().expect("status"))
                    .collect(),
                shape: (shape != "-").then_some(shape),
                sends_body: body == "body",
            },
            _ => panic!("{parts:?}"),
        })
        .collect()
}

#[test]
fn no_operation_is_forgotten() {
    let names = |revision| -> Vec<String> { of(revision).iter().map(Operation::name).collect() };
    let (old, new) = (names(Revision::Y2025), names(Revision::Y2026));
    assert_eq!((old.len(), new.len()), (101, 96));
    assert_eq!(old.iter().filter(|name| new.contains(name)).count(), 72);
}
