//! Which parts travel in one file. The splitter makes a part for each set of modules that share
//! code, which is many small ones; a page should need few requests and few bytes that it does not
//! use.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::{
    numbers::{Numbers, Weights},
    packing::{self, Piece},
    pages::{Page, pages},
};

/// Parts that are fetched together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Pack {
    pub(crate) parts: Vec<String>,
    /// Names of the lazy functions' modules.
    needed_by: BTreeSet<String>,
}

impl Pack {
    pub(crate) fn to_json(&self) -> Value {
        json!({ "parts": self.parts, "needed_by": self.needed_by })
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
    // What the same pages need is one piece from the beginning: of thousands of parts fewer are left
    // to be compared.
    let mut alike = BTreeMap::<Numbers, (i64, Pack)>::new();
    for (part, modules) in needed_by {
        let size = i64::try_from(size_of(part)).unwrap_or(i64::MAX / 1_000_000);
        let (sum, pack) = alike.entry(on(&pages, &modules)).or_default();
        *sum += size;
        pack.parts.push(part.to_string());
        pack.needed_by.extend(modules);
    }
    let piece = |(pages, (size, _)): (&Numbers, &(i64, Pack))| Piece {
        pages: *pages,
        size: *size,
    };
    let pieces: Vec<Piece> = alike.iter().map(piece).collect();
    let parts: Vec<Pack> = alike.into_values().map(|(_, pack)| pack).collect();
    let packs = packing::packed(&pieces, &Weights::of(&pages), pages.len());
    let joined = packs.into_iter().map(|pieces| {
        let mut pack = Pack::default();
        for piece in pieces {
            pack.parts.extend(parts[piece].parts.iter().cloned());
            pack.needed_by
                .extend(parts[piece].needed_by.iter().cloned());
        }
        pack
    });
    joined.collect()
}

/// The pages that take one of the modules.
fn on(pages: &[Page], modules: &BTreeSet<String>) -> Numbers {
    let all = pages.iter().enumerate();
    let takes = |page: &Page| page.modules.iter().any(|one| modules.contains(*one));
    Numbers::of(
        all.filter(|(_, page)| takes(page))
            .map(|(number, _)| number),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_needed_by_all_that_need_one_of_its_parts() {
        let table = [
            ("streams", ["kit", "dialog", "own_streams"]),
            ("views", ["kit", "dialog", "own_views"]),
        ];
        let needs =
            table.map(|(module, parts)| (module.to_string(), parts.map(String::from).to_vec()));
        let packs = packed(&BTreeMap::from(needs), |part| match part {
            "kit" => 200_000,
            "dialog" => 900,
            _ => 150_000,
        });
        let pack = |parts: &[&str], needed_by: &[&str]| Pack {
            parts: parts.iter().map(ToString::to_string).collect(),
            needed_by: needed_by.iter().map(ToString::to_string).collect(),
        };
        for expected in [
            pack(&["dialog", "kit"], &["streams", "views"]),
            pack(&["own_streams"], &["streams"]),
        ] {
            assert!(packs.contains(&expected), "{expected:?} in {packs:?}");
        }
    }
}
