//! Long lists in groups by the parts of their names, which can be folded.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use leptos::prelude::*;
use weir_api::request::{decode, encode};

use crate::{
    query::Query,
    ui::{
        Button, ButtonKind,
        table::{Cell, GroupHead, Row, Rows, natural},
    },
};

/// A list of more rows can be grouped, and a group of more is split further.
const MOST: usize = 300;
/// Parts of a name that make a group.
const DEEPEST: usize = 6;
const SEPARATORS: [char; 3] = ['_', '.', '-'];

/// Of groups that have no name in common. No name holds a star.
const FAVOURITES: &str = "favourites*";
const OTHERS: &str = "others*";

#[derive(Debug, Clone, PartialEq)]
struct Group {
    /// The part of the names, or one of the two above.
    id: String,
    rows: Vec<Arc<Row>>,
}

impl Group {
    fn title(&self) -> &str {
        match self.id.as_str() {
            FAVOURITES => "Favourites",
            OTHERS => "Others",
            prefix => prefix,
        }
    }
}

/// The first `parts` parts of a name; all of it where it has fewer.
pub fn prefix(name: &str, parts: usize) -> &str {
    let (mut seen, mut in_part) = (0, false);
    for (at, letter) in name.char_indices() {
        if !SEPARATORS.contains(&letter) {
            in_part = true;
        } else if in_part {
            in_part = false;
            seen += 1;
            if seen == parts {
                return &name[..at];
            }
        }
    }
    name
}

fn name(row: &Row) -> &str {
    row.cells.first().map_or("", Cell::words)
}

/// Favourites first, then by name; rows stay in the order they have. What shares its part with no
/// other row stays in the group above.
fn groups(rows: &[Arc<Row>], marked: &HashSet<String>) -> Vec<Group> {
    let (favourites, others): (Vec<_>, Vec<_>) =
        (rows.iter().enumerate()).partition(|(_, row)| marked.contains(&row.href));
    let mut found = BTreeMap::<&str, Vec<(usize, &Arc<Row>)>>::new();
    let mut work = vec![("", 1, others)];
    while let Some((above, parts, rows)) = work.pop() {
        let mut split = BTreeMap::<&str, Vec<(usize, &Arc<Row>)>>::new();
        for (at, row) in rows {
            let part = prefix(name(row), parts);
            split.entry(part).or_default().push((at, row));
        }
        for (part, rows) in split {
            match rows.len() {
                1 => found.entry(above).or_default().extend(rows),
                many if many > MOST && parts < DEEPEST => work.push((part, parts + 1, rows)),
                _ => found.entry(part).or_default().extend(rows),
            }
        }
    }
    let group = |id: &str, mut rows: Vec<(usize, &Arc<Row>)>| {
        rows.sort_unstable_by_key(|(at, _)| *at);
        let rows = rows.into_iter().map(|(_, row)| row.clone()).collect();
        let id = id.into();
        Group { id, rows }
    };
    let unnamed = found.remove("").unwrap_or_default();
    let mut all: Vec<Group> = found
        .into_iter()
        .map(|(id, rows)| group(id, rows))
        .collect();
    all.sort_by(|a, b| natural(&a.id, &b.id));
    all.insert(0, group(FAVOURITES, favourites));
    all.push(group(OTHERS, unnamed));
    all.retain(|group| !group.rows.is_empty());
    all
}

/// A head for each group, followed by its rows where it is open.
fn with_heads(groups: Vec<Group>, folds: &Folds) -> Vec<Arc<Row>> {
    let mut all = Vec::new();
    for group in groups {
        let (count, open) = (group.rows.len(), folds.is_open(&group.id));
        all.push(Arc::new(Row {
            key: format!("\u{1}{}", group.id),
            cells: vec![Cell::Text(group.title().into())],
            version: ((count as u32) << 1) | u32::from(open),
            head: Some(GroupHead {
                id: group.id,
                count,
                open,
            }),
            ..Row::default()
        }));
        if open {
            all.extend(group.rows);
        }
    }
    all
}

