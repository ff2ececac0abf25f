//! Asks before something is done to many, does it, and says what came of each.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use weir_api::ApiError;

use super::{
    Work,
    progress::{Progress, State},
};
use crate::{
    connections::{use_capabilities, use_connection, use_endpoint},
    errors,
    http::{self, Endpoint},
    kit::{capital, dependents::dependents},
    text::visible,
    ui::{
        Button, ButtonKind, Dialog, Tone,
        lazy::{Lazy, lazy},
        number::plural,
        use_toasts,
    },
};

/// What shall be done, to which.
#[derive(Clone)]
pub struct Job {
    /// For example `Delete`.
    pub verb: &'static str,
    /// For example `deleted`.
    pub done: &'static str,
    pub one: &'static str,
    pub many: &'static str,
    /// Keys and names.
    pub items: Vec<(String, String)>,
    pub work: Work,
    /// What it means, a sentence each.
    pub effects: Vec<String>,
    /// Deletes: what depends on them is told, and their number is typed on a production system.
    pub deletes: bool,
}

impl Job {
    /// For a button: `data object`, `12 data objects`.
    fn what(&self) -> String {
        match self.items.len() {
            1 => self.one.into(),
            several => plural(several as u64, self.one, self.many),
        }
    }

    /// For a heading: `Delete data object x?`.
    fn question(&self) -> String {
        let name = match self.items.as_slice() {
            [(_, name)] => format!(" {name}"),
            _ => String::new(),
        };
        format!("{} {}{name}?", self.verb, self.what())
    }
}

type Begun = (Job, RwSignal<bool>, Callback<Vec<String>>);

