//! Asks before something is done to many, does it, and says what came of each.

use leptos::prelude::*;

use super::{Job, items::Items, plan::Plan, progress::State, run::Run};
use crate::ui::{
    Button, ButtonKind, Dialog,
    lazy::{Lazy, lazy},
};

type Begun = (Job, RwSignal<bool>, Callback<Vec<String>>);

const DOING: Lazy<Begun> = lazy!(bulk: Begun => |(job, open, changed)| {
    let run = Run::new(job.clone(), open, changed);
    let done_word = job.done;
    (move || match run.begun.get() {
        true => view! { <Running run open done_word /> }.into_any(),
        false => view! { <Plan job=job.clone() run open /> }.into_any(),
    })
    .into_any()
});

/// Open while there is a job; `changed` is told of the keys that were done.
#[component]
pub fn BulkDialog(job: RwSignal<Option<Job>>, changed: Callback<Vec<String>>) -> impl IntoView {
    let open = RwSignal::new(false);
    // With its code there: a dialog gives the focus to what is in it when it opens.
    Effect::new(move || match job.with(Option::is_some) {
        true => DOING.fetched(move || {
            if job.try_with_untracked(Option::is_some) == Some(true) {
                open.try_set(true);
            }
        }),
        false => open.set(false),
    });
    Effect::new(move |before: Option<bool>| {
        let now = open.get();
        if before == Some(true) && !now {
            job.set(None);
        }
        now
    });
    let title =
        Signal::derive(move || job.with(|job| job.as_ref().map(Job::question).unwrap_or_default()));
    let body = move || match job.get_untracked() {
        Some(job) => DOING.show((job, open, changed)),
        None => ().into_any(),
    };
    view! { <Dialog open title brief=true children=body /> }.into_any()
}

/// How far it is, and what came of each when it is over.
#[component]
fn Running(run: Run, open: RwSignal<bool>, done_word: &'static str) -> impl IntoView {
    let Run {
        progress,
        busy,
        stop,
        ..
    } = run;
    let status = move || {
        progress.with(|progress| {
            let done = progress.count(|state| *state == State::Done);
            let failed = progress.count(|state| matches!(state, State::Failed(_)));
            let waiting = progress.count(|state| *state == State::Waiting);
            let mut words = format!("{done} of {} {done_word}", progress.items.len());
            if failed > 0 {
                words += &format!(", {failed} failed");
            }
            if !busy.get() && waiting > 0 {
                words += &format!(", {waiting} not started");
            }
            words
        })
    };
    let left = move || progress.with(|progress| progress.count(|state| *state != State::Done)) > 0;
    let buttons = move || {
        match busy.get() {
        true => {
            view! { <Button on_click=move || stop.set(true)>"Cancel remaining"</Button> }.into_any()
        }
        false => view! {
            <Button on_click=move || open.set(false)>"Close"</Button>
            {left().then(|| view! { <Button kind=ButtonKind::Primary on_click=move || run.retry()>"Retry"</Button> })}
        }
        .into_any(),
    }
    };
    view! {
        <p role="status">{status}</p>
        <Items progress done_word />
        <div class="dialog-actions">{buttons}</div>
    }
    .into_any()
}
