//! The rows of a list: as they came, in their order, and those that are shown.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use leptos::prelude::*;
use weir_api::lenient;

use super::{List, Narrow, filters::Filters, states};
use crate::{
    kit::{Load, favourites, figured::late_places, use_load_all},
    ui::{
        number::{count, plural},
        table::{Figures, Rows, are_same, found, held, renew, sorted},
    },
};

const EVERY: Duration = Duration::from_secs(20);

#[derive(Clone, Copy)]
pub struct ListRows {
    pub load: Load,
    pub all: RwSignal<Rows>,
    pub shown: Memo<Rows>,
    pub figures: Figures,
    /// For each column its place among the figures, where it comes later.
    pub late: StoredValue<Vec<Option<usize>>>,
    /// Addresses of the favourites.
    pub marked: RwSignal<HashSet<String>>,
}

impl ListRows {
    /// Asks for them, again and again while the page is seen.
    pub fn load(
        connection: &str,
        list: &List,
        narrow: Option<&Narrow>,
        all: RwSignal<Rows>,
        filters: Filters,
    ) -> Self {
        let load = load(connection.to_string(), list, narrow, all);
        let (figures, marked) = (Figures::new(), RwSignal::new(favourites::of(connection)));
        let late = StoredValue::new(late_places(&list.columns));
        // Apart from what is searched for, which changes with every key.
        let ordered = memo(move || {
            let sort = filters.sort.get();
            let late = late.with_value(|late| late.get(sort.column).copied().flatten());
            if late.is_some() {
                figures.version.track();
            }
            all.with(|rows| {
                Arc::new(match late {
                    Some(place) => sorted(rows, sort, |row, _| figures.cell(&row.key, place)),
                    None => sorted(rows, sort, held),
                })
            })
        });
        let shown = memo(move || {
            let rows = ordered.with(|rows| filters.state.with(|state| states::only(rows, state)));
            let found = filters.search.with(|search| found(&rows, search));
            Arc::new(marked.with(|marked| favourites::first(found, marked)))
        });
        Self {
            load,
            all,
            shown,
            figures,
            late,
            marked,
        }
    }

    /// People know the first column, which the key need not be.
    pub fn name(self, key: String) -> String {
        let row = self
            .all
            .with_untracked(|rows| rows.iter().find(|row| row.key == key).cloned());
        row.and_then(|row| Some(row.cells.first()?.words().to_string()))
            .unwrap_or(key)
    }

    /// Keys and names; of many at once in one pass.
    pub fn names(self, keys: HashSet<String>) -> Vec<(String, String)> {
        self.all.with_untracked(|rows| {
            let mut names: HashMap<&str, &str> = HashMap::with_capacity(rows.len());
            names.extend(
                rows.iter()
                    .filter_map(|row| Some((&*row.key, row.cells.first()?.words()))),
            );
            let name = |key: String| {
                let name = names.get(key.as_str()).copied().unwrap_or(&key).to_string();
                (key, name)
            };
            keys.into_iter().map(name).collect()
        })
    }

    /// Takes deleted ones out before the server tells of it.
    pub fn forget(self, connection: &str, keys: &HashSet<String>) {
        let (lost, kept): (Vec<_>, Vec<_>) = self
            .all
            .get_untracked()
            .iter()
            .cloned()
            .partition(|row| keys.contains(&row.key));
        let lost = lost.iter().map(|row| row.href.clone()).collect();
        self.marked.set(favourites::forget(connection, &lost));
        self.all.set(Arc::new(kept));
    }

    /// How many there are, and how many of them are shown.
    pub fn tally(self, one: &str, many: &str) -> String {
        if !self.load.ready.get() {
            return String::new();
        }
        let (all, found) = (
            self.all.with(|rows| rows.len()) as u64,
            self.shown.with(|rows| rows.len()) as u64,
        );
        if all == found {
            plural(all, one, many)
        } else {
            format!("{} of {}", count(found), plural(all, one, many))
        }
    }
}

/// Told where the rows are others or in another order.
fn memo(rows: impl Fn() -> Rows + Send + Sync + 'static) -> Memo<Rows> {
    let changed = |before: Option<&Rows>, now: Option<&Rows>| match (before, now) {
        (Some(before), Some(now)) => !are_same(before, now),
        _ => true,
    };
    Memo::new_with_compare(move |_| rows(), changed)
}

fn load(connection: String, list: &List, narrow: Option<&Narrow>, all: RwSignal<Rows>) -> Load {
    let request = match narrow {
        Some(narrow) => narrow.request,
        None => Signal::derive(list.request),
    };
    let told = narrow.map(|narrow| narrow.told);
    let (decode, version) = (list.rows, StoredValue::new(0u32));
    let accept = Callback::new(move |parts: Vec<Vec<u8>>| {
        let new = decode(&connection, &parts)?;
        if let Some(told) = told {
            told.run(parts);
        }
        version.update_value(|version| *version += 1);
        let came = new.len();
        let renewed = renew(&all.get_untracked(), new, version.get_value());
        let hidden = (came - renewed.len()) as u64;
        if hidden > 0 {
            let entries = plural(hidden, "entry", "entries");
            lenient::say(&format!("{entries} with a duplicate name"));
        }
        all.set(renewed);
        Ok(())
    });
    use_load_all(request, list.more, Some(EVERY), accept)
}
