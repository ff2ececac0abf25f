//! What a panel says while it has nothing to show, or when something went wrong.

use leptos::prelude::*;

use super::Inside;
use crate::{
    dashboards::kind::Kind,
    errors,
    live::{core::State, session::Offer, tools},
    ui::{Button, Icon, IconName},
};

pub fn view(inside: Inside) -> AnyView {
    let feed = inside.feed;
    let session = feed.session;
    let empty = Memo::new(move |_| session.facts.with(|facts| facts.shown == 0));
    // A text is there without rows.
    let prose = Memo::new(move |_| inside.panel.with(Kind::of) == Kind::Markdown);
    let trouble = move || {
        if let Some(words) = feed.unusable.get() {
            return Some((words, false));
        }
        let error = session
            .problem
            .get()
            .map(|error| errors::words(&error).sentence());
        match session.state.get() {
            State::Failed => Some((error.unwrap_or_else(|| "The query failed.".into()), true)),
            State::Canceled | State::Disconnected
                if session.read(|core| core.ended_elsewhere.is_some()) =>
            {
                let words = session.read(|core| core.ended_elsewhere.clone());
                let words = words.unwrap_or_default();
                Some((format!("The server ended the query. {words}"), true))
            }
            State::Disconnected => {
                let again = matches!(session.offer.get(), Some(Offer::RunAgain));
                let words = if again {
                    "The connection was lost while the query was running."
                } else {
                    "Connection lost. Reconnecting…"
                };
                Some((words.into(), true))
            }
            _ => error.map(|error| (error, true)),
        }
    };
    let unanswered = tools::unanswered(session);
    let quiet = move || {
        let words = match session.state.get() {
            _ if !empty.get() || prose.get() || trouble().is_some() => return None,
            _ if feed.waiting.get() => {
                "Waiting for a connection: over HTTP/1.1 a browser runs only a few live queries at once. This panel starts when another one ends or leaves the screen."
            }
            _ if feed.sql.with(|sql| sql.trim().is_empty()) => "No statement yet.",
            State::Connecting => unanswered.get(),
            State::Idle => "Waiting for the server…",
            State::Running => "Live. No rows yet.",
            State::Finished => "Finished. No rows.",
            _ => return None,
        };
        Some(view! { <p class="dash-note over">{words}</p> })
    };
    let failed = move || {
        let (words, again) = trouble()?;
        Some(view! {
            <div class="dash-trouble" role="alert">
                <Icon name=IconName::Warning />
                <p>{words}</p>
                {again.then(|| view! { <Button on_click=move || feed.run_again()>"Run again"</Button> })}
            </div>
        })
    };
    view! { {quiet} {failed} }.into_any()
}
