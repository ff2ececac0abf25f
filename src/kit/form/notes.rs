//! What a form says over its fields, and asks before it is sent.

use leptos::prelude::*;
use weir_api::FieldError;

use super::super::drafts::Restored;
use crate::{
    text::coded,
    ui::{Banner, Button, ButtonKind, Confirm, Tone},
};

/// Complaints about fields that the page does not show.
#[component]
pub fn Homeless(all: Vec<FieldError>) -> impl IntoView {
    let lines: Vec<_> = all
        .into_iter()
        .map(|error| view! { <li>{(!error.field.is_empty()).then(|| view! { <code>{coded(&error.field)}</code> ": " })} {coded(&error.message)}</li> })
        .collect();
    view! {
        <Banner tone=Tone::Bad>
            <strong>"The server rejected the request"</strong>
            <ul>{lines}</ul>
        </Banner>
    }
    .into_any()
}

#[component]
pub fn Dependents(all: Vec<String>) -> impl IntoView {
    let lines = all.into_iter().map(|line| view! { <li>{line}</li> });
    let lines = lines.collect_view();
    view! {
        <Banner tone=Tone::Accent>
            "Affected by a change:"
            <ul>{lines}</ul>
        </Banner>
    }
    .into_any()
}

#[component]
pub fn RestoredNote(restored: RwSignal<Restored>, start_over: Callback<()>) -> impl IntoView {
    let press = move || {
        restored.set(Restored::No);
        start_over.run(());
    };
    let (tone, more) = match restored.get_untracked() {
        Restored::Outdated => (
            Tone::Warn,
            "This was changed on the server. Saving overwrites that change. ",
        ),
        _ => (Tone::Accent, ""),
    };
    view! {
        <Banner tone>
            "Unsaved input from your last visit was restored. " {more}
            <Button kind=ButtonKind::Quiet on_click=press>"Start over"</Button>
        </Banner>
    }
    .into_any()
}

/// Before the change of somebody else is overwritten; with what is asked anyway.
pub fn overwrites(changes: Vec<String>, question: Option<Confirm>) -> Confirm {
    let lost = "Saving overwrites this change. Cancel keeps your input.";
    let mut consequences = changes;
    consequences.push(lost.into());
    consequences.extend(question.into_iter().flat_map(|asked| asked.consequences));
    Confirm {
        title: "This was changed since you opened it. Overwrite?".into(),
        consequences,
        action: "Overwrite".into(),
        danger: true,
        type_name: None,
    }
}
