//! What stands for domains: the parts of this backend that answer requests. A streaming of
//! requests sends those of its domains.

use weir_api::azion::domain::Domain;

struct Part {
    id: i64,
    name: &'static str,
    /// Paths begin so.
    paths: &'static [&'static str],
}

/// The last one has all other paths.
const PARTS: &[Part] = &[
    Part {
        id: 1,
        name: "Timeplus API",
        paths: &["/default/api", "/api"],
    },
    Part {
        id: 2,
        name: "Azion API",
        paths: &["/azion"],
    },
    Part {
        id: 3,
        name: "SecMaster API",
        paths: &["/secmaster", "/v1", "/v2", "/v3"],
    },
    Part {
        id: 4,
        name: "DataWorks API",
        paths: &["/dataworks"],
    },
    Part {
        id: 5,
        name: "Relay",
        paths: &["/relay"],
    },
    Part {
        id: 6,
        name: "Console",
        paths: &[""],
    },
];

pub(super) fn exists(id: i64) -> bool {
    PARTS.iter().any(|part| part.id == id)
}

/// `selected` of those that a streaming names.
pub(super) fn list(selected: Option<&[i64]>) -> Vec<Domain> {
    let domains = PARTS.iter().map(|part| Domain {
        domain_id: part.id,
        name: part.name.into(),
        selected: selected.map(|ids| ids.contains(&part.id)),
    });
    domains.collect()
}

/// Id and name of the part that answered a request.
pub(super) fn of(path: &str) -> (i64, &'static str) {
    let below = |prefix: &str| {
        let rest = path.strip_prefix(prefix);
        rest.is_some_and(|rest| prefix.is_empty() || rest.is_empty() || rest.starts_with('/'))
    };
    let found = PARTS
        .iter()
        .find(|part| part.paths.iter().any(|prefix| below(prefix)));
    found.map_or((0, ""), |part| (part.id, part.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_one_part() {
        for (path, id) in [
            ("/default/api/v1beta2/streams", 1),
            ("/api/session", 1),
            ("/azion", 2),
            ("/azion/data_streaming/streamings", 2),
            ("/azionist", 6),
            ("/secmaster/v1/p", 3),
            ("/dataworks/", 4),
            ("/relay/x", 5),
            ("/", 6),
            ("", 6),
        ] {
            assert_eq!(of(path).0, id, "{path}");
            assert!(exists(id));
        }
        assert!(!exists(0));
    }
}