const DOING: Lazy<Begun> = lazy!(bulk: Begun => |(job, open, changed)| {
    view! { <Doing job open changed /> }.into_any()
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

const LOOKING: &str = "Looking for what depends on them …";

#[component]
fn Doing(job: Job, open: RwSignal<bool>, changed: Callback<Vec<String>>) -> impl IntoView {
    let (endpoint, can, toasts) = (use_endpoint(), use_capabilities(), use_toasts());
    let production = use_connection()
        .with_untracked(|connection| connection.as_ref().is_some_and(|it| it.production));
    let progress = RwSignal::new(Progress::new(job.items.clone(), job.deletes));
    let begun = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let stop = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let depends = RwSignal::new(None::<Vec<String>>);
    if job.deletes {
        let keys: Vec<String> = job.items.iter().map(|(key, _)| key.clone()).collect();
        let one = job.one;
        spawn_local(async move {
            let found = match endpoint.get_untracked() {
                Some(endpoint) => dependents(&endpoint, can.get_untracked(), one, &keys).await,
                None => Vec::new(),
            };
            // The dialog may be closed meanwhile.
            depends.try_set(Some(found));
        });
    } else {
        depends.set(Some(Vec::new()));
    }
    let (one, verb, done_word, what) = (job.one, job.verb, job.done, job.what());
    let (work, many) = (job.work.clone(), job.many);
    let tags = matches!(work, Work::Tag(_));
    let tag = RwSignal::new(String::new());
    let run = Rc::new(move || {
        let Some(endpoint) = endpoint.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        begun.set(true);
        busy.set(true);
        stop.set(false);
        let (work, tag) = (work.clone(), tag.get_untracked().trim().to_string());
        spawn_local(async move {
            let mut sent = Vec::new();
            while stop.try_get_untracked() == Some(false) {
                let next = progress.try_update(Progress::next).flatten();
                let Some((at, key)) = next else { break };
                let result = done(&endpoint, &work, &key, &tag).await;
                let result = result.map_err(|error| errors::words(&error).sentence());
                if result.is_ok() {
                    sent.push(key);
                }
                progress.try_update(|progress| progress.finish(at, result));
            }
            // Closed while it ran: the page shows what was done all the same, unless it is left too.
            if busy.try_set(false).is_some() {
                let words = plural(sent.len() as u64, one, many);
                toasts.error(format!(
                    "Canceled: {words} {done_word}, the others were not started"
                ));
                changed.try_run(sent);
                return;
            }
            let done = progress.with_untracked(Progress::done);
            let all = progress.with_untracked(|progress| progress.items.len());
            let name = progress.with_untracked(|progress| {
                progress
                    .items
                    .first()
                    .map(|it| it.name.clone())
                    .unwrap_or_default()
            });
            if !done.is_empty() {
                changed.run(done.clone());
            }
            if done.len() == all {
                open.set(false);
                toasts.success(match all {
                    1 => format!("{} {name} {done_word}", capital(one)),
                    all => format!("{} {done_word}", plural(all as u64, one, many)),
                });
            }
        });
    });
    let run = StoredValue::new_local(run);
    let count = job.items.len().to_string();
    let asks_number = job.deletes && production;
    let blocked = {
        let count = count.clone();
        Signal::derive(move || {
            asks_number && typed.with(|typed| *typed != count)
                || tags && tag.with(|tag| tag.trim().is_empty())
        })
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !blocked.get_untracked() {
            run.with_value(|run| run());
        }
    };
    let kind = match job.deletes {
        true => ButtonKind::Danger,
        false => ButtonKind::Primary,
    };
    let action = StoredValue::new(format!("{verb} {what}"));
    let effects = job.effects.clone();
    let reason = match tags {
        true => "Type the tag first".to_string(),
        false => format!("Type {count} first"),
    };
    let plan = move || {
        let (effects, count, reason) = (effects.clone(), count.clone(), reason.clone());
        let looking = move || {
            let lines = depends.get().unwrap_or_else(|| vec![LOOKING.into()]);
            let lines = lines.into_iter().map(|line| view! { <li>{line}</li> });
            lines.collect_view()
        };
        view! {
            <form on:submit=submit>
                <ul class="consequences">
                    {effects.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
                    {looking}
                </ul>
                {tags.then(|| view! {
                    <label class="typed-name">
                        <span>"Tag"</span>
                        <input
                            class="input" autocomplete="off" spellcheck="false"
                            prop:value=tag
                            on:input:target=move |event| tag.set(event.target().value())
                        />
                    </label>
                })}
                <Items progress done_word />
                {asks_number.then(|| view! {
                    <label class="typed-name">
                        <span>"This is a production system. Type "<code>{count}</code>" to continue."</span>
                        <input
                            class="input" autocomplete="off" spellcheck="false"
                            prop:value=typed
                            on:input:target=move |event| typed.set(event.target().value())
                        />
                    </label>
                })}
                <div class="dialog-actions">
                    <Button autofocus=true on_click=move || open.set(false)>"Cancel"</Button>
                    <Button kind submit=true disabled=blocked reason=reason>{action.get_value()}</Button>
                </div>
            </form>
        }
        .into_any()
    };
    let failed = Memo::new(move |_| {
        progress.with(|progress| progress.count(|state| matches!(state, State::Failed(_))))
    });
    let status = move || {
        progress.with(|progress| {
            let done = progress.count(|state| *state == State::Done);
            let waiting = progress.count(|state| *state == State::Waiting);
            let mut words = format!("{done} of {} {done_word}", progress.items.len());
            if failed.get() > 0 {
                words += &format!(", {} failed", failed.get());
            }
            if !busy.get() && waiting > 0 {
                words += &format!(", {waiting} not started");
            }
            words
        })
    };
    let again = move || {
        progress.update(Progress::retry);
        run.with_value(|run| run());
    };
    let left = move || progress.with(|progress| progress.count(|state| *state != State::Done)) > 0;
    let running = move || {
        view! {
            <p role="status">{status}</p>
            <Items progress done_word />
            <div class="dialog-actions">
                {move || match busy.get() {
                    true => view! { <Button on_click=move || stop.set(true)>"Cancel the rest"</Button> }.into_any(),
                    false => view! {
                        <Button on_click=move || open.set(false)>"Close"</Button>
                        {left().then(|| view! { <Button kind=ButtonKind::Primary on_click=again>"Retry"</Button> })}
                    }
                    .into_any(),
                }}
            </div>
        }
        .into_any()
    };
    (move || if begun.get() { running() } else { plan() }).into_any()
}

async fn done(endpoint: &Endpoint, work: &Work, key: &str, tag: &str) -> Result<(), ApiError> {
    let request = match work {
        Work::Send(request) => Some(request(key.to_string())?),
        Work::Tag(tagging) => {
            let answer = http::send(endpoint, (tagging.get)(key)).await?;
            (tagging.tagged)(&answer, tag)?
        }
    };
    match request {
        Some(request) => http::send(endpoint, request).await.map(drop),
        None => Ok(()),
    }
}

/// Names that are shown; the numbers tell of all.
const SHOWN: usize = 200;

/// What failed stands first, with its reason.
#[component]
fn Items(progress: RwSignal<Progress>, done_word: &'static str) -> impl IntoView {
    let lines = move || {
        progress.with(|progress| {
            let failed = |state: &State| matches!(state, State::Failed(_));
            let (first, rest): (Vec<_>, Vec<_>) =
                progress.items.iter().partition(|item| failed(&item.state));
            let all = first.into_iter().chain(rest).take(SHOWN);
            let lines = all.map(|item| {
                let (tone, words) = match &item.state {
                    State::Waiting => (None, String::new()),
                    State::Running => (Some(Tone::Accent), "running".to_string()),
                    State::Done => (Some(Tone::Good), done_word.to_string()),
                    State::Failed(words) => (Some(Tone::Bad), words.clone()),
                };
                let tone = tone.map(Tone::as_str);
                view! { <li><span>{visible(&item.name).into_owned()}</span>" "<span class="bulk-state" data-tone=tone>{words}</span></li> }
            });
            lines.collect_view()
        })
    };
    let more = move || {
        let all = progress.with(|progress| progress.items.len());
        (all > SHOWN).then(|| view! { <p>{format!("and {} more", all - SHOWN)}</p> })
    };
    view! {
        <ul class="bulk-items" tabindex="0" aria-label="Each of them">{lines}</ul>
        {more}
    }
    .into_any()
}
