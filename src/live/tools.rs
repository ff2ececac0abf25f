//! The buttons over a live result.

use leptos::prelude::*;

use super::{core::State, older, session::Session};
use crate::{
    errors::HELD_BACK,
    ui::{Button, ButtonKind, Icon, IconName, number, time},
};

const QUEUED: &str = "Waiting for a connection: other tabs of this console have reached the browser's connection limit. The query starts when one of theirs ends.";

/// Milliseconds without an answer after which that is said.
const LATE: f64 = 5_000.0;

/// Pause or resume, follow, clear, the timeline.
#[component]
pub fn LiveTools(session: Session, timeline: RwSignal<bool>) -> impl IntoView {
    let paused = session.paused;
    let toggle = move || {
        if paused.get_untracked() {
            session.follow();
        } else {
            session.pause();
        }
    };
    let over = Signal::derive(move || !session.state.get().is_live() && !paused.get());
    let empty = Signal::derive(move || session.facts.with(|facts| facts.shown == 0));
    let has_older = older::has_older(session);
    let toggle_older = move || {
        session
            .older
            .update(|rows| *rows = if *rows == 0 { older::PAGE } else { 0 });
    };
    view! {
        <div class="live-tools">
            <Button
                kind=ButtonKind::Quiet
                disabled=over
                reason="No query is running"
                on_click=toggle
            >
                {move || {
                    if paused.get() {
                        view! { <Icon name=IconName::Play /> "Resume" }.into_any()
                    } else {
                        view! { <Icon name=IconName::Pause /> "Pause" }.into_any()
                    }
                }}
            </Button>
            <Button
                kind=ButtonKind::Quiet
                pressed=Signal::derive(move || session.following.get())
                on_click=move || {
                    if session.following.get_untracked() { session.hold() } else { session.follow() }
                }
            >
                "Follow"
            </Button>
            <Show when=move || { paused.get() && session.facts.with(|facts| facts.waiting > 0) }>
                <Button kind=ButtonKind::Quiet on_click=move || session.step()>"Next row"</Button>
            </Show>
            <Button
                kind=ButtonKind::Quiet
                disabled=empty
                reason="No rows"
                on_click=move || session.clear()
            >
                "Clear"
            </Button>
            <Button
                kind=ButtonKind::Quiet
                pressed=Signal::derive(move || timeline.get())
                on_click=move || timeline.update(|open| *open = !*open)
            >
                "Timeline"
            </Button>
            <Show when=move || has_older.get()>
                <Button
                    kind=ButtonKind::Quiet
                    pressed=Signal::derive(move || session.older.get() > 0)
                    on_click=toggle_older
                >
                    "Load older"
                </Button>
            </Show>
        </div>
    }
    .into_any()
}

/// Over the grid's lower edge while rows arrive that are not shown.
#[component]
pub fn NewRows(session: Session) -> impl IntoView {
    let waiting = Memo::new(move |_| session.facts.with(|facts| facts.waiting));
    view! {
        <Show when=move || waiting.get() != 0>
            <button type="button" class="new-rows" on:click=move |_| session.follow()>
                {move || number::plural(waiting.get(), "new row", "new rows")}
            </button>
        </Show>
    }
}

/// What stands in the grid's place while it has no rows.
#[component]
pub fn NoRows(session: Session, #[prop(into)] idle: String) -> impl IntoView {
    let empty = Memo::new(move |_| session.facts.with(|facts| facts.shown == 0));
    let columns = move || {
        session.header.get() > 0 && session.read(|core| !core.rows.shown().columns().is_empty())
    };
    let unanswered = unanswered(session);
    let text = move || match session.state.get() {
        State::Idle => idle.clone(),
        State::Connecting => unanswered.get().into(),
        State::Running => "Running. No rows yet.".into(),
        State::Disconnected => "Disconnected before the first row.".into(),
        State::Canceled => "Canceled. No rows.".into(),
        State::Failed => "Failed.".into(),
        State::Finished if columns() => "Finished. No rows.".into(),
        State::Finished => {
            let took = session.read(|core| core.ended_at.unwrap_or(core.asked_at) - core.asked_at);
            format!("Done in {}.", time::span(took))
        }
    };
    view! {
        <div class="no-rows" class:hidden=move || !empty.get()>
            <p>{text}</p>
        </div>
    }
}

/// What is said until the first answer.
pub fn unanswered(session: Session) -> Signal<&'static str> {
    let now = time::use_now();
    Signal::derive(move || {
        let waited = now.get() - session.read(|core| core.asked_at);
        connecting(session.waiting.get(), waited)
    })
}

/// `waited` in milliseconds.
fn connecting(queued: bool, waited: f64) -> &'static str {
    match queued {
        true => QUEUED,
        false if waited > LATE => HELD_BACK,
        false => "Waiting for the server…",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_held_back_is_told_after_five_seconds() {
        assert_eq!(connecting(false, 4_999.0), "Waiting for the server…");
        assert!(connecting(false, 5_001.0).contains("a proxy holds back"));
        assert!(connecting(true, 60_000.0).starts_with("Waiting for a connection"));
    }
}
