//! Running what a tab's editor holds and bringing errors back to their place in it.

use std::{collections::VecDeque, ops::Range};

use leptos::prelude::*;
use weir_api::ApiError;

use super::{
    begin,
    history::History,
    parameters::{self, Parameters},
    runs::kept::{self, Kept},
    slots::{Slot, Slots, Statement},
};
use crate::{
    connections::use_endpoint,
    errors::UNSENT,
    http::Endpoint,
    live::{Access, bounded, core::State},
    statements,
    ui::EditorControl,
};

#[derive(Clone, Copy)]
pub struct Runner {
    pub text: RwSignal<String>,
    pub control: EditorControl,
    pub slots: Slots,
    pub parameters: Parameters,
    /// From when on followed streams are read.
    from: RwSignal<String>,
    /// The last runs, the newest first.
    pub runs: RwSignal<Vec<Kept>>,
    pub formatting: RwSignal<bool>,
    /// Statements that were to run after one that failed.
    pub left: RwSignal<usize>,
    pub(super) endpoint: Memo<Option<Endpoint>>,
    history: History,
    /// Statements still to be run, each with the result it takes.
    queue: StoredValue<VecDeque<(Statement, Option<u32>)>>,
    /// The result that the next one waits for.
    turn: StoredValue<Option<u32>>,
    /// When the last one was run: no two are known by the same moment.
    last: StoredValue<f64>,
}

impl Runner {
    pub fn new(
        text: RwSignal<String>,
        history: History,
        parameters: Parameters,
        from: RwSignal<String>,
    ) -> Self {
        let runner = Self {
            text,
            control: EditorControl::new(),
            slots: Slots::new(),
            parameters,
            from,
            runs: RwSignal::new(Vec::new()),
            formatting: RwSignal::new(false),
            left: RwSignal::new(0),
            endpoint: use_endpoint(),
            history,
            queue: StoredValue::new(VecDeque::new()),
            turn: StoredValue::new(None),
            last: StoredValue::new(0.0),
        };
        runner.add();
        runner
    }

