//! What will be done, before it is.

use leptos::{prelude::*, task::spawn_local};

use super::{Harm, Job, Work, items::Items, run::Run};
use crate::{
    connections::{use_capabilities, use_connection, use_endpoint},
    kit::dependents::dependents,
    ui::{Button, ButtonKind},
};

const LOOKING: &str = "Looking for dependents…";

#[component]
pub fn Plan(job: Job, run: Run, open: RwSignal<bool>) -> impl IntoView {
    let production = use_connection()
        .with_untracked(|connection| connection.as_ref().is_some_and(|it| it.production));
    let (typed, tag) = (RwSignal::new(String::new()), run.tag);
    let depends = use_dependents(&job);
    let tags = matches!(job.work, Work::Tag(_));
    let asks_number = job.harm != Harm::None && production;
    let count = job.items.len().to_string();
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
            run.start();
        }
    };
    let kind = match job.harm {
        Harm::Deletes => ButtonKind::Danger,
        Harm::None | Harm::Halts => ButtonKind::Primary,
    };
    let reason = match tags {
        true => "Enter the tag".to_string(),
        false => format!("Enter {count}"),
    };
    let action = format!("{} {}", job.verb, job.what());
    let line = |line: String| view! { <li>{line}</li> };
    let effects = job.effects.into_iter().map(line).collect_view();
    let for_good = (job.harm == Harm::Deletes).then_some("This cannot be undone.");
    let depends = move || {
        let lines = depends.get().unwrap_or_else(|| vec![LOOKING.into()]);
        let lines = lines.into_iter().chain(for_good.map(String::from));
        lines.map(line).collect_view()
    };
    view! {
        <form on:submit=submit>
            <ul class="consequences">{effects}{depends}</ul>
            {tags.then(|| view! { <label class="typed-name"><span>"Tag"</span>{input(tag)}</label> })}
            <Items progress=run.progress done_word=job.done />
            {asks_number.then(|| view! {
                <label class="typed-name">
                    <span>"This is a production system. Enter "<code>{count}</code>" to continue."</span>
                    {input(typed)}
                </label>
            })}
            <div class="dialog-actions">
                <Button autofocus=true on_click=move || open.set(false)>"Cancel"</Button>
                <Button kind submit=true disabled=blocked reason=reason>{action}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// None while they are looked for.
fn use_dependents(job: &Job) -> RwSignal<Option<Vec<String>>> {
    let depends = RwSignal::new(None::<Vec<String>>);
    if job.harm == Harm::None {
        depends.set(Some(Vec::new()));
        return depends;
    }
    let (endpoint, can) = (use_endpoint(), use_capabilities());
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
    depends
}

fn input(text: RwSignal<String>) -> impl IntoView {
    view! {
        <input
            class="input" autocomplete="off" spellcheck="false"
            prop:value=text
            on:input:target=move |event| text.set(event.target().value())
        />
    }
}