/// Which groups are open: none or all, but for some.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folds {
    all: bool,
    but: Vec<String>,
}

impl Folds {
    /// As in the address: `a,b` are open; `*,a,b` are all but these.
    fn parse(text: &str) -> Self {
        let mut ids: Vec<&str> = text.split(',').filter(|id| !id.is_empty()).collect();
        let all = ids.first() == Some(&"*");
        if all {
            ids.remove(0);
        }
        let but = ids.into_iter().map(decode).collect();
        Self { all, but }
    }

    fn text(&self) -> String {
        let all = self.all.then(|| "*".to_string());
        let ids = all.into_iter().chain(self.but.iter().map(|id| encode(id)));
        ids.collect::<Vec<_>>().join(",")
    }

    fn is_open(&self, id: &str) -> bool {
        self.all != self.but.iter().any(|known| known == id)
    }

    fn toggle(&mut self, id: String) {
        match self.but.iter().position(|known| *known == id) {
            Some(at) => drop(self.but.remove(at)),
            None => self.but.push(id),
        }
    }
}

/// Whether a list is grouped, and how it is folded.
#[derive(Clone, Copy)]
pub struct Grouping {
    on: RwSignal<bool>,
    folds: RwSignal<Folds>,
    offered: Memo<bool>,
}

impl Grouping {
    pub fn new(query: &Query, rows: RwSignal<Rows>) -> Self {
        let folds = Folds::parse(&query.get("open").unwrap_or_default());
        Self {
            on: RwSignal::new(query.get("group").is_some()),
            folds: RwSignal::new(folds),
            offered: Memo::new(move |_| rows.with(|rows| rows.len() > MOST)),
        }
    }

    /// For the page's address.
    pub fn parameters(self) -> [(&'static str, String); 2] {
        let on = self.on.get();
        let (group, open) = match on {
            true => ("name".to_string(), self.folds.with(Folds::text)),
            false => (String::new(), String::new()),
        };
        [("group", group), ("open", open)]
    }

    pub fn is_on(self) -> bool {
        self.on.get()
    }

    /// The rows with the heads of their groups. What is searched for stands alone.
    pub fn drawn(
        self,
        shown: Memo<Rows>,
        search: RwSignal<String>,
        marked: RwSignal<HashSet<String>>,
    ) -> Signal<Rows> {
        let grouped = Memo::new(move |_| {
            self.on.get() && self.offered.get() && search.with(|search| search.trim().is_empty())
        });
        let with_heads: Memo<Rows> = Memo::new(move |_| {
            if !grouped.get() {
                return Rows::default();
            }
            let groups = shown.with(|rows| marked.with(|marked| groups(rows, marked)));
            Arc::new(self.folds.with(|folds| with_heads(groups, folds)))
        });
        Signal::derive(move || match grouped.get() {
            true => with_heads.get(),
            false => shown.get(),
        })
    }

    pub fn fold(self) -> Callback<String> {
        Callback::new(move |id: String| self.folds.update(|folds| folds.toggle(id)))
    }
}

/// Nothing where there are few rows.
#[component]
pub fn GroupButtons(grouping: Grouping) -> impl IntoView {
    let Grouping { on, folds, offered } = grouping;
    let pressed = Signal::derive(move || on.get());
    let fold = move || {
        let all = !folds.with_untracked(|folds| folds.all);
        let but = Vec::new();
        folds.set(Folds { all, but });
    };
    let words = move || match folds.with(|folds| folds.all) {
        true => "Collapse all",
        false => "Expand all",
    };
    let buttons = move || {
        view! {
            <Button pressed=pressed on_click=move || on.update(|on| *on = !*on)>"Group by name"</Button>
            {move || on.get().then(|| view! { <Button kind=ButtonKind::Quiet on_click=fold>{words}</Button> })}
        }
    };
    (move || offered.get().then(buttons)).into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: impl IntoIterator<Item = String>) -> Vec<Arc<Row>> {
        let row = |name: String| {
            Arc::new(Row {
                href: format!("/{name}"),
                cells: vec![Cell::Text(name.clone())],
                key: name,
                ..Row::default()
            })
        };
        names.into_iter().map(row).collect()
    }

