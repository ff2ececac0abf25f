//! Which modules a page takes together, and how much it counts.

use std::collections::{BTreeMap, BTreeSet};

/// What is opened as one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page<'a> {
    /// Names of modules.
    pub(crate) modules: BTreeSet<&'a str>,
    /// Bytes that it loads in vain count so many times.
    pub(crate) weight: i64,
}

/// Comes with every page but the one to sign in.
const FRAME: &str = "console";
const SIGN_IN: &str = "sign_in";
/// The page around a list. What reads the lists of a system is called `{system}_list_{segment}`; the
/// overview of a system asks for all of them.
const LISTS: &str = "lists";
const LIST: &str = "_list_";
const OVERVIEW: &str = "overview";

/// Everybody loads it, and first.
const OF_SIGN_IN: i64 = 40;
/// A page that people begin with, where nothing is in the browser's cache.
const OF_FIRST: i64 = 4;
const FIRST: [&str; 14] = [
    "activity",
    "connections",
    "dashboards",
    "deliveries",
    "detail_dashboards",
    "detail_streams",
    "metrics",
    "sinks",
    "sql",
    "streams",
    "timeplus_list_dashboards",
    "timeplus_list_streams",
    "timeplus_list_users",
    "topology",
];

/// One for each module, and one for the overview of each system.
pub(crate) fn pages(needs: &BTreeMap<String, Vec<String>>) -> Vec<Page<'_>> {
    let mut pages = Vec::new();
    let mut overviews = BTreeMap::<&str, BTreeSet<&str>>::new();
    for module in needs.keys() {
        let mut modules = BTreeSet::from([module.as_str()]);
        if module != SIGN_IN {
            modules.insert(FRAME);
        }
        if let Some((system, _)) = module.split_once(LIST) {
            modules.insert(LISTS);
            overviews.entry(system).or_default().insert(module);
        }
        let weight = match module.as_str() {
            SIGN_IN => OF_SIGN_IN,
            module if FIRST.contains(&module) => OF_FIRST,
            _ => 1,
        };
        pages.push(Page { modules, weight });
    }
    for (_, mut modules) in overviews {
        modules.extend([FRAME, OVERVIEW]);
        let weight = OF_FIRST;
        pages.push(Page { modules, weight });
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_take_what_surrounds_them() {
        let names = [
            "console", "lists", "overview", "sign_in", "sql", "views", "x_list_a", "x_list_b",
        ];
        let needs = names.map(|name| (name.to_string(), Vec::new()));
        let needs = BTreeMap::from(needs);
        let pages = pages(&needs);
        for (weight, modules) in [
            (OF_SIGN_IN, vec!["sign_in"]),
            (OF_FIRST, vec!["console", "sql"]),
            (1, vec!["console", "views"]),
            (1, vec!["console", "lists", "x_list_a"]),
            (
                OF_FIRST,
                vec!["console", "overview", "x_list_a", "x_list_b"],
            ),
        ] {
            let modules = BTreeSet::from_iter(modules);
            let expected = Page { modules, weight };
            assert!(pages.contains(&expected), "{expected:?} in {pages:?}");
        }
    }
}
