//! What was run on a connection: the last 200 statements, in this browser's storage.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{
    storage::{on_change, read, write},
    text::{capital, one_line},
    ui::{Button, ButtonKind, Empty, number, time},
};

const KEPT: usize = 200;

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Milliseconds since 1970 when it was run; also what it is known by.
    pub at: f64,
    pub sql: String,
    /// A state's word.
    pub state: String,
    pub duration: Option<f64>,
    pub rows: u64,
}

#[derive(Clone, Copy)]
pub struct History {
    /// Newest first.
    all: RwSignal<Vec<Entry>>,
    key: StoredValue<String>,
    /// The storage is full or forbidden: what is kept there is older than what is shown.
    unkept: StoredValue<bool>,
    /// What was cleared last in this window, until its page is left.
    cleared: RwSignal<Vec<Entry>>,
}

impl History {
    pub fn load(connection: &str) -> Self {
        let key = format!("weir.history.{connection}");
        let history = Self {
            all: RwSignal::new(read(&key).unwrap_or_default()),
            key: StoredValue::new(key.clone()),
            unkept: StoredValue::new(false),
            cleared: RwSignal::default(),
        };
        on_change(key, move |_| {
            if let Some(all) = history.stored() {
                history.all.set(all);
            }
        });
        history
    }

    fn stored(self) -> Option<Vec<Entry>> {
        self.key.with_value(|key| read(key))
    }

    /// On what is stored now, which another window may have written.
    fn change(self, change: impl FnOnce(&mut Vec<Entry>)) {
        let stored = self.stored().filter(|_| !self.unkept.get_value());
        let mut all = stored.unwrap_or_else(|| self.all.get_untracked());
        change(&mut all);
        let kept = self.key.with_value(|key| write(key, &all));
        self.unkept.set_value(!kept);
        self.all.set(all);
    }

    pub fn add(self, at: f64, sql: &str) {
        let entry = Entry {
            at,
            sql: sql.into(),
            state: "running".into(),
            duration: None,
            rows: 0,
        };
        self.change(|all| {
            all.insert(0, entry);
            all.truncate(KEPT);
        });
    }

    /// What became of the statement run at `at`.
    pub fn ended(self, at: f64, state: &str, duration: f64, rows: u64) {
        self.change(|all| {
            if let Some(entry) = all.iter_mut().find(|entry| entry.at == at) {
                entry.state = state.into();
                entry.duration = Some(duration);
                entry.rows = rows;
            }
        });
    }

    fn clear(self) {
        self.change(|all| self.cleared.set(std::mem::take(all)));
    }

    /// Behind what was run since.
    fn restore(self) {
        let cleared = self.cleared.try_update(std::mem::take).unwrap_or_default();
        self.change(|all| {
            all.extend(cleared);
            all.truncate(KEPT);
        });
    }
}

/// `on_open` gets the statement to be shown in a tab.
#[component]
pub fn HistoryList(history: History, #[prop(into)] on_open: Callback<String>) -> impl IntoView {
    let none = Memo::new(move |_| history.all.with(Vec::is_empty));
    view! {
        <div class="history">
            <Show when=move || none.get()>
                <Empty title="No history yet" hint="The last 200 statements you run are stored in this browser." />
            </Show>
            <Show when=move || !history.cleared.with(Vec::is_empty)>
                <div class="history-tools">
                    <Button kind=ButtonKind::Quiet on_click=move || history.restore()>"Restore cleared history"</Button>
                </div>
            </Show>
            <Show when=move || !none.get()>
                <div class="history-tools">
                    <Button kind=ButtonKind::Quiet on_click=move || history.clear()>"Clear history"</Button>
                </div>
            </Show>
            <ul>
                <For each=move || history.all.get() key=|entry| (entry.at as u64, entry.state.clone()) let:entry>
                    <HistoryEntry entry on_open />
                </For>
            </ul>
        </div>
    }
    .into_any()
}

#[component]
fn HistoryEntry(entry: Entry, on_open: Callback<String>) -> impl IntoView {
    let Entry {
        at,
        sql,
        state,
        duration,
        rows,
    } = entry;
    let shown = one_line(&sql);
    let facts = match duration {
        Some(duration) => format!(
            "{}, {}",
            time::span(duration),
            number::plural(rows, "row", "rows")
        ),
        // The page was left while it ran.
        None => String::new(),
    };
    view! {
        <li>
            <button type="button" class="history-entry" on:click=move |_| on_open.run(sql.clone())>
                <code>{shown}</code>
                <span class="history-facts">
                    <span class="state" data-tone=tone(&state)>{capital(&state)}</span>
                    <span>{facts}</span>
                    <span>{time::stamp(at)}</span>
                </span>
            </button>
        </li>
    }
    .into_any()
}

/// The colour of a state's word.
pub fn tone(state: &str) -> &'static str {
    match state {
        "running" => "good",
        "failed" | "disconnected" => "bad",
        "canceled" => "warn",
        _ => "neutral",
    }
}
