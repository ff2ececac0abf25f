//! The live rows of one panel: run while the panel is looked at, continued where they were left,
//! and only as many at once as the browser has connections for.

use std::{cell::Cell, rc::Rc};

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, JsValue, prelude::Closure};
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};
use weir_live::Limits;

use crate::{
    connections::use_endpoint,
    live::{Session, bounded, core::State, resume, seat},
    ui::Tone,
};

/// A panel draws no more than this.
const HELD: Limits = Limits {
    rows: 20_000,
    bytes: 8 << 20,
};

/// What one page may have of the connections that all pages share.
const AT_ONCE: usize = seat::SEATS as usize;

/// Who reads a stream on this page and who waits for it, in order. What reads a table ends soon
/// and has a lane of its own, so that it does not wait for what never ends.
#[derive(Clone, Copy)]
pub struct Lanes {
    endless: RwSignal<Vec<u32>>,
    bounded: RwSignal<Vec<u32>>,
    next: StoredValue<u32>,
}

impl Lanes {
    pub fn new() -> Self {
        Self {
            endless: RwSignal::new(Vec::new()),
            bounded: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        }
    }

    fn join(self) -> u32 {
        let ticket = self.next.get_value();
        self.next.set_value(ticket + 1);
        ticket
    }

    fn set(self, ticket: u32, wanted: Option<Lane>) {
        for (lane, queue) in [(Lane::Endless, self.endless), (Lane::Bounded, self.bounded)] {
            let there = queue.try_with_untracked(|queue| queue.contains(&ticket));
            match (there, wanted == Some(lane)) {
                (Some(false), true) => queue.update(|queue| queue.push(ticket)),
                (Some(true), false) => queue.update(|queue| queue.retain(|one| *one != ticket)),
                _ => {}
            }
        }
    }