    fn add(self) -> Slot {
        self.slots.open(move |slot| {
            let session = slot.session;
            Effect::new(move |before: Option<(State, bool)>| {
                let now = (session.state.get(), session.waiting.get());
                if before.is_some_and(|before| before != now) {
                    // A result that was closed and taken again has another id.
                    let all = self.slots.all.get_untracked();
                    if let Some(slot) = all.iter().find(|one| one.statement == slot.statement) {
                        self.changed(*slot, now.0);
                    }
                }
                now
            });
        })
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

    pub fn cancel_all(self) {
        self.queue.update_value(VecDeque::clear);
        let all = self.slots.all.get_untracked();
        for slot in all.into_iter().filter(|slot| slot.is_live()) {
            slot.session.cancel();
        }
    }

    /// Each with a result of its own, begun in their order: the next one when the one before has
    /// ended, or follows a stream. A failure leaves the rest out.
    fn run_parts(self, text: &str, parts: Vec<Range<usize>>) {
        let all = statements::split(text);
        let number = |part: &Range<usize>| {
            let begun = all.iter().filter(|one| one.start <= part.start).count();
            begun.max(1)
        };
        let wanted: Vec<Statement> = parts
            .iter()
            .map(|part| Statement {
                number: number(part),
                raw: text[part.clone()].to_string(),
                text: text.to_string(),
                start: part.start,
                ..Statement::default()
            })
            .collect();
        if wanted.is_empty() {
            let why = ApiError::with_status(UNSENT, "No statement here, only comments.");
            if let Some(slot) = untrack(|| self.slots.current()).filter(|_| !text.trim().is_empty())
            {
                slot.session.problem.set(Some(why));
            }
            return;
        }
        let ids = self.take(&wanted);
        self.left.set(0);
        self.queue.set_value(wanted.into_iter().zip(ids).collect());
        self.next(true);
    }

    /// Starts the next statement. `first`: its result is shown.
    fn next(self, first: bool) {
        let Some(Some((statement, id))) = self.queue.try_update_value(VecDeque::pop_front) else {
            return self.turn.set_value(None);
        };
        let slot = id.and_then(|id| self.slots.get(id)).unwrap_or_else(|| {
            self.make_room();
            self.add()
        });
        if first {
            self.slots.shown.set(slot.id);
        }
        self.turn.set_value(Some(slot.id));
        self.start(slot, statement);
    }

    fn start(self, slot: Slot, statement: Statement) {
        let Some(endpoint) = self.endpoint.get_untracked() else {
            return;
        };
        if slot.is_live() {
            self.ended(slot, State::Canceled);
        }
        let at = js_sys::Date::now().max(self.last.get_value() + 1.0);
        self.last.set_value(at);
        self.control.mark(0..0, "");
        let filled = self
            .parameters
            .values
            .with_untracked(|values| parameters::filled(&statement.raw, values));
        let (sql, refused) = match filled {
            Ok(sql) => (
                self.from.with_untracked(|from| begin::apply(&sql, from)),
                None,
            ),
            Err(why) => (statement.raw.clone(), Some(why.words())),
        };
        let statement = Statement {
            sql,
            at,
            ..statement
        };
        slot.statement.set(statement.clone());
        match refused {
            Some(why) => {
                self.leave_rest(slot);
                slot.session.refuse(ApiError::with_status(UNSENT, why));
            }
            None => {
                self.history.add(at, &statement.sql);
                slot.session.run_with(endpoint, statement.sql, Access::Full);
            }
        }
    }

    fn leave_rest(self, failed: Slot) {
        let left = self.queue.try_update_value(std::mem::take);
        let left = left.unwrap_or_default();
        self.left.set(left.len());
        self.turn.set_value(None);
        self.slots.shown.set(failed.id);
        // What they would have taken shows something else.
        for slot in left.into_iter().filter_map(|(_, id)| self.slots.get(id?)) {
            if slot.id != failed.id && !slot.is_live() {
                self.close(slot.id);
            }
        }
    }

    fn changed(self, slot: Slot, state: State) {
        let its_turn = self.turn.get_value() == Some(slot.id);
        if state.is_live() {
            let follows = slot
                .statement
                .with_untracked(|statement| !bounded::ends_by_itself(&statement.sql));
            let begun = state == State::Running || slot.session.waiting.get_untracked();
            if its_turn && follows && begun {
                self.next(false);
            }
            return;
        }
        let statement = slot.statement.get_untracked();
        if statement.at == 0.0 {
            return;
        }
        self.ended(slot, state);
        if state == State::Failed
            && let Some(mut error) = slot.session.problem.get_untracked()
        {
            self.mark(&statement, &mut error);
            slot.session.set_problem(error);
        }
        match state {
            State::Finished if its_turn => self.next(false),
            State::Failed | State::Canceled | State::Disconnected if its_turn => {
                self.leave_rest(slot);
            }
            _ => {}
        }
    }

    /// Tells the history, and keeps the first rows.
    pub(super) fn ended(self, slot: Slot, state: State) {
        let now = js_sys::Date::now();
        let run = slot.statement.with_untracked(|statement| {
            let kept = |core: &_| Kept::of(statement, core, state, now);
            slot.session.read(kept)
        });
        self.history
            .ended(run.at, state.word(), run.took, run.received);
        self.runs.update(|all| kept::keep(all, run));
    }

    /// Marks the place that a server names in a statement, and lets the message name it as a place
    /// of the whole text.
    pub(super) fn mark(self, statement: &Statement, error: &mut ApiError) {
        let Statement { text, start, .. } = statement;
        // With values in it the statement has other places than the text.
        let as_written = statement.sql.starts_with(&statement.raw);
        let (ApiError::Status(error), true) = (error, as_written) else {
            return;
        };
        let Some((line, column)) = statements::position_in(&error.message) else {
            return;
        };
        error.message = statements::in_whole(&error.message, text, *start);
        // What was typed since may stand where the place was.
        if self.text.with_untracked(|now| now == text) {
            let place = statements::place(text, *start, line, column);
            self.control.mark(place, &error.message);
        }
    }
}
