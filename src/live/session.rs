//! A query and its results as the page sees them: signals, published at most once per frame.

mod recorded;
mod view;

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use leptos::{leptos_dom::helpers::IntervalHandle, prelude::*};
use weir_api::{ApiError, timeplus::query};

pub use super::facts::{Access, Facts, Offer, Retry};
use super::{
    arrange::Arrangement,
    core::{Core, State},
    drive,
    frame::FrameGate,
    inner::Inner,
    settings,
};
use crate::http::{self, Endpoint};

#[derive(Clone, Copy)]
pub struct Session {
    pub(super) inner: StoredValue<Rc<Inner>, LocalStorage>,
    pub state: RwSignal<State>,
    pub facts: RwSignal<Facts>,
    /// Changes when the columns do.
    pub header: RwSignal<u64>,
    pub problem: RwSignal<Option<ApiError>>,
    pub offer: RwSignal<Option<Offer>>,
    /// The person asked for a standing view.
    pub paused: RwSignal<bool>,
    /// The view moves with the newest rows.
    pub following: RwSignal<bool>,
    pub query_id: RwSignal<Option<String>>,
    /// The statement that runs or ran last.
    pub sql: RwSignal<String>,
    /// What the person has arranged of the rows.
    pub arrangement: RwSignal<Arrangement>,
    /// What arrives is written down.
    pub recording: RwSignal<bool>,
    /// Changes when a row was stepped to.
    pub steps: RwSignal<u32>,
    /// Other pages have the connections that there are for streams.
    pub waiting: RwSignal<bool>,
    /// Rows of history asked for above those held.
    pub older: RwSignal<u64>,
}

impl Session {
    pub fn new() -> Self {
        let facts = RwSignal::new(Facts::default());
        let inner = StoredValue::new_local(Rc::new_cyclic(|weak: &std::rc::Weak<Inner>| {
            let weak = weak.clone();
            Inner {
                core: RefCell::new(Core::new(settings::limits())),
                access: Cell::default(),
                gate: FrameGate::new(move || {
                    if let Some(inner) = weak.upgrade() {
                        let now = inner.facts();
                        if now.filtering {
                            inner.gate.ask();
                        }
                        // The page may be gone when the frame comes.
                        if facts.try_with_untracked(|facts| *facts != now) == Some(true) {
                            facts.set(now);
                        }
                    }
                }),
                endpoint: RefCell::default(),
                abort: RefCell::default(),
                events: RefCell::default(),
                wake: RefCell::default(),
                leave_queue: RefCell::default(),
            }
        }));
        let session = Self {
            inner,
            facts,
            state: RwSignal::new(State::Idle),
            header: RwSignal::new(0),
            problem: RwSignal::new(None),
            offer: RwSignal::new(None),
            paused: RwSignal::new(false),
            following: RwSignal::new(true),
            query_id: RwSignal::new(None),
            sql: RwSignal::new(String::new()),
            arrangement: RwSignal::new(Arrangement::default()),
            recording: RwSignal::new(false),
            steps: RwSignal::new(0),
            waiting: RwSignal::new(false),
            older: RwSignal::new(0),
        };
        session.keep_figures_fresh();
        session.keep_arranged();
        let leaving = window_event_listener(leptos::ev::pagehide, move |_| session.leave());
        on_cleanup(move || {
            leaving.remove();
            session.close();
        });
        session
    }

    /// Rate and lag change also when nothing arrives.
    fn keep_figures_fresh(self) {
        let tick = move || {
            if self.state.try_get_untracked() == Some(State::Running) {
                self.with(|inner| inner.core.borrow_mut().hold_for_order());
                self.ask_frame();
            }
        };
        let timer = set_interval_with_handle(tick, Duration::from_millis(500)).ok();
        on_cleanup(move || {
            if let Some(timer) = timer {
                IntervalHandle::clear(&timer);
            }
        });
    }

    fn keep_arranged(self) {
        Effect::new(move || {
            let mut arrangement = self.arrangement.get();
            // The grid is told of the zone itself, so that it sees when another is chosen.
            arrangement.look = arrangement.look.resolved();
            let sorted = arrangement.sort.is_some();
            let stood = self.read(Core::is_held_for_order);
            self.with(|inner| inner.core.borrow_mut().applied.set(arrangement));
            if sorted {
                self.stand_in_order();
            } else if stood {
                self.follow();
            }
            self.ask_frame();
        });
    }

    /// Runs `sql`, which may only read; what ran before is ended.
    pub fn run(self, endpoint: Endpoint, sql: String) {
        self.run_with(endpoint, sql, Access::ReadOnly);
    }

    /// The same of a statement that may do what its access says, also when it is continued.
    pub fn run_with(self, endpoint: Endpoint, sql: String, access: Access) {
        self.cancel_quietly();
        self.with(|inner| inner.access.set(access));
        self.paused.set(false);
        self.sql.set(sql.clone());
        self.begin(&endpoint, false);
        self.follow();
        drive::run(self, endpoint, sql);
    }

    /// What was to run cannot: no server is asked. What ran before is ended.
    pub fn refuse(self, why: ApiError) {
        self.cancel_quietly();
        let now = js_sys::Date::now();
        self.with(|inner| {
            inner.stop_reading();
            let mut core = inner.core.borrow_mut();
            core.ask(false, now);
            core.failed(why, now);
        });
        self.offer.set(None);
        self.publish();
    }

