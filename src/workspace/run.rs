//! Running what a tab's editor holds and bringing errors back to their place in it.

use std::ops::Range;

use leptos::prelude::*;
use weir_api::{ApiError, timeplus::sql};

use super::history::History;
use crate::{
    connections::use_endpoint,
    http::{self, Endpoint},
    live::{Access, Session, core::State},
    statements,
    ui::EditorControl,
};

#[derive(Clone, Copy)]
pub struct Runner {
    pub text: RwSignal<String>,
    pub control: EditorControl,
    pub session: Session,
    pub formatting: RwSignal<bool>,
    endpoint: Memo<Option<Endpoint>>,
    history: History,
    /// The statement that ran last.
    current: StoredValue<Option<Current>>,
    /// Statements still to be run, each with its start.
    queue: StoredValue<Vec<(usize, String)>>,
}

#[derive(Clone)]
struct Current {
    /// The whole text when it was run, and the byte where the statement starts in it.
    text: String,
    start: usize,
    /// Milliseconds since 1970.
    at: f64,
}

impl Runner {
    pub fn new(text: RwSignal<String>, history: History) -> Self {
        let runner = Self {
            text,
            control: EditorControl::new(),
            session: Session::new(),
            formatting: RwSignal::new(false),
            endpoint: use_endpoint(),
            history,
            current: StoredValue::new(None),
            queue: StoredValue::new(Vec::new()),
        };
        Effect::new(move |before: Option<State>| {
            let state = runner.session.state.get();
            if before.is_some_and(|before| before != state) {
                runner.changed(state);
            }
            state
        });
        runner
    }

    /// What [`Runner::run`] would run now, as UTF-16 offsets in the text.
    pub fn chosen(self) -> Vec<Range<u32>> {
        let selection = self.control.selected.get();
        self.text.with(|text| {
            let parts = statements::chosen(text, selection).into_iter();
            let utf16 = |byte| statements::to_utf16(text, byte);
            parts
                .map(|part| utf16(part.start)..utf16(part.end))
                .collect()
        })
    }

    /// The statements selected, or the one at the cursor.
    pub fn run(self) {
        let text = self.text.get_untracked();
        let parts = statements::chosen(&text, self.control.selection());
        self.run_parts(&text, parts);
    }

    /// Every statement.
    pub fn run_all(self) {
        let text = self.text.get_untracked();
        let parts = statements::split(&text);
        self.run_parts(&text, parts);
    }

    /// One after the other; a failure or an endless query ends the row.
    fn run_parts(self, text: &str, parts: Vec<Range<usize>>) {
        let mut all: Vec<_> = parts
            .into_iter()
            .map(|part| (part.start, text[part].to_string()))
            .collect();
        if !all.is_empty() {
            let (start, sql) = all.remove(0);
            self.queue.set_value(all);
            self.start(text.to_string(), start, sql);
        }
    }

    fn start(self, text: String, start: usize, sql: String) {
        let Some(endpoint) = self.endpoint.get_untracked() else {
            return;
        };
        let at = js_sys::Date::now();
        self.control.mark(0..0, "");
        self.current.set_value(Some(Current { text, start, at }));
        self.history.add(at, &sql);
        self.session.run_with(endpoint, sql, Access::Full);
    }

    fn changed(self, state: State) {
        if state.is_live() {
            return;
        }
        let Some(Current { text, start, at }) = self.current.get_value() else {
            return;
        };
        let (rows, ended) = self.session.read(|core| (core.received(), core.ended_at));
        let duration = ended.unwrap_or_else(js_sys::Date::now) - at;
        self.history.ended(at, state.word(), duration, rows);
        if state == State::Failed
            && let Some(mut error) = self.session.problem.get_untracked()
        {
            self.mark(start, &mut error, &text);
            self.session.set_problem(error);
        }
        if state == State::Finished {
            let next = self
                .queue
                .try_update_value(|queue| (!queue.is_empty()).then(|| queue.remove(0)));
            if let Some(Some((start, sql))) = next {
                self.start(text, start, sql);
            }
        }
    }

    /// Marks the place that a server names in the statement at `start` of `text`, and lets the
    /// message name it as a place of the whole text.
    fn mark(self, start: usize, error: &mut ApiError, text: &str) {
        let ApiError::Status(error) = error else {
            return;
        };
        let Some((line, column)) = statements::position_in(&error.message) else {
            return;
        };
        error.message = statements::in_whole(&error.message, text, start);
        // What was typed since may stand where the place was.
        if self.text.with_untracked(|now| now == text) {
            let place = statements::place(text, start, line, column);
            self.control.mark(place, &error.message);
        }
    }

    /// Formats every statement where it stands.
    pub fn format(self) {
        let Some(endpoint) = self.endpoint.get_untracked() else {
            return;
        };
        let text = self.text.get_untracked();
        self.formatting.set(true);
        leptos::task::spawn_local(async move {
            let done = formatted(&endpoint, &text).await;
            if self.formatting.try_set(false).is_some() {
                return;
            }
            match done {
                // What was typed meanwhile is worth more than the format.
                Ok(new) if self.text.get_untracked() == text => self.text.set(new),
                Ok(_) => {}
                Err((part, mut error)) => {
                    self.mark(part.start, &mut error, &text);
                    self.session.problem.set(Some(error));
                }
            }
        });
    }
}

async fn formatted(endpoint: &Endpoint, text: &str) -> Result<String, (Range<usize>, ApiError)> {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for part in statements::split(text) {
        let failed = |error| (part.clone(), error);
        let request = sql::format(&text[part.clone()]).map_err(failed)?;
        let body = http::send(endpoint, request).await.map_err(failed)?;
        let answer: sql::Sql = weir_api::json_response(&body).map_err(failed)?;
        out.push_str(&text[done..part.start]);
        out.push_str(answer.sql.trim().trim_end_matches(';'));
        done = part.end;
    }
    out.push_str(&text[done..]);
    Ok(out)
}
