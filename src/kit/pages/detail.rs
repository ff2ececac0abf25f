//! The page of one.

use leptos::prelude::*;
use leptos_router::NavigateOptions;

use super::{
    super::{
        Actions, Detail, Load, Resource, address::use_key, code, created::Created,
        detail::DetailView, use_load, use_named_deletion,
    },
    connection,
};
use crate::{
    connections::use_capabilities,
    paths,
    text::capital,
    ui::{Button, ChangeLink, Empty},
};

pub fn detail_page<S: Resource>() -> AnyView {
    let key = use_key();
    (move || detail::<S>(connection(), key.get())).into_any()
}

fn detail<S: Resource>(connection: String, key: String) -> AnyView {
    const EVERY: std::time::Duration = std::time::Duration::from_secs(30);
    if key.is_empty() {
        return view! { <Empty title=format!("{} not found", capital(S::SPEC.names.one)) /> }
            .into_any();
    }
    let model = RwSignal::new(None::<S::Model>);
    let accept = Callback::new(move |body: Vec<u8>| {
        let answer = (S::SPEC.read)(&body)?;
        if model.with_untracked(|old| old.as_ref() != Some(&answer)) {
            model.set(Some(answer));
        }
        Ok(())
    });
    let asked = key.clone();
    let load = use_load(
        Signal::derive(move || S::SPEC.calls.get(&asked)),
        Some(EVERY),
        accept,
    );
    let failures = RwSignal::new(Vec::new());
    let navigate = StoredValue::new_local(paths::use_navigate());
    let list = paths::section(&connection, S::SPEC.names.segment);
    let back = list.clone();
    let created = use_context::<Created>();
    let done = Callback::new(move |gone: Vec<String>| {
        if let Some(created) = created {
            created.forget(&back, &gone);
        }
        navigate.with_value(|go| go(&back, NavigateOptions::default()));
    });
    let called = Callback::new(move |key: String| {
        model.with_untracked(|model| {
            let name = model
                .as_ref()
                .map(|model| S::SPEC.name(model))
                .filter(|name| !name.is_empty());
            name.map_or(key, String::from)
        })
    });
    let delete = S::SPEC
        .deletion()
        .map(|deletion| use_named_deletion(deletion, failures, done, called));
    let delete_this = {
        let key = key.clone();
        Callback::new(move |()| {
            if let Some(delete) = delete {
                delete.run(vec![key.clone()]);
            }
        })
    };
    // What shows the model only exists once it is there.
    let model = Signal::derive(move || model.get().unwrap_or_default());
    let can = use_capabilities();
    let written = Callback::new(move |()| {
        let described =
            model.with_untracked(|model| code::described::<S>(model, can.get_untracked()));
        described.definition
    });
    let (acting, acting_key) = (connection.clone(), key.clone());
    let detail = Detail {
        one: S::SPEC.names.one,
        key: key.clone(),
        name: Signal::derive(move || {
            let name = model.with(|model| S::SPEC.name(model).to_string());
            if name.is_empty() { key.clone() } else { name }
        }),
        state: Signal::derive(move || match load.ready.get() {
            true => model.with(|model| S::SPEC.state(model)),
            false => String::new(),
        }),
        list,
        load,
        facts: ViewFn::from(move || (S::SPEC.facts)(model)),
        actions: ViewFn::from(move || actions::<S>(&acting, &acting_key, model, load, delete_this)),
        written: Some(written),
        tabs: (S::SPEC.tabs)(&connection, model),
        failures,
    };
    view! { <DetailView detail /> }.into_any()
}

fn actions<S: Resource>(
    connection: &str,
    key: &str,
    model: Signal<S::Model>,
    load: Load,
    delete: Callback<()>,
) -> AnyView {
    let others = match S::SPEC.actions {
        Actions::Own(view) => return view(connection, model, load, delete),
        Actions::With(view) => Some(view(connection, model, load)),
        Actions::Usual => None,
    };
    let edit = S::SPEC.edit.map(|word| {
        let href = paths::edit_item(connection, S::SPEC.names.segment, key);
        view! { <ChangeLink href text=word /> }
    });
    let delete = S::SPEC
        .loss
        .map(|_| view! { <Button on_click=delete>"Delete"</Button> });
    view! { {others} {edit} {delete} }.into_any()
}
