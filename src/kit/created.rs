//! What was made here a moment ago. A server's lists may lag behind: its page and its list wait for
//! it for a while instead of saying that it does not exist.

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::Load;
use crate::ui::{
    Banner, Button, Empty, Tone,
    table::{Row, Rows},
};

/// So long is waited for what was made.
const WINDOW: Duration = Duration::from_secs(60);
/// Between two questions.
const EVERY: Duration = Duration::from_secs(2);

/// Where it is kept for when the page is loaded again; of this tab.
const KEY: &str = "weir.created";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Made {
    /// Path of the list that it belongs to.
    list: String,
    /// Empty where the server has not told.
    key: String,
    name: String,
    /// Milliseconds since 1970.
    at: f64,
}

impl Made {
    fn is(&self, key: &str, name: &str) -> bool {
        match self.key.is_empty() {
            true => self.name == name,
            false => self.key == key,
        }
    }

    fn awaited(&self, list: &str, now: f64) -> bool {
        self.list == list && now - self.at < WINDOW.as_millis() as f64
    }
}

/// A context of the shell.
#[derive(Clone, Copy)]
pub struct Created(RwSignal<Vec<Made>>);

impl Created {
    pub fn new() -> Self {
        let text = kept().and_then(|kept| kept.get_item(KEY).ok().flatten());
        let made = text.and_then(|text| serde_json::from_str(&text).ok());
        Self(RwSignal::new(made.unwrap_or_default()))
    }

    fn change(self, change: impl FnOnce(&mut Vec<Made>)) {
        self.0.update(change);
        let text = self.0.with_untracked(|all| serde_json::to_string(all).ok());
        if let Some((kept, text)) = kept().zip(text) {
            // A browser that keeps nothing forgets it with the page.
            let _ = kept.set_item(KEY, &text);
        }
    }

    /// To be taken while a page is built: an answer comes when no context can be asked for.
    pub fn of_shell() -> Option<Self> {
        use_context()
    }

    /// `list` is the path of the list that it belongs to.
    pub fn put(self, list: &str, key: &str, name: &str) {
        let at = js_sys::Date::now();
        self.change(|all| {
            all.retain(|made| {
                made.awaited(&made.list, at) && !(made.list == list && made.key == key)
            });
            all.push(Made {
                list: list.into(),
                key: key.into(),
                name: name.into(),
                at,
            });
        });
    }

    /// It is deleted, or it is there.
    pub fn forget(self, list: &str, keys: &[String]) {
        let gone = |made: &Made| made.list == list && keys.contains(&made.key);
        if self.0.with_untracked(|all| all.iter().any(gone)) {
            self.change(|all| all.retain(|made| !gone(made)));
        }
    }

    /// The name of what is awaited.
    fn awaits(self, list: &str, key: &str) -> Option<String> {
        let now = js_sys::Date::now();
        self.0.with_untracked(|all| {
            let mut all = all.iter();
            let made = all.find(|made| made.awaited(list, now) && made.key == key);
            made.map(|made| made.name.clone())
        })
    }

    fn missing(self, list: &str, rows: &[Arc<Row>]) -> Vec<String> {
        let now = js_sys::Date::now();
        self.0.with(|all| missing(all, list, rows, now))
    }
}

fn kept() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

impl Default for Created {
    fn default() -> Self {
        Self::new()
    }
}

/// Names of what is awaited in a list and not among its rows.
fn missing(all: &[Made], list: &str, rows: &[Arc<Row>], now: f64) -> Vec<String> {
    let there = |made: &Made| {
        let name = |row: &Row| row.cells.first().map(|cell| cell.words().to_string());
        rows.iter()
            .any(|row| made.is(&row.key, &name(row).unwrap_or_default()))
    };
    let awaited = all
        .iter()
        .filter(|made| made.awaited(list, now) && !there(made));
    awaited.map(|made| made.name.clone()).collect()
}

/// Asks again after a while, as long as the page is there.
fn ask_again(load: Load) {
    let again = move || {
        if !load.busy.is_disposed() && !load.busy.get_untracked() {
            load.reload();
        }
    };
    set_timeout(again, EVERY);
}

/// The name of what was just made, where the page of `key` waits for it; it asks again meanwhile.
pub fn use_awaited(list: String, key: String, load: Load) -> Memo<Option<String>> {
    let created = use_context::<Created>();
    let awaited = Memo::new(move |_| {
        let created = created.filter(|_| load.missing())?;
        created.awaits(&list, &key)
    });
    Effect::new(move || {
        // Each answer that still lacks it, not only the first.
        load.error.track();
        if awaited.with(Option::is_some) {
            ask_again(load);
        }
    });
    awaited
}

/// Of the page that waits for `name`.
pub fn waiting_page(name: String) -> impl IntoView {
    view! {
        <Empty
            title=format!("Waiting for {name}")
            hint="It was created a moment ago, and the server does not list it yet. This page retries every 2 seconds."
        />
    }
}

/// Above a list that does not have yet what was just made.
#[component]
pub fn Lagging(list: String, rows: RwSignal<Rows>, load: Load) -> impl IntoView {
    let created = use_context::<Created>();
    let names = Memo::new(move |_| {
        // Each answer, also one that changes nothing.
        load.busy.track();
        let created = created.filter(|_| load.ready.get());
        created.map_or_else(Vec::new, |created| {
            rows.with(|rows| created.missing(&list, rows))
        })
    });
    Effect::new(move || {
        let idle = !load.busy.get();
        if idle && names.with(|names| !names.is_empty()) {
            ask_again(load);
        }
    });
    move || {
        let names = names.get();
        (!names.is_empty()).then(|| {
            let (was, is) = match names.len() {
                1 => ("was", "is"),
                _ => ("were", "are"),
            };
            let words = format!(
                "{} {was} created a moment ago and {is} not in this list yet. The list reloads every 2 seconds.",
                names.join(", ")
            );
            view! {
                <Banner tone=Tone::Neutral>
                    <p>{words}</p>
                    <Button on_click=move || load.reload()>"Reload"</Button>
                </Banner>
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::table::Cell;

    #[test]
    fn what_was_just_made_is_awaited_for_a_while() {
        let made = |key: &str, name: &str| Made {
            list: "/c/a/sinks".into(),
            key: key.into(),
            name: name.into(),
            at: 1_000.0,
        };
        let all = [made("7", "out"), made("", "by name"), made("8", "there")];
        let row = |key: &str, name: &str| {
            Arc::new(Row {
                key: key.into(),
                cells: vec![Cell::Text(name.into())],
                ..Row::default()
            })
        };
        let rows = [row("8", "renamed"), row("9", "other")];
        let list = "/c/a/sinks";
        assert_eq!(missing(&all, list, &rows, 2_000.0), ["out", "by name"]);
        let rows = [row("8", "x"), row("7", "out"), row("3", "by name")];
        assert!(missing(&all, list, &rows, 2_000.0).is_empty());
        // Of another list, and after a while.
        assert!(missing(&all, "/c/b/sinks", &[], 2_000.0).is_empty());
        assert!(missing(&all, list, &[], 61_000.0).is_empty());
        assert_eq!(missing(&all, list, &[], 60_999.0).len(), 3);
    }
}
