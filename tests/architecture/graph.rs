//! What is wrong with a graph of imports.

use std::collections::{BTreeMap, BTreeSet};

use crate::{imports::Sources, tables::Floors};

/// A circle of more files is not understood in one sitting.
const LARGEST_CIRCLE: usize = 5;

/// Imports between the modules inside `parent` (empty for the whole crate) that do not lead to a
/// lower floor, and modules and rows without each other.
pub(crate) fn upward(sources: &Sources, parent: &str, floors: &Floors) -> Vec<String> {
    let inside = |module: &str| {
        let rest = match parent {
            "" => Some(module),
            parent => module.strip_prefix(parent)?.strip_prefix("::"),
        };
        let first = rest?.split("::").next()?;
        (!first.is_empty()).then(|| first.to_string())
    };
    let mut wrong = BTreeSet::new();
    for (module, file) in &sources.files {
        let Some(from) = inside(module) else { continue };
        let Some(floor) = floors.of(&from) else {
            wrong.insert(format!("{from} stands in no row of the table"));
            continue;
        };
        let targets = file.imports.iter().filter_map(|import| inside(import));
        let bad =
            targets.filter(|to| *to != from && floors.of(to).is_some_and(|lower| lower >= floor));
        wrong.extend(bad.map(|to| format!("{} uses {to}", file.path)));
    }
    wrong.into_iter().collect()
}

/// Files that import each other, directly or by others, where they are too many or in several
/// folders.
pub(crate) fn circles(sources: &Sources) -> Vec<String> {
    let reached: BTreeMap<&str, BTreeSet<&str>> = sources
        .files
        .keys()
        .map(|module| (module.as_str(), reach(sources, module)))
        .collect();
    let mut circles = BTreeSet::new();
    for (module, others) in &reached {
        let circle: BTreeSet<&str> = others
            .iter()
            .filter(|other| reached[*other].contains(module))
            .map(|other| sources.files[*other].path.as_str())
            .collect();
        let folders: BTreeSet<&str> = circle
            .iter()
            .map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder))
            .collect();
        if circle.len() > LARGEST_CIRCLE || folders.len() > 1 {
            circles.insert(circle.into_iter().collect::<Vec<_>>().join(", "));
        }
    }
    circles.into_iter().collect()
}

/// Every module that `from` imports, directly or by others.
fn reach<'a>(sources: &'a Sources, from: &str) -> BTreeSet<&'a str> {
    let (mut found, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(module) = next.pop() {
        for import in &sources.files[module].imports {
            if found.insert(import.as_str()) {
                next.push(import);
            }
        }
    }
    found
}
