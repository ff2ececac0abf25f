//! Which modules a page takes together.

use std::collections::{BTreeMap, BTreeSet};

/// Names of modules.
pub(crate) type Page<'a> = BTreeSet<&'a str>;

/// Comes with every page but the one to sign in.
const FRAME: &str = "console";
const SIGN_IN: &str = "sign_in";
/// As many pages as it counts for: everybody loads it, and first.
const SIGN_INS: usize = 10;
/// The page around a list. What reads the lists of a system is called `{system}_list_{segment}`; the
/// overview of a system asks for all of them.
const LISTS: &str = "lists";
const LIST: &str = "_list_";
const OVERVIEW: &str = "overview";

/// One for each module, and one for the overview of each system. A page that counts for more stands
/// there more than once.
pub(crate) fn pages(needs: &BTreeMap<String, Vec<String>>) -> Vec<Page<'_>> {
    let mut pages = Vec::new();
    let mut overviews = BTreeMap::<&str, Page>::new();
    for module in needs.keys() {
        let mut page = Page::from([module.as_str()]);
        if module != SIGN_IN {
            page.insert(FRAME);
        }
        if let Some((system, _)) = module.split_once(LIST) {
            page.insert(LISTS);
            overviews.entry(system).or_default().insert(module);
        }
        let times = if module == SIGN_IN { SIGN_INS } else { 1 };
        pages.extend(std::iter::repeat_n(page, times));
    }
    for (_, mut page) in overviews {
        page.extend([FRAME, OVERVIEW]);
        pages.push(page);
    }
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_take_what_surrounds_them() {
        let names = [
            "console", "lists", "overview", "sign_in", "sql", "x_list_a", "x_list_b",
        ];
        let needs = names.map(|name| (name.to_string(), Vec::new()));
        let needs = BTreeMap::from(needs);
        let pages = pages(&needs);
        for expected in [
            Page::from(["sign_in"]),
            Page::from(["console", "sql"]),
            Page::from(["console", "lists", "x_list_a"]),
            Page::from(["console", "overview", "x_list_a", "x_list_b"]),
        ] {
            assert!(pages.contains(&expected), "{expected:?} in {pages:?}");
        }
        let sign_in = Page::from(["sign_in"]);
        let times = pages.iter().filter(|page| **page == sign_in).count();
        assert_eq!(times, SIGN_INS);
    }
}
