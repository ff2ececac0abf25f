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
    /// The beginning of the statement, or its place among the tabs while there is none.
    pub fn title(self, tabs: QueryTabs) -> String {
        self.sql.with(|sql| title(sql)).unwrap_or_else(|| {
            let place = tabs
                .all
                .with(|all| all.iter().position(|tab| tab.id == self.id));
            format!("Query {}", place.unwrap_or(0) + 1)
        })
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

/// As it is stored. All windows of a connection share one set of tabs.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Stored {
    active: u32,
    tabs: Texts,
}

type Texts = Vec<(u32, String)>;

/// What to store where another window may have written since: `seen` is what this window last saw
/// stored, `mine` what it has now. Whatever only one side has changed is taken from it.
fn merged(stored: &Texts, seen: &Texts, mine: &Texts) -> Texts {
    fn text(all: &Texts, id: u32) -> Option<&String> {
        all.iter().find(|tab| tab.0 == id).map(|tab| &tab.1)
    }
    let mut all = Texts::new();
    for (id, theirs) in stored {
        match (text(mine, *id), text(seen, *id)) {
            (Some(own), before) if before != Some(own) => all.push((*id, own.clone())),
            // Closed here.
            (None, Some(_)) => {}
            _ => all.push((*id, theirs.clone())),
        }
    }
    // Opened here, or closed there while it is looked at here.
    let new = mine.iter().filter(|tab| text(stored, tab.0).is_none());
    all.extend(new.cloned());
    all
}

#[derive(Clone, Copy)]
pub struct QueryTabs {
    pub all: RwSignal<Vec<QueryTab>>,
    pub active: RwSignal<u32>,
    /// The page: a tab lives as long as it, whoever opened the tab.
    owner: StoredValue<Owner>,
    key: StoredValue<String>,
    /// What was stored when it was last read or written here.
    seen: StoredValue<Texts>,
}

impl QueryTabs {
    /// As they were left; at least one.
    pub fn load(connection: &str) -> Self {
        let key = format!("weir.tabs.{connection}");
        let stored: Stored = read(&key).unwrap_or_default();
        let tabs = Self {
            all: RwSignal::new(Vec::new()),
            active: RwSignal::new(stored.active),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            key: StoredValue::new(key),
            seen: StoredValue::new(stored.tabs.clone()),
        };
        for (id, sql) in stored.tabs {
            tabs.add(id, sql);
        }
        if tabs.all.with_untracked(Vec::is_empty) {
            tabs.open(String::new());
        } else if tabs.active_tab_untracked().is_none() {
            tabs.active.set(tabs.all.with_untracked(|all| all[0].id));
        }
        Effect::new(move || tabs.keep());
        on_stored(tabs.key.get_value(), move || tabs.changed_elsewhere());
        tabs
    }

    fn texts(self) -> Texts {
        let all = self.all.get();
        all.iter().map(|tab| (tab.id, tab.sql.get())).collect()
    }

    fn keep(self) {
        let (active, mine) = (self.active.get(), self.texts());
        let key = self.key.get_value();
        let stored: Stored = read(&key).unwrap_or_default();
        let tabs = self
            .seen
            .with_value(|seen| merged(&stored.tabs, seen, &mine));
        self.seen.set_value(tabs.clone());
        write(&key, &Stored { active, tabs });
    }

    /// Another window has written.
    fn changed_elsewhere(self) {
        let stored: Stored = read(&self.key.get_value()).unwrap_or_default();
        let seen = self.seen.get_value();
        let mine = untrack(|| self.texts());
        let tabs = merged(&stored.tabs, &seen, &mine);
        // Closed there and not looked at here.
        let active = self.active.get_untracked();
        let closed = |id: u32| {
            let there = stored.tabs.iter().any(|tab| tab.0 == id);
            let before = seen.iter().any(|tab| tab.0 == id);
            before && !there && id != active
        };
        self.seen.set_value(stored.tabs.clone());
        for (id, sql) in &tabs {
            let own = self
                .all
                .with_untracked(|all| all.iter().find(|tab| tab.id == *id).copied());
            match own {
                Some(own) if own.sql.with_untracked(|own| own != sql) => own.sql.set(sql.clone()),
                Some(_) => {}
                None => self.add(*id, sql.clone()),
            }
        }
        if self
            .all
            .with_untracked(|all| all.iter().any(|tab| closed(tab.id)))
        {
            self.all.update(|all| all.retain(|tab| !closed(tab.id)));
        }
    }

    fn add(self, id: u32, sql: String) {
        let sql = self
            .owner
            .with_value(|owner| owner.with(|| RwSignal::new(sql)));
        self.all.update(|all| all.push(QueryTab { id, sql }));
    }

    pub fn active_tab_untracked(self) -> Option<QueryTab> {
        let active = self.active.get_untracked();
        self.all
            .with_untracked(|all| all.iter().find(|tab| tab.id == active).copied())
    }

    /// A new tab, shown.
    pub fn open(self, sql: String) {
        // Another window may open one at the same time.
        let id = (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
        self.add(id, sql);
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

/// Calls `changed` when another window writes what is kept under `key`.
pub fn on_stored(key: String, changed: impl Fn() + 'static) {
    let listener = window_event_listener(leptos::ev::storage, move |event| {
        if event.key().is_none_or(|one| one == key) {
            changed();
        }
    });
    on_cleanup(move || listener.remove());
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

    fn texts(all: &[(u32, &str)]) -> Texts {
        all.iter().map(|(id, sql)| (*id, sql.to_string())).collect()
    }

    #[test]
    fn what_either_window_changed_stays() {
        let seen = texts(&[(1, "a"), (2, "b"), (3, "c")]);
        // There: 2 changed, 3 closed, 4 opened. Here: 1 changed, 5 opened.
        let stored = texts(&[(1, "a"), (2, "B"), (4, "d")]);
        let mine = texts(&[(1, "A"), (2, "b"), (3, "c"), (5, "e")]);
        assert_eq!(
            merged(&stored, &seen, &mine),
            texts(&[(1, "A"), (2, "B"), (4, "d"), (3, "c"), (5, "e")])
        );
        // Here: 2 closed.
        let mine = texts(&[(1, "a"), (3, "c")]);
        assert_eq!(merged(&seen, &seen, &mine), texts(&[(1, "a"), (3, "c")]));
        // Nothing stored: forbidden or cleared.
        assert_eq!(merged(&Texts::new(), &seen, &mine), mine);
    }
}
