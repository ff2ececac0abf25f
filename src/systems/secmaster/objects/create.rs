//! The page that creates one object.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_location};
use weir_api::{
    FieldError,
    secmaster::{
        data_class::DataClass,
        data_object::{self, Created, ListName},
        plain,
    },
};

use super::{
    super::pick::{Item, PickField},
    NAMES,
    classes::{use_classes, use_fields},
    draft::Draft,
    form,
};
use crate::{
    connections::use_connection_id,
    errors,
    kit::{FieldGroup, Form, FormView, address, created, drafts},
    paths,
    ui::{
        ErrorBanner,
        field::{Bound, Choice, Select},
        use_toasts,
    },
};

/// Where the object stands in the request.
const PATH: &str = "data_object_list[0]";

pub fn page() -> AnyView {
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let place = use_location().pathname.get_untracked();
    let class = RwSignal::new(address::parameter("class"));
    address::keep(Signal::derive(move || vec![("class", class.get())]));
    let classes = use_classes();
    // The first where none is named.
    Effect::new(move || {
        let first = classes.items.with(|items| items.first().cloned());
        if let Some(first) = first
            && class.with_untracked(String::is_empty)
        {
            class.set(first.id);
        }
    });
    let fields = use_fields(class.into());
    let typed = drafts::use_draft(place, Draft::default());
    let draft = typed.draft;
    let list_name = RwSignal::new(ListName::New.as_str().to_owned());
    let requests = Callback::new(move |()| {
        let all = fields.all.get_untracked();
        let (id, old) = (class.get_untracked(), list_name.get_untracked());
        if id.is_empty() {
            return Err(vec![FieldError::new("dataclass", "Choose a data class")]);
        }
        let object = draft.with_untracked(|draft| draft.object(&all, true, PATH))?;
        let list = match old == ListName::Old.as_str() {
            true => ListName::Old,
            false => ListName::New,
        };
        let request = data_object::batch_create(&id, &[object], list).map_err(errors::unsent)?;
        Ok(vec![request])
    });
    let (navigate, toasts) = (StoredValue::new_local(paths::use_navigate()), use_toasts());
    let awaited = created::Created::of_shell();
    let list = paths::section(&connection, NAMES.segment);
    let back = list.clone();
    let done = Callback::new(move |body: Vec<u8>| {
        typed.end.run(());
        let made: Vec<Created> = plain(&body).unwrap_or_default();
        let chosen = classes.items.with_untracked(|items| {
            let found = items.iter().find(|item| item.id == class.get_untracked());
            found.map(|item| item.name.clone()).unwrap_or_default()
        });
        let class = DataClass {
            name: chosen,
            ..DataClass::default()
        };
        let to = match made.first() {
            Some(made) if !class.name.is_empty() => {
                let key = format!("{}:{}", class.plural(), made.id);
                paths::item(&connection, NAMES.segment, &key)
            }
            _ => back.clone(),
        };
        if let (Some(awaited), Some(made)) = (awaited, made.first()) {
            let key = format!("{}:{}", class.plural(), made.id);
            awaited.put(&back, &key, &made.id);
        }
        toasts.success("Data object created".to_owned());
        navigate.with_value(|go| go(&to, NavigateOptions::default()));
    });
    let set_class = Callback::new(move |item: Item| class.set(item.id));
    let choose = move || {
        view! {
            <PickField
                label="Data class"
                name="dataclass"
                value=class.into()
                pick=classes
                set=set_class
                empty="Choose a class"
                required=true
            />
            <ErrorBanner error=fields.error />
        }
        .into_any()
    };
    let controls = move || {
        let all = move || {
            fields
                .all
                .with(|all| form::controls(all, draft, true, PATH))
        };
        all.into_any()
    };
    let names = vec![
        Choice::new(ListName::New.as_str(), "data_object_list"),
        Choice::new(ListName::Old.as_str(), "data_object"),
    ];
    let more = move || {
        let (value, choices) = (Bound::from(list_name), names.clone());
        view! {
            {form::more(draft, PATH)}
            <Select
                label="Send as"
                value
                choices
                help="The documentation has two names for the list; use the older one for older servers."
            />
        }
        .into_any()
    };
    let form = Form {
        title: format!("Create {}", NAMES.one),
        action: format!("Create {}", NAMES.one),
        cancel: list,
        sections: vec![
            FieldGroup::new("", choose),
            FieldGroup::new("Fields", controls),
            FieldGroup::new("More", more).advanced(),
        ],
        dirty: typed.dirty.into(),
        discard: typed.discard,
        start_over: Callback::new(move |()| {
            typed.discard.run(());
            draft.set(typed.first.get_value());
        }),
        restored: typed.restored,
        requests,
        done,
        taken: "",
        steps: "",
        aside: None,
        written: None,
        question: None,
        depends: Signal::stored(Vec::new()),
        meanwhile: None,
    };
    view! { <FormView form /> }.into_any()
}
