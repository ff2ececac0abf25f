//! The page that changes one object: only what differs is sent.

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_location};
use serde_json::Value;
use weir_api::secmaster::{
    data_class::Field,
    data_object::{self, DataObject, Fields},
};

use super::{DataObjects, Model, NAMES, classes::use_fields, draft::Draft, form, parts};
use crate::{
    connections::use_connection_id,
    errors,
    kit::{
        FieldGroup, Form, FormView, Meanwhile, Resource, address::use_key, drafts, notice::Waiting,
        page_name::PageName, sentences, use_load,
    },
    paths,
    ui::{ErrorBanner, use_toasts},
};

/// Where the object stands in the request.
const PATH: &str = "data_object";

pub fn page() -> AnyView {
    let key = use_key();
    (move || of(key.get())).into_any()
}

/// Fetched once, and then the fields of its class.
fn of(key: String) -> AnyView {
    let model = RwSignal::new(None::<Model>);
    let accept = Callback::new(move |body: Vec<u8>| {
        let shown = (DataObjects::SPEC.read)(&body)?;
        if model.with_untracked(Option::is_none) {
            model.set(Some(shown));
        }
        Ok(())
    });
    let asked = key.clone();
    let load = use_load(
        Signal::derive(move || DataObjects::SPEC.calls.get(&asked)),
        None,
        accept,
    );
    let class = Signal::derive(move || {
        model.with(|model| {
            let object = model.as_ref().map(|shown| &shown.object);
            object
                .map(|o| o.dataclass_ref.id.clone())
                .unwrap_or_default()
        })
    });
    let fields = use_fields(class);
    let known = Memo::new(move |_| fields.ready.get());
    (move || match (model.get(), known.get()) {
        (Some(shown), true) => {
            PageName::tell(key.clone(), Signal::stored(shown.name.clone()));
            edit(
                key.clone(),
                shown,
                fields.all.get_untracked(),
                fields.error.into(),
            )
        }
        _ => view! {
            <div class="page">
                <header class="page-head"><h1>"Edit data object"</h1></header>
                <ErrorBanner error=load.page_error() />
                <Waiting load />
            </div>
        }
        .into_any(),
    })
    .into_any()
}

fn edit(
    key: String,
    shown: Model,
    fields: Vec<Field>,
    trouble: Signal<Option<weir_api::ApiError>>,
) -> AnyView {
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let place = use_location().pathname.get_untracked();
    let typed = drafts::use_draft(place, Draft::of(&shown.object, &fields));
    let draft = typed.draft;
    let back = paths::item(&connection, NAMES.segment, &key);
    let (navigate, toasts) = (StoredValue::new_local(paths::use_navigate()), use_toasts());
    let (to, name) = (back.clone(), shown.name.clone());
    let done = Callback::new(move |_| {
        typed.end.run(());
        toasts.success(format!("Data object {name} changed"));
        navigate.with_value(|go| go(&to, NavigateOptions::default()));
    });
    let title = format!("Edit {}", crate::text::visible(&shown.name));
    let sent = StoredValue::new((key, shown.object, fields.clone()));
    let requests = Callback::new(move |()| {
        sent.with_value(|(key, before, fields)| {
            let changed = draft.with_untracked(|draft| draft.changed(before, fields, PATH))?;
            // Nothing to do.
            if changed.is_empty() {
                return Ok(Vec::new());
            }
            let (class, id) = parts(key);
            let request = data_object::update(class, id, &changed).map_err(errors::unsent)?;
            Ok(vec![request])
        })
    });
    let meanwhile = Meanwhile {
        request: sent.with_value(|(key, ..)| DataObjects::SPEC.calls.get(key)),
        changed: Callback::new(move |body: Vec<u8>| {
            let now = (DataObjects::SPEC.read)(&body).ok()?.object;
            sent.with_value(|(_, before, fields)| {
                let sent = draft.with_untracked(|draft| draft.changed(before, fields, PATH));
                overwritten(&sent.ok()?, before, &now)
            })
        }),
    };
    let controls = move || {
        view! {
            <ErrorBanner error=trouble />
            {form::controls(&fields, draft, false, PATH)}
        }
        .into_any()
    };
    let form = Form {
        title,
        action: "Save changes".into(),
        cancel: back,
        sections: vec![
            FieldGroup::new("", controls),
            FieldGroup::new("More", move || form::more(draft, PATH)).advanced(),
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
        meanwhile: Some(meanwhile),
    };
    view! { <FormView form /> }.into_any()
}

/// What somebody else has changed of the fields that are sent.
fn overwritten(sent: &Fields, before: &DataObject, now: &DataObject) -> Option<Vec<String>> {
    let of = |object: &DataObject| -> Value {
        let fields = object.data_object.iter();
        let fields = fields.filter(|(key, _)| sent.contains_key(*key));
        let fields = fields.map(|(key, value)| (key.clone(), value.clone()));
        Value::Object(fields.collect())
    };
    let changes = weir_code::differences(&of(before), &of(now));
    (!changes.is_empty()).then(|| sentences(&changes))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_is_sent_overwrites() {
        let object = |fields: Value| DataObject {
            data_object: serde_json::from_value(fields).expect("fields"),
            ..DataObject::default()
        };
        let before = object(json!({"title": "a", "severity": "Low"}));
        let now = object(json!({"title": "b", "severity": "High"}));
        let sent = |fields: Value| serde_json::from_value::<Fields>(fields).expect("fields");
        assert_eq!(
            overwritten(&sent(json!({"severity": "Tips"})), &before, &now),
            Some(vec!["severity: “Low” → “High”".into()])
        );
        assert_eq!(
            overwritten(&sent(json!({"labels": "x"})), &before, &now),
            None
        );
        assert_eq!(
            overwritten(&sent(json!({"title": "c"})), &before, &before),
            None
        );
    }
}
