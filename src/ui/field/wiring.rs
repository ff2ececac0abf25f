//! What ties a label, a control, its help and its error together.

use leptos::{context::Provider, prelude::*};

use super::FormErrors;
use crate::{text::coded, ui::unique};

/// What a control needs to belong to its field.
#[derive(Clone)]
pub struct Wiring {
    pub id: String,
    pub required: bool,
    pub error: Signal<Option<String>>,
    help: Option<String>,
    name: String,
    errors: Option<FormErrors>,
}

impl Wiring {
    pub fn invalid(&self) -> impl Fn() -> Option<&'static str> + use<> {
        let error = self.error;
        move || error.get().map(|_| "true")
    }

    pub fn described(&self) -> impl Fn() -> Option<String> + use<> {
        let (id, error, help) = (self.id.clone(), self.error, self.help.clone());
        move || match (error.get().map(|_| format!("{id}-error")), help.clone()) {
            (Some(error), Some(help)) => Some(format!("{error} {help}")),
            (one, other) => one.or(other),
        }
    }

    /// Call when the person has changed the field.
    pub fn touched(&self) {
        if let Some(errors) = self.errors {
            errors.clear(&self.name);
        }
    }
}

pub fn use_wiring() -> Wiring {
    expect_context()
}

/// Label above, control, then the error or the help below.
#[component]
pub fn Field(
    #[prop(into)] label: String,
    /// Path in the request body; errors of this path show here.
    #[prop(optional, into)]
    name: String,
    #[prop(optional, into)] help: String,
    #[prop(optional)] required: bool,
    /// The label is only read out, for controls in a table.
    #[prop(optional)]
    bare: bool,
    /// Besides the form's errors.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    children: Children,
) -> impl IntoView {
    let id = unique("field");
    let errors = use_context::<FormErrors>().filter(|_| !name.is_empty());
    if let Some(errors) = errors {
        errors.register(&name, &id);
    }
    let of_form = {
        let name = name.clone();
        Signal::derive(move || {
            error
                .get()
                .or_else(|| errors.and_then(|errors| errors.of(&name)))
        })
    };
    let help_id = (!help.is_empty()).then(|| format!("{id}-help"));
    let wiring = Wiring {
        id: id.clone(),
        required,
        error: of_form,
        help: help_id.clone(),
        name,
        errors,
    };
    let mark = required.then(|| view! { <span class="required" aria-hidden="true">" *"</span> });
    view! {
        <div class="field" class:bare=bare class:invalid=move || of_form.get().is_some()>
            <label for=id.clone() class:visually-hidden=bare>{label}{mark}</label>
            <Provider value=wiring>{children()}</Provider>
            {move || {
                let id = format!("{id}-error");
                of_form.get().map(|error| view! { <p class="field-error" id=id>{coded(&error)}</p> })
            }}
            {help_id.map(|id| view! { <p class="field-help" id=id>{help}</p> })}
        </div>
    }
    .into_any()
}
