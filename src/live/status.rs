//! The status line: what arrived, what is to be seen, what is gone. Always visible; screen readers
//! hear changes of the state only, not every row.

use leptos::prelude::*;

use super::{core::State, session::Session};
use crate::{
    text::capital,
    ui::{State as StateDot, Tone, number, time},
};

fn tone(state: State) -> Tone {
    match state {
        State::Running => Tone::Good,
        State::Connecting => Tone::Accent,
        State::Failed | State::Disconnected => Tone::Bad,
        State::Canceled => Tone::Warn,
        State::Idle | State::Finished => Tone::Neutral,
    }
}

/// `paused` stands in for `running` while the person holds the view by the button.
pub fn word(session: Session) -> Signal<String> {
    Signal::derive(move || {
        let state = session.state.get();
        if session.waiting.get() && state == State::Connecting {
            return "waiting".into();
        }
        if session.paused.get() && state == State::Running {
            return "paused".into();
        }
        state.word().into()
    })
}

/// The colour of [`word`].
pub fn tone_of(session: Session) -> Signal<Tone> {
    Signal::derive(move || {
        if session.paused.get() && session.state.get() == State::Running {
            Tone::Warn
        } else {
            tone(session.state.get())
        }
    })
}

/// `named`: scripts find the figures by `data-live`; of several status lines on a page only the
/// one in view bears these names.
#[component]
pub fn StatusLine(
    session: Session,
    #[prop(default = Signal::stored(true), into)] named: Signal<bool>,
) -> impl IntoView {
    let named = move |name: &'static str| move || named.get().then_some(name);
    let facts = session.facts;
    let count = move |name: &'static str, read: fn(&super::session::Facts) -> u64| {
        let value = Memo::new(move |_| facts.with(read));
        view! {
            <div class="status-figure">
                <dt>{capital(name)}</dt>
                <dd data-live=named(name) data-value=move || value.get()>
                    {move || number::count(value.get())}
                </dd>
            </div>
        }
    };
    let word = word(session);
    let tone = tone_of(session);
    let rate = Memo::new(move |_| facts.with(|facts| number::rate(facts.rate, "rows")));
    let lag =
        Memo::new(move |_| facts.with(|facts| facts.lag.map_or_else(|| "–".into(), time::span)));
    let held = Memo::new(move |_| facts.with(|facts| number::bytes(facts.bytes)));
    view! {
        <div class="status-line">
            <div role="status" aria-live="polite" data-live=named("state") class="status-state">
                <StateDot tone word />
            </div>
            <dl>
                {count("received", |facts| facts.received)}
                {count("shown", |facts| facts.shown)}
                {count("dropped", |facts| facts.dropped)}
                <div class="status-figure status-rate">
                    <dt>"Rate"</dt>
                    <dd data-live=named("rate")>{move || rate.get()}</dd>
                </div>
                <div class="status-figure status-lag">
                    <dt title="Time since the newest event that the server has read">"Lag"</dt>
                    <dd data-live=named("lag")>{move || lag.get()}</dd>
                </div>
                <div class="status-figure status-held">
                    <dt>"Memory"</dt>
                    <dd>{move || held.get()}</dd>
                </div>
            </dl>
        </div>
    }
    .into_any()
}
