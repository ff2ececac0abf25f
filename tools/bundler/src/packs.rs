//! Which parts travel in one file. The splitter makes a part for each set of modules that share
//! code, which is many small ones; a page should need few requests and few bytes that it does not
//! use.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use serde_json::{Value, json};

use crate::pages::{Page, pages};

/// Bytes of code, before compression, that a page may load in vain to save one request.
const REQUEST: i64 = 3_000;
/// Files of parts that one page may need: with page, style, scripts and configuration under thirty
/// requests.
const MOST: u32 = 20;

/// Pages by their numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Numbers([u64; 4]);

impl Numbers {
    fn of(numbers: impl Iterator<Item = usize>) -> Self {
        let mut words = [0; 4];
        for number in numbers {
            // More pages than places count as one another: packs then are less apt, not wrong.
            words[number / 64 % 4] |= 1 << (number % 64);
        }
        Self(words)
    }

    fn with(self, other: Self) -> Self {
        Self(std::array::from_fn(|at| self.0[at] | other.0[at]))
    }

    fn both(self, other: Self) -> i64 {
        let common = self
            .0
            .iter()
            .zip(other.0)
            .map(|(a, b)| (a & b).count_ones());
        common.sum::<u32>().into()
    }

    fn count(self) -> i64 {
        self.both(self)
    }

    fn contains(self, number: usize) -> bool {
        self.0[number / 64 % 4] >> (number % 64) & 1 == 1
    }
}

/// Parts that are fetched together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pack {
    pub(crate) parts: Vec<String>,
    /// Names of the lazy functions' modules.
    needed_by: BTreeSet<String>,
    needed_on: Numbers,
    /// Bytes before compression.
    size: i64,
}

impl Pack {
    pub(crate) fn to_json(&self) -> Value {
        json!({ "parts": self.parts, "needed_by": self.needed_by })
    }

    /// What joining the two costs, in bytes loaded in vain, less the requests saved.
    fn cost_of_joining(&self, other: &Pack) -> i64 {
        let both = self.needed_on.both(other.needed_on);
        let only_self = self.needed_on.count() - both;
        let only_other = other.needed_on.count() - both;
        only_self * other.size + only_other * self.size - both * REQUEST
    }

    fn join(&mut self, other: Pack) {
        self.parts.extend(other.parts);
        self.needed_by.extend(other.needed_by);
        self.needed_on = self.needed_on.with(other.needed_on);
        self.size += other.size;
    }
}

/// `needs` names the parts of each lazy module, `size_of` the bytes of a part.
pub(crate) fn packed(
    needs: &BTreeMap<String, Vec<String>>,
    size_of: impl Fn(&str) -> u64,
) -> Vec<Pack> {
    let pages = pages(needs);
    let mut needed_by = BTreeMap::<&str, BTreeSet<String>>::new();
    for (module, parts) in needs {
        for part in parts {
            needed_by.entry(part).or_default().insert(module.clone());
        }
    }
    // What the same pages need is one pack from the beginning: of thousands of parts some hundreds
    // are left to be compared.
    let mut alike = BTreeMap::<Numbers, Pack>::new();
    for (part, needed_by) in needed_by {
        let pack = Pack {
            parts: vec![part.to_string()],
            needed_on: Numbers::of(on(&pages, &needed_by)),
            needed_by,
            size: i64::try_from(size_of(part)).unwrap_or(i64::MAX / 1_000),
        };
        match alike.entry(pack.needed_on) {
            Entry::Occupied(mut others) => others.get_mut().join(pack),
            Entry::Vacant(place) => {
                place.insert(pack);
            }
        }
    }
    let mut packs: Vec<Pack> = alike.into_values().collect();
    while let Some((cost, left, right)) = cheapest(&packs) {
        if cost >= 0 && most_requests(&packs, pages.len()) <= MOST {
            break;
        }
        let joined = packs.remove(right);
        if let Some(pack) = packs.get_mut(left) {
            pack.join(joined);
        }
    }
    packs
}

/// Numbers of the pages that take one of the modules.
fn on(pages: &[Page], modules: &BTreeSet<String>) -> impl Iterator<Item = usize> {
    let all = pages.iter().enumerate();
    all.filter(|(_, page)| page.iter().any(|module| modules.contains(*module)))
        .map(|(number, _)| number)
}

/// Of all pairs the one to join first; the second index is the larger.
fn cheapest(packs: &[Pack]) -> Option<(i64, usize, usize)> {
    let pairs = packs.iter().enumerate().flat_map(|(left, one)| {
        let others = packs.iter().enumerate().skip(left + 1);
        others.map(move |(right, other)| (one.cost_of_joining(other), left, right))
    });
    pairs.min()
}

fn most_requests(packs: &[Pack], pages: usize) -> u32 {
    let requests = |page| {
        let needed = packs.iter().filter(|pack| pack.needed_on.contains(page));
        u32::try_from(needed.count()).unwrap_or(u32::MAX)
    };
    (0..pages).map(requests).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(table: &[(&str, &[&str])]) -> BTreeMap<String, Vec<String>> {
        let owned = |parts: &[&str]| parts.iter().map(ToString::to_string).collect();
        let rows = table
            .iter()
            .map(|(module, parts)| (module.to_string(), owned(parts)));
        rows.collect()
    }

    fn files(packs: &[Pack]) -> Vec<Vec<&str>> {
        packs
            .iter()
            .map(|pack| pack.parts.iter().map(String::as_str).collect())
            .collect()
    }

    #[test]
    fn small_shared_parts_travel_together_and_large_ones_alone() {
        let needs = needs(&[
            ("streams", &["kit", "dialog", "own_streams"]),
            ("views", &["kit", "dialog", "own_views"]),
        ]);
        let size = |part: &str| match part {
            "kit" => 200_000,
            "dialog" => 900,
            _ => 150_000,
        };
        let packs = packed(&needs, size);
        let files = files(&packs);
        assert!(files.contains(&vec!["dialog", "kit"]), "{files:?}");
        assert!(files.contains(&vec!["own_streams"]), "{files:?}");
    }

    #[test]
    fn no_page_needs_more_files_than_agreed() {
        let parts: Vec<String> = (0..40).map(|n| format!("part_{n:02}")).collect();
        let mut needs = BTreeMap::from([("all".to_string(), parts.clone())]);
        for (n, part) in parts.iter().enumerate() {
            needs.insert(format!("page_{n:02}"), vec![part.clone()]);
        }
        let packs = packed(&needs, |_| 1_000_000);
        assert!(most_requests(&packs, needs.len()) <= MOST);
        let kept: BTreeSet<&String> = packs.iter().flat_map(|pack| &pack.parts).collect();
        assert_eq!(kept.len(), parts.len());
    }
}
