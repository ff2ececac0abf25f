//! The pages with a form: of a new one, and of one that is there.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use super::{
    super::{
        Edited, FieldGroup, Form, FormView, Resource,
        address::use_key,
        code, drafts,
        form::Meanwhile,
        notice::{Unread, Waiting},
        page_name::PageName,
        use_load,
    },
    connection,
    meanwhile::changed,
    path,
    saved::{Outcome, own_account, use_dependents, use_saved},
};
use crate::{connections::use_capabilities, paths, text::visible, ui::ErrorBanner};

pub fn create_page<S: Resource>() -> AnyView {
    let connection = connection();
    form::<S>(
        connection.clone(),
        Edited::New,
        format!("Create {}", S::SPEC.names.one),
        paths::section(&connection, S::SPEC.names.segment),
        Vec::new(),
    )
}

/// Fetched once: what somebody types is not overwritten by what changes on the server.
pub fn edit_page<S: Resource>() -> AnyView {
    let key = use_key();
    (move || edit::<S>(connection(), key.get())).into_any()
}

fn edit<S: Resource>(connection: String, key: String) -> AnyView {
    let model = RwSignal::new(None::<S::Model>);
    let accept = Callback::new(move |body: Vec<u8>| {
        let answer = (S::SPEC.read)(&body)?;
        if model.with_untracked(Option::is_none) {
            model.set(Some(answer));
        }
        Ok(())
    });
    let asked = key.clone();
    let load = use_load(
        Signal::derive(move || S::SPEC.calls.get(&asked)),
        None,
        accept,
    );
    (move || match model.get() {
        Some(model) => {
            let name = S::SPEC.name(&model).to_string();
            let title = format!("Edit {}", visible(&name));
            PageName::tell(key.clone(), Signal::stored(name));
            form::<S>(
                connection.clone(),
                Edited::Existing(model),
                title,
                path::<S>(&connection, &key),
                load.unread.get_untracked(),
            )
        }
        None => view! {
            <div class="page">
                <header class="page-head"><h1>{format!("Edit {}", visible(&key))}</h1></header>
                <ErrorBanner error=load.page_error() />
                <Waiting load />
            </div>
        }
        .into_any(),
    })
    .into_any()
}

fn form<S: Resource>(
    connection: String,
    edited: Edited<S::Model>,
    title: String,
    cancel: String,
    unread: Vec<String>,
) -> AnyView {
    let place = use_location().pathname.get_untracked();
    let (start, action) = match &edited {
        Edited::New => (S::Draft::default(), format!("Create {}", S::SPEC.names.one)),
        Edited::Existing(model) => ((S::SPEC.draft)(model), "Save changes".into()),
    };
    let typed = drafts::use_draft(place, start);
    let (draft, first, discard) = (typed.draft, typed.first, typed.discard);
    let start_over = Callback::new(move |()| {
        discard.run(());
        draft.set(first.get_value());
    });
    let (mut sections, aside) = (
        (S::SPEC.fields)(draft, &edited),
        (S::SPEC.aside)(draft, &edited),
    );
    if !unread.is_empty() {
        // What the form does not hold is lost when it is saved.
        let parts = Signal::stored(unread);
        sections.insert(0, FieldGroup::new("", move || view! { <Unread parts /> }));
    }
    let can = use_capabilities();
    // As it was sent: what is typed while the answer is awaited is not what was made.
    let sent = StoredValue::new(S::Draft::default());
    let existing = match &edited {
        Edited::New => None,
        Edited::Existing(model) => Some((
            (S::SPEC.key)(model).to_string(),
            S::SPEC.name(model).to_string(),
        )),
    };
    let written = {
        let edited = edited.clone();
        let name = existing.as_ref().map_or("new", |(_, name)| name);
        let name = name.to_string();
        Callback::new(move |()| {
            draft.with_untracked(|draft| {
                code::definition::<S>(&name, draft, &edited, can.get_untracked())
            })
        })
    };
    let (mut question, mut depends, mut meanwhile) = (None, Signal::stored(Vec::new()), None);
    if let (Edited::Existing(model), Some((key, _))) = (&edited, &existing) {
        question = S::SPEC.of_oneself.and_then(|_| own_account(key));
        depends = use_dependents(S::SPEC.names.one, key.clone());
        let before = model.clone();
        meanwhile = Some(Meanwhile {
            request: S::SPEC.calls.get(key),
            changed: Callback::new(move |body: Vec<u8>| {
                let now = (S::SPEC.read)(&body).ok()?;
                first.with_value(|first| changed::<S>(first, &before, &now, can.get_untracked()))
            }),
        });
    }
    let requests = Callback::new(move |()| {
        draft.with_untracked(|draft| {
            sent.set_value(draft.clone());
            S::SPEC.requests(draft, &edited, can.get_untracked())
        })
    });
    let saved = use_saved(connection, S::SPEC.names);
    let done = Callback::new(move |body: Vec<u8>| {
        typed.end.run(());
        let is_new = existing.is_none();
        let (key, name) = existing.clone().unwrap_or_else(|| {
            let key = sent.with_value(|sent| S::SPEC.made(sent, &body));
            let model = (S::SPEC.read)(&body).ok();
            let name = model.map(|model| S::SPEC.name(&model).to_string());
            let name = name.filter(|name| !name.is_empty());
            (key.clone(), name.unwrap_or(key))
        });
        let pending = (S::SPEC.pending)(&body);
        saved.run(Outcome {
            key,
            name,
            is_new,
            pending,
        });
    });
    let form = Form {
        title,
        action,
        cancel,
        sections,
        dirty: typed.dirty.into(),
        discard,
        start_over,
        restored: typed.restored,
        requests,
        done,
        taken: S::SPEC.name_field,
        steps: S::SPEC.steps_field,
        aside,
        written: Some(written),
        question,
        depends,
        meanwhile,
    };
    view! { <FormView form /> }.into_any()
}