    fn told(names: &[&str], marked: &[&str]) -> Vec<String> {
        let rows = rows(names.iter().map(ToString::to_string));
        let marked = marked.iter().map(|name| format!("/{name}")).collect();
        let line = |group: &Group| {
            let names: Vec<&str> = group.rows.iter().map(|row| name(row)).collect();
            format!("{}: {}", group.id, names.join(" "))
        };
        groups(&rows, &marked).iter().map(line).collect()
    }

    #[test]
    fn names_are_split_at_their_separators() {
        assert_eq!(prefix("orders_eu-1", 1), "orders");
        assert_eq!(prefix("orders_eu-1", 2), "orders_eu");
        assert_eq!(prefix("orders_eu-1", 9), "orders_eu-1");
        assert_eq!(prefix("__tp.log", 1), "__tp");
        assert_eq!(prefix("größe.ä", 1), "größe");
        assert_eq!((prefix("", 1), prefix("_", 1)), ("", "_"));
    }

    #[test]
    fn what_shares_no_part_is_with_the_others() {
        let names = [
            "b_2", "a.1", "b", "z", "a-2", "b_1", "s10_a", "s10_b", "s9_a", "s9_b",
        ];
        assert_eq!(
            told(&names, &["z", "a.1"]),
            [
                "favourites*: a.1 z",
                "b: b_2 b b_1",
                "s9: s9_a s9_b",
                "s10: s10_a s10_b",
                "others*: a-2",
            ]
        );
    }

    #[test]
    fn large_groups_are_split_further_and_no_row_is_lost() {
        let many = |start: &str, count: usize| {
            let start = start.to_string();
            (0..count).map(move |n| format!("{start}{n}"))
        };
        let names = many("prod_orders_", 400)
            .chain(many("prod_users_", 10))
            .chain(many("prod_", 1))
            .chain(many("test_", 2));
        let rows = rows(names);
        let all = groups(&rows, &HashSet::new());
        let counts: Vec<(&str, usize)> = all
            .iter()
            .map(|group| (group.id.as_str(), group.rows.len()))
            .collect();
        assert_eq!(
            counts,
            [
                ("prod", 1),
                ("prod_orders", 400),
                ("prod_users", 10),
                ("test", 2)
            ]
        );
        let first: Vec<&str> = all[1].rows.iter().take(3).map(|row| name(row)).collect();
        assert_eq!(first, ["prod_orders_0", "prod_orders_1", "prod_orders_2"]);
    }

    #[test]
    fn folded_groups_are_only_their_heads() {
        let rows = rows(["a_1", "a_2", "b_1", "b_2"].map(String::from));
        let drawn = |folds: &Folds| -> Vec<String> {
            let all = with_heads(groups(&rows, &HashSet::new()), folds);
            all.iter()
                .map(|row| match &row.head {
                    Some(head) => format!("{} {}", head.id, head.count),
                    None => row.key.clone(),
                })
                .collect()
        };
        let mut folds = Folds::default();
        assert_eq!(drawn(&folds), ["a 2", "b 2"]);
        folds.toggle("b".into());
        assert_eq!(drawn(&folds), ["a 2", "b 2", "b_1", "b_2"]);
        assert_eq!(folds.text(), "b");
        let mut all = Folds::parse("*");
        all.toggle("b".into());
        assert_eq!(drawn(&all), ["a 2", "a_1", "a_2", "b 2"]);
    }

    #[test]
    fn the_address_tells_what_is_open() {
        for text in ["", "a,b", "*", "*,a%2Cb,others%2A"] {
            assert_eq!(Folds::parse(text).text(), text);
        }
        let folds = Folds::parse("*,a%2Cb");
        assert!(!folds.is_open("a,b") && folds.is_open("c"));
    }
}
