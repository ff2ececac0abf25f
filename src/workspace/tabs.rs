//! The open query tabs of a connection; they outlive the page in this browser's storage.

use std::collections::BTreeSet;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    storage::{on_change, read, write},
    text::write_visible,
};

/// Characters of a tab's title.
const TITLE: usize = 24;

/// Tabs that can be opened again after they were closed.
const CLOSED: usize = 20;

#[derive(Clone, Copy)]
pub struct QueryTab {
    /// In this window.
    pub id: u32,
    pub sql: RwSignal<String>,
    /// Under which it is stored: another one after another window has taken the first.
    stored: StoredValue<u32>,
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
    let mut title = String::new();
    write_visible(text, TITLE, &mut title);
    (!title.is_empty()).then_some(title)
}

/// As it is stored. All windows of a connection share one set of tabs.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Stored {
    active: u32,
    tabs: Texts,
}

type Texts = Vec<(u32, String)>;

fn text(all: &Texts, id: u32) -> Option<&String> {
    all.iter().find(|tab| tab.0 == id).map(|tab| &tab.1)
}

/// What to store where another window may have written since: `seen` is what this window last saw
/// stored, `mine` what it has now. Whatever only one side has changed is taken from it; what both
/// have changed is kept twice, theirs under a `fresh` id.
fn merged(stored: &Texts, seen: &Texts, mine: &Texts, fresh: impl Fn() -> u32) -> Texts {
    let mut all = Texts::new();
    for (id, theirs) in stored {
        let before = text(seen, *id);
        match text(mine, *id) {
            Some(own) if before != Some(own) => {
                all.push((*id, own.clone()));
                let lost = before != Some(theirs) && own != theirs;
                if lost && !theirs.trim().is_empty() {
                    all.push((fresh(), theirs.clone()));
                }
            }
            // Closed here, and not written to there.
            None if before == Some(theirs) => {}
            _ => all.push((*id, theirs.clone())),
        }
    }
    // Opened here, or closed there while it is looked at here.
    let new = mine.iter().filter(|tab| text(stored, tab.0).is_none());
    all.extend(new.cloned());
    all
}

/// Another window may make one at the same time.
fn fresh() -> u32 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u32
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
    /// What the tabs held that were closed, the last one last.
    pub closed: RwSignal<Vec<String>>,
    /// Stored ids of the tabs that were last written to in this window.
    typed: StoredValue<BTreeSet<u32>>,
}

