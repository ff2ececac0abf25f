//! What a person can do after the connection broke: nothing is run again by itself.

use leptos::prelude::*;

use super::{
    core::State,
    resume,
    session::{Offer, Session},
};
use crate::ui::{Banner, Button, ErrorBanner, Tone, number, time};

/// The problem of a session and the ways on from it.
#[component]
pub fn SessionBanner(session: Session) -> impl IntoView {
    view! {
        <ErrorBanner error=session.problem />
        <ExtraCells session />
        <Notices session />
        {move || {
            let broken = session.state.get() == State::Disconnected || session.offer.with(Option::is_some);
            broken.then(|| view! { <Broken session /> })
        }}
    }
    .into_any()
}

/// Rows were longer than the header says.
#[component]
fn ExtraCells(session: Session) -> impl IntoView {
    let extra = Memo::new(move |_| session.facts.with(|facts| facts.extra_cells));
    view! {
        <Show when=move || extra.get() != 0>
            <Banner tone=Tone::Warn>
                {move || {
                    let cells = number::plural(extra.get(), "cell", "cells");
                    format!("{cells} without a column are not shown")
                }}
            </Banner>
        </Show>
    }
}

/// What was asked for and changes nothing on this server.
#[component]
fn Notices(session: Session) -> impl IntoView {
    let notices = Memo::new(move |_| {
        session.query_id.track();
        session.state.track();
        session.read(|core| {
            let query = core.query.as_ref();
            query.map_or_else(|| core.notices.clone(), |query| query.notices.clone())
        })
    });
    view! {
        <Show when=move || notices.with(|notices| !notices.is_empty())>
            <Banner tone=Tone::Neutral>{move || notices.with(|notices| notices.join(". "))}</Banner>
        </Show>
    }
}

/// What happened, in a line.
fn headline(state: State, words: Option<&str>) -> String {
    let server = |words: &str| match words {
        "" => "The server ended the query".to_string(),
        words => format!("The server ended the query: {words}"),
    };
    match (state, words) {
        (State::Disconnected, Some(words)) => format!("The connection was lost. {}", server(words)),
        (_, Some(words)) => server(words),
        (_, None) => "The connection was lost while the query was running".into(),
    }
}

#[component]
fn Broken(session: Session) -> impl IntoView {
    let headline = session.read(|core| headline(core.state, core.ended_elsewhere.as_deref()));
    let now = time::use_now();
    let way_on =
        move || match session.offer.get()? {
            Offer::Attach(retry) => {
                let when = move || match ((retry.at - now.get()) / 1e3).ceil() {
                    seconds if seconds > 0.0 => format!("in {seconds} s"),
                    _ => "now".into(),
                };
                Some(view! {
                    <p>
                        "The query may still be running. Reattaching "
                        <span class="tabular">{when}</span> " (attempt " {retry.attempt + 1} ")."
                    </p>
                    <div class="actions">
                        <Button on_click=move || session.attach_now()>"Reattach now"</Button>
                        <Button on_click=move || session.stop_reading()>"Stop trying"</Button>
                    </div>
                }.into_any())
            }
            Offer::RunAgain => Some(view! { <RunAgain session /> }.into_any()),
        };
    view! {
        <Banner tone=Tone::Warn>
            <strong>{headline}</strong>
            {way_on}
        </Banner>
    }
}

#[component]
fn RunAgain(session: Session) -> impl IntoView {
    let sql = session.sql.get_untracked();
    let from = session.read(|core| core.last_tp_time());
    let from = from.filter(|_| !sql.is_empty());
    let again = from.map(|from| (resume::from(&sql, &from), from));
    let whole = sql.clone();
    view! {
        <p>"The server cannot resume it. The received rows are kept; nothing runs again unless you start it."</p>
        {again.is_some().then(|| view! {
            <p>"Run again from the last " <code>"_tp_time"</code> "; rows of that instant may repeat."</p>
        })}
        <div class="actions">
            {again.map(|(sql, from)| view! {
                <Button on_click=move || session.run_on(sql.clone())>
                    {format!("Run again from {from}")}
                </Button>
            })}
            <Show when={let sql = sql.clone(); move || !sql.is_empty()}>
                <Button on_click={let whole = whole.clone(); move || session.run_on(whole.clone())}>
                    "Run again from now"
                </Button>
            </Show>
            <Button on_click=move || session.stop_reading()>"Dismiss"</Button>
        </div>
    }
    .into_any()
}