    fn has(self, ticket: u32, most: usize) -> bool {
        let among = |queue: RwSignal<Vec<u32>>, most: usize| {
            queue.with(|queue| queue.iter().take(most).any(|one| *one == ticket))
        };
        among(self.endless, most) || among(self.bounded, most / AT_ONCE)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Lane {
    Endless,
    Bounded,
}

impl Lane {
    fn of(sql: &str) -> Self {
        match bounded::is_endless(sql) {
            true => Self::Endless,
            false => Self::Bounded,
        }
    }
}

impl Default for Lanes {
    fn default() -> Self {
        Self::new()
    }
}

fn most(base: &str) -> usize {
    match seat::is_multiplexed(base) {
        true => usize::MAX,
        false => AT_ONCE,
    }
}

#[derive(Clone, Copy)]
pub struct Feed {
    pub session: Session,
    /// Waits for another panel to finish reading.
    pub waiting: Signal<bool>,
    /// Why nothing runs, before a server was asked.
    pub unusable: Signal<Option<String>>,
    /// The statement that runs.
    pub sql: Signal<String>,
    again: RwSignal<u32>,
    active: Signal<bool>,
}

impl Feed {
    /// Runs `sql` while `active`; `Err`: why it cannot, in words. Without text nothing runs.
    pub fn new(lanes: Lanes, sql: Signal<Result<String, String>>, active: Signal<bool>) -> Self {
        let session = Session::new();
        session.set_limits(HELD);
        let endpoint = use_endpoint();
        let again = RwSignal::new(0u32);
        let ticket = lanes.join();
        let text = Memo::new(move |_| sql.get().unwrap_or_default());
        let limit = Memo::new(move |_| {
            endpoint.with(|endpoint| endpoint.as_ref().map_or(AT_ONCE, |e| most(&e.base)))
        });
        // What ended by itself gives its place away; a new statement takes one again.
        let ended = RwSignal::new(None::<(String, u32)>);
        Effect::new(move || {
            if matches!(session.state.get(), State::Finished | State::Failed) {
                ended.set(Some((text.get_untracked(), again.get_untracked())));
            }
        });
        let wanted = Memo::new(move |_| {
            let text = text.get();
            let over = ended
                .get()
                .is_some_and(|over| over == (text.clone(), again.get()));
            active.get() && !text.trim().is_empty() && !over
        });
        Effect::new(move || {
            let lane = text.with(|text| Lane::of(text));
            lanes.set(ticket, wanted.get().then_some(lane));
        });
        on_cleanup(move || lanes.set(ticket, None));
        let go = Memo::new(move |_| wanted.get() && lanes.has(ticket, limit.get()));
        let canceled = Memo::new(move |_| session.state.get() == State::Canceled);
        // What was run last, and whether it was left before its end. What others cancel stays so.
        let last = StoredValue::new(None::<(String, u32)>);
        let left = StoredValue::new(false);
        Effect::new(move || {
            let (go, text, round) = (go.get(), text.get(), again.get());
            let over = canceled.get();
            let Some(endpoint) = endpoint.get() else {
                return;
            };
            let live = session.state.with_untracked(|state| state.is_live());
            let now = (text.clone(), round);
            if go && last.with_value(|last| last.as_ref() != Some(&now)) {
                last.set_value(Some(now));
                left.set_value(false);
                session.run(endpoint, text);
            } else if go && over && left.get_value() {
                left.set_value(false);
                // What reads a table would send the same rows again.
                if Lane::of(&text) == Lane::Bounded {
                    return session.run(endpoint, text);
                }
                let from = session.read(|core| core.last_tp_time());
                session.run_on(from.map_or(text.clone(), |from| resume::from(&text, &from)));
            } else if !go && live {
                left.set_value(true);
                session.cancel();
            }
        });
        Self {
            session,
            waiting: Signal::derive(move || wanted.get() && !go.get()),
            unusable: Signal::derive(move || sql.get().err()),
            sql: text.into(),
            again,
            active,
        }
    }

    /// From the beginning.
    pub fn run_again(self) {
        self.again.update(|again| *again = again.wrapping_add(1));
    }

    /// Colour and word for the panel's head.
    pub fn state(self) -> (Tone, &'static str) {
        if self.unusable.with(Option::is_some) {
            return (Tone::Warn, "needs a value");
        }
        if self.waiting.get() {
            return (Tone::Neutral, "waiting");
        }
        match self.session.state.get() {
            State::Connecting if self.session.waiting.get() => (Tone::Neutral, "waiting"),
            State::Idle => (Tone::Neutral, "idle"),
            State::Connecting => (Tone::Accent, "connecting"),
            State::Running => (Tone::Good, "live"),
            State::Finished => (Tone::Neutral, "finished"),
            State::Canceled if !self.active.get() => (Tone::Neutral, "paused"),
            State::Canceled => (Tone::Warn, "canceled"),
            State::Failed => (Tone::Bad, "failed"),
            State::Disconnected => (Tone::Bad, "disconnected"),
        }
    }
}

/// Whether the element can be seen in a tab that can be seen.
pub fn in_view(node: NodeRef<html::Section>) -> Signal<bool> {
    let on_screen = RwSignal::new(false);
    let shown = RwSignal::new(!document().hidden());
    let changed = window_event_listener(leptos::ev::visibilitychange, move |_| {
        shown.set(!document().hidden());
    });
    on_cleanup(move || changed.remove());
    let watched = StoredValue::new_local(None::<Watch>);
    node.on_load(move |element| {
        let element: Element = element.unchecked_into();
        match Watch::new(&element, move |seen| {
            if on_screen.try_get_untracked().is_some_and(|now| now != seen) {
                on_screen.set(seen);
            }
        }) {
            Ok(watch) => watched.set_value(Some(watch)),
            // Without the observer every panel runs.
            Err(_) => on_screen.set(true),
        }
    });
    Signal::derive(move || on_screen.get() && shown.get())
}

struct Watch {
    observer: IntersectionObserver,
    alive: Rc<Cell<bool>>,
    _seen: Closure<dyn FnMut(js_sys::Array)>,
}

impl Watch {
    fn new(element: &Element, tell: impl Fn(bool) + 'static) -> Result<Self, JsValue> {
        let alive = Rc::new(Cell::new(true));
        let living = alive.clone();
        let seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let last = entries.get(entries.length().saturating_sub(1));
            if living.get() {
                tell(
                    last.unchecked_into::<IntersectionObserverEntry>()
                        .is_intersecting(),
                );
            }
        });
        let observer = IntersectionObserver::new(seen.as_ref().unchecked_ref())?;
        observer.observe(element);
        Ok(Self {
            observer,
            alive,
            _seen: seen,
        })
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.alive.set(false);
        self.observer.disconnect();
    }
}