impl QueryTabs {
    /// As they were left; at least one.
    pub fn load(connection: &str) -> Self {
        let key = format!("weir.tabs.{connection}");
        let closed_key = format!("weir.closed-tabs.{connection}");
        let stored: Stored = read(&key).unwrap_or_default();
        let tabs = Self {
            all: RwSignal::new(Vec::new()),
            active: RwSignal::new(stored.active),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            key: StoredValue::new(key),
            seen: StoredValue::new(stored.tabs.clone()),
            closed: RwSignal::new(read(&closed_key).unwrap_or_default()),
            typed: StoredValue::default(),
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
        Effect::new(move || {
            tabs.closed.with(|closed| write(&closed_key, closed));
        });
        on_change(tabs.key.get_value(), move |_| tabs.changed_elsewhere());
        tabs
    }

    fn texts(self) -> Texts {
        let all = self.all.get();
        let stored = |tab: &QueryTab| (tab.stored.get_value(), tab.sql.get());
        all.iter().map(stored).collect()
    }

    /// The stored id of the tab that is looked at.
    fn looked_at(self) -> u32 {
        let tab = self.active_tab_untracked();
        tab.map_or_else(|| self.active.get_untracked(), |tab| tab.stored.get_value())
    }

    fn keep(self) {
        self.active.track();
        let mine = self.texts();
        let key = self.key.get_value();
        let stored: Stored = read(&key).unwrap_or_default();
        let seen = self.seen.get_value();
        self.typed.update_value(|typed| {
            typed.retain(|id| text(&mine, *id).is_some());
            let own = mine.iter().filter(|tab| text(&seen, tab.0) != Some(&tab.1));
            typed.extend(own.map(|tab| tab.0));
        });
        let tabs = merged(&stored.tabs, &seen, &mine, fresh);
        let active = self.looked_at();
        let kept = Stored { active, tabs };
        // What could not be written was not seen by others: they have not closed it.
        if write(&key, &kept) {
            self.seen.set_value(kept.tabs);
        }
    }

    /// Another window has written.
    fn changed_elsewhere(self) {
        let Some(stored) = read::<Stored>(&self.key.get_value()) else {
            // All that was stored is gone; what is open here stays.
            return self.seen.set_value(Texts::new());
        };
        self.stand_aside(&stored.tabs);
        let seen = self.seen.get_value();
        let mine = untrack(|| self.texts());
        let tabs = merged(&stored.tabs, &seen, &mine, fresh);
        // Closed there and not looked at here.
        let active = self.looked_at();
        let closed = |tab: &QueryTab| {
            let id = tab.stored.get_value();
            text(&seen, id).is_some() && text(&stored.tabs, id).is_none() && id != active
        };
        self.seen.set_value(stored.tabs.clone());
        for (id, sql) in &tabs {
            let same = |tab: &&QueryTab| tab.stored.get_value() == *id;
            let own = self
                .all
                .with_untracked(|all| all.iter().find(same).copied());
            match own {
                Some(own) if own.sql.with_untracked(|own| own != sql) => {
                    self.typed.update_value(|typed| {
                        typed.remove(id);
                    });
                    own.sql.set(sql.clone());
                }
                Some(_) => {}
                // An empty tab is of no use but to the window that has it.
                None if sql.trim().is_empty() => {}
                None => self.add(*id, sql.clone()),
            }
        }
        if self.all.with_untracked(|all| all.iter().any(closed)) {
            self.all.update(|all| all.retain(|tab| !closed(tab)));
        }
    }

    /// Another window has written into the tab that is looked at here. What this window wrote there
    /// stays in front of its reader, stored under an id of its own; so does an empty tab, into
    /// which somebody may be about to write.
    fn stand_aside(self, stored: &Texts) {
        let Some(tab) = self.active_tab_untracked() else {
            return;
        };
        let id = tab.stored.get_value();
        let own = tab.sql.get_untracked();
        let written = text(stored, id).is_some_and(|theirs| *theirs != own);
        let before = self.seen.with_value(|seen| text(seen, id).cloned());
        let changed = written && text(stored, id) != before.as_ref();
        let typed = self.typed.with_value(|typed| typed.contains(&id));
        if !changed || !(typed || own.trim().is_empty()) {
            return;
        }
        // The other window may have put it aside already.
        let mine = untrack(|| self.texts());
        let aside = stored
            .iter()
            .find(|(other, text_there)| *text_there == own && text(&mine, *other).is_none());
        let new = aside.map_or_else(fresh, |aside| aside.0);
        tab.stored.set_value(new);
        self.typed.update_value(|all| {
            all.remove(&id);
            all.insert(new);
        });
        // So that the tab is stored under its new id.
        tab.sql.notify();
    }

    fn add(self, stored: u32, sql: String) {
        let taken = |id: u32| {
            self.all
                .with_untracked(|all| all.iter().any(|tab| tab.id == id))
        };
        let id = if taken(stored) { fresh() } else { stored };
        self.push(id, stored, sql);
    }

    fn push(self, id: u32, stored: u32, sql: String) {
        let tab = self.owner.with_value(|owner| {
            owner.with(|| QueryTab {
                id,
                sql: RwSignal::new(sql),
                stored: StoredValue::new(stored),
            })
        });
        self.all.update(|all| all.push(tab));
    }

    pub fn active_tab_untracked(self) -> Option<QueryTab> {
        let active = self.active.get_untracked();
        self.all
            .with_untracked(|all| all.iter().find(|tab| tab.id == active).copied())
    }

    /// A new tab, shown.
    pub fn open(self, sql: String) {
        let id = fresh();
        self.push(id, id, sql);
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

    /// What the tab held that was closed last, in a new one.
    pub fn reopen(self) {
        if let Some(Some(sql)) = self.closed.try_update(Vec::pop) {
            self.open(sql);
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
        let gone = self.all.try_update(|all| all.remove(at));
        let text = gone.map(|tab| tab.sql.get_untracked()).unwrap_or_default();
        if !text.trim().is_empty() {
            self.closed.update(|closed| {
                closed.push(text);
                let over = closed.len().saturating_sub(CLOSED);
                closed.drain(..over);
            });
        }
        if self.active.get_untracked() == id {
            let next = self.all.with_untracked(|all| all[at.min(all.len() - 1)].id);
            self.active.set(next);
        }
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
        let merged = |stored: &Texts, seen: &Texts, mine: &Texts| merged(stored, seen, mine, || 99);
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
        // Closed here, written to there: what was written stays.
        let stored = texts(&[(1, "a"), (2, "B"), (3, "c")]);
        assert_eq!(merged(&stored, &seen, &mine), stored);
    }

    #[test]
    fn what_both_windows_wrote_into_one_tab_is_kept_twice() {
        let seen = texts(&[(1, "a")]);
        let both = merged(
            &texts(&[(1, "there")]),
            &seen,
            &texts(&[(1, "here")]),
            || 99,
        );
        assert_eq!(both, texts(&[(1, "here"), (99, "there")]));
        // The same on both sides, and a tab emptied there.
        for theirs in ["here", " "] {
            let once = merged(&texts(&[(1, theirs)]), &seen, &texts(&[(1, "here")]), || 99);
            assert_eq!(once, texts(&[(1, "here")]));
        }
    }
}