    /// Runs `sql` as the continuation of the rows held.
    pub fn run_on(self, sql: String) {
        let Some(endpoint) = self.with(|inner| inner.endpoint.borrow().clone()) else {
            return;
        };
        self.begin(&endpoint, true);
        drive::run(self, endpoint, sql);
    }

    /// Shows the results of a query that runs already.
    pub fn attach(self, endpoint: Endpoint, id: String) {
        self.begin(&endpoint, false);
        drive::attach(self, endpoint, id);
    }

    fn begin(self, endpoint: &Endpoint, keep: bool) {
        self.with(|inner| {
            inner.stop_reading();
            inner.endpoint.replace(Some(endpoint.clone()));
            inner.core.borrow_mut().ask(keep, js_sys::Date::now());
        });
        self.offer.set(None);
        self.publish();
    }

    /// Ends the query on the server; rows held stay.
    pub fn cancel(self) {
        let id = self.with(|inner| {
            let mut core = inner.core.borrow_mut();
            core.canceling = true;
            core.query_id().map(str::to_string)
        });
        let endpoint = self.with(|inner| inner.endpoint.borrow().clone());
        match (id, endpoint) {
            (Some(id), Some(endpoint)) => drive::cancel(self, endpoint, id),
            // Not known to the server, or its answer is not here yet.
            _ => self.stop_reading(),
        }
    }

    /// Reads no more and lets the server know, where there is something to end.
    fn cancel_quietly(self) {
        let state = self.state.get_untracked();
        // Behind a break the server still has it for a while.
        if !state.is_live() && state != State::Disconnected {
            return;
        }
        let id = self.with(|inner| inner.core.borrow().query_id().map(str::to_string));
        let endpoint = self.with(|inner| inner.endpoint.borrow().clone());
        if let (Some(id), Some(endpoint), false) = (id, endpoint, self.is_attached()) {
            leptos::task::spawn_local(async move {
                // Nobody is left to be told when it fails; the server ends it without a reader.
                let _ = http::send(&endpoint, query::cancel(&id)).await;
            });
        }
        self.with(|inner| inner.stop_reading());
    }

    /// The browser leaves the page: what runs for it is ended, too.
    fn leave(self) {
        if self.gone() || self.is_attached() {
            return;
        }
        // While the first of several tells the server, the browser may cut the others off already.
        let state = self.state.get_untracked();
        if !state.is_live() && state != State::Disconnected {
            return;
        }
        let id = self.read(|core| core.query_id().map(str::to_string));
        let endpoint = self.with(|inner| inner.endpoint.borrow().clone());
        if let (Some(id), Some(endpoint)) = (id, endpoint) {
            http::send_when_leaving(&endpoint, query::cancel(&id));
        }
    }

    /// A query that was only attached to belongs to somebody else.
    fn is_attached(self) -> bool {
        self.sql.with_untracked(String::is_empty)
    }

    pub(super) fn stop_reading(self) {
        let now = js_sys::Date::now();
        self.with(|inner| {
            inner.stop_reading();
            let mut core = inner.core.borrow_mut();
            core.ended_elsewhere = None;
            if core.state.is_live() || core.state == State::Disconnected {
                core.over(State::Canceled, now);
            }
        });
        self.offer.set(None);
        self.publish();
    }

    fn close(self) {
        self.cancel_quietly();
    }

    /// Attaches now instead of at the announced time.
    pub fn attach_now(self) {
        if self.gone() {
            return;
        }
        let wake = self.with(|inner| inner.wake.borrow_mut().take());
        if let Some(wake) = wake {
            wake();
        }
    }

    /// Reads what is held. Must not call back into the session.
    pub fn read<T>(self, read: impl FnOnce(&Core) -> T) -> T {
        self.with(|inner| read(&inner.core.borrow()))
    }

    pub(super) fn with<T>(self, f: impl FnOnce(&Inner) -> T) -> T {
        self.inner.with_value(|inner| f(inner))
    }

    /// True when the page that held it is gone.
    pub fn gone(self) -> bool {
        self.inner.is_disposed()
    }

    /// Puts what is not figures into signals at once, figures with the next frame.
    pub(super) fn publish(self) {
        if self.gone() {
            return;
        }
        let (state, header, problem, id) = self.read(|core| {
            let id = core.query_id().map(str::to_string);
            (core.state, core.header, core.problem.clone(), id)
        });
        set(self.state, state);
        set(self.header, header);
        set(self.problem, problem);
        set(self.query_id, id);
        if self.read(|core| core.ended_elsewhere.is_some()) {
            set(self.offer, Some(Offer::RunAgain));
        }
        self.ask_frame();
    }

    /// What is wrong, in words that say more than the server could.
    pub fn set_problem(self, problem: ApiError) {
        self.with(|inner| inner.core.borrow_mut().problem = Some(problem));
        self.publish();
    }

    pub(super) fn ask_frame(self) {
        if let Some(inner) = self.inner.try_get_value() {
            inner.gate.ask();
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

fn set<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|now| *now != value) == Some(true) {
        signal.set(value);
    }
}
