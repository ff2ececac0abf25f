//! The open query tabs of a connection; they outlive the page in this browser's storage.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Characters of a tab's title.
const TITLE: usize = 24;

#[derive(Clone, Copy)]
pub struct QueryTab {
    pub id: u32,
    pub sql: RwSignal<String>,
}

impl QueryTab {
    /// The beginning of the statement, or a number while there is none.
    pub fn title(self) -> String {
        self.sql
            .with(|sql| title(sql))
            .unwrap_or_else(|| format!("Query {}", self.id))
    }
}

fn title(sql: &str) -> Option<String> {
    let line = sql.lines().map(str::trim).find(|line| !line.is_empty())?;
    let text = line.strip_prefix("--").unwrap_or(line).trim();
    let mut characters = text.chars();
    let mut title: String = characters.by_ref().take(TITLE).collect();
    if characters.next().is_some() {
        title.push('…');
    }
    (!title.is_empty()).then_some(title)
}

#[derive(Serialize, Deserialize)]
struct Stored {
    active: u32,
    tabs: Vec<(u32, String)>,
}

#[derive(Clone, Copy)]
pub struct QueryTabs {
    pub all: RwSignal<Vec<QueryTab>>,
    pub active: RwSignal<u32>,
    /// The page: a tab lives as long as it, whoever opened the tab.
    owner: StoredValue<Owner>,
}

impl QueryTabs {
    /// As they were left; at least one.
    pub fn load(connection: &str) -> Self {
        let stored: Option<Stored> = read(&key(connection));
        let tabs = Self {
            all: RwSignal::new(Vec::new()),
            active: RwSignal::new(1),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        };
        if let Some(stored) = stored {
            let all = stored.tabs.into_iter().map(|(id, sql)| QueryTab {
                id,
                sql: RwSignal::new(sql),
            });
            tabs.all.set(all.collect());
            tabs.active.set(stored.active);
        }
        if tabs.all.with_untracked(Vec::is_empty) {
            tabs.open(String::new());
        } else if tabs.active_tab_untracked().is_none() {
            tabs.active.set(tabs.all.with_untracked(|all| all[0].id));
        }
        tabs
    }

    /// Call it in an effect: it keeps what it reads.
    pub fn keep(self, connection: &str) {
        let stored = Stored {
            active: self.active.get(),
            tabs: self
                .all
                .get()
                .iter()
                .map(|tab| (tab.id, tab.sql.get()))
                .collect(),
        };
        write(&key(connection), &stored);
    }

    pub fn active_tab_untracked(self) -> Option<QueryTab> {
        let active = self.active.get_untracked();
        self.all
            .with_untracked(|all| all.iter().find(|tab| tab.id == active).copied())
    }

    /// A new tab, shown.
    pub fn open(self, sql: String) {
        let id = self
            .all
            .with_untracked(|all| all.iter().map(|tab| tab.id).max().unwrap_or(0) + 1);
        let sql = self
            .owner
            .with_value(|owner| owner.with(|| RwSignal::new(sql)));
        let tab = QueryTab { id, sql };
        self.all.update(|all| all.push(tab));
        self.active.set(id);
    }

    /// Shows `sql`: in a tab that holds it already or is empty, otherwise in a new one.
    pub fn show(self, sql: &str) {
        let all = self.all.get_untracked();
        let same = all
            .iter()
            .find(|tab| tab.sql.with_untracked(|text| text.trim() == sql.trim()));
        let empty = all
            .iter()
            .find(|tab| tab.sql.with_untracked(|text| text.trim().is_empty()));
        match (same, empty) {
            (Some(tab), _) => self.active.set(tab.id),
            (None, Some(tab)) => {
                tab.sql.set(sql.into());
                self.active.set(tab.id);
            }
            (None, None) => self.open(sql.into()),
        }
    }

    /// The neighbour is shown after it; closing the last one leaves an empty tab.
    pub fn close(self, id: u32) {
        let at = self
            .all
            .with_untracked(|all| all.iter().position(|tab| tab.id == id));
        let Some(at) = at else { return };
        if self.all.with_untracked(Vec::len) == 1 {
            self.open(String::new());
        }
        self.all.update(|all| {
            all.remove(at);
        });
        if self.active.get_untracked() == id {
            let next = self.all.with_untracked(|all| all[at.min(all.len() - 1)].id);
            self.active.set(next);
        }
    }
}

fn key(connection: &str) -> String {
    format!("weir.tabs.{connection}")
}

/// What this browser keeps under `key`, if it can be read.
pub fn read<T: serde::de::DeserializeOwned>(key: &str) -> Option<T> {
    let storage = window().local_storage().ok().flatten()?;
    serde_json::from_str(&storage.get_item(key).ok().flatten()?).ok()
}

/// A full or forbidden storage only means that it is forgotten with the page.
pub fn write(key: &str, value: &impl Serialize) {
    if let (Ok(Some(storage)), Ok(text)) = (window().local_storage(), serde_json::to_string(value))
    {
        let _ = storage.set_item(key, &text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_the_first_words() {
        assert_eq!(
            title("\n  -- Errors by path\nselect 1").as_deref(),
            Some("Errors by path")
        );
        assert_eq!(
            title("select aaaaaaaaaa, bbbbbbbbbb from c").as_deref(),
            Some("select aaaaaaaaaa, bbbbb…")
        );
        assert_eq!(title(" \n"), None);
    }
}
