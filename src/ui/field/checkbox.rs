use leptos::prelude::*;

use super::{Bound, Choice, FormErrors};
use crate::{text::coded, ui::unique};

#[component]
pub fn Checkbox(
    #[prop(into)] label: String,
    #[prop(into)] value: Bound<bool>,
    #[prop(optional, into)] help: String,
    /// The label is only read out.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let help_id = (!help.is_empty()).then(|| unique("help"));
    let described = help_id.clone();
    view! {
        <div class="field check">
            <label>
                <input
                    type="checkbox"
                    aria-describedby=described
                    prop:checked=value.get
                    on:change:target=move |event| value.set.run(event.target().checked())
                />
                <span class:visually-hidden=bare>{label}</span>
            </label>
            {help_id.map(|id| view! { <p class="field-help" id=id>{help}</p> })}
        </div>
    }
    .into_any()
}

/// One of few, all of them visible.
#[component]
pub fn Radio(
    #[prop(into)] label: String,
    #[prop(optional, into)] name: String,
    #[prop(into)] value: Bound,
    choices: Vec<Choice>,
) -> impl IntoView {
    let group = unique("radio");
    let errors = use_context::<FormErrors>().filter(|_| !name.is_empty());
    if let Some(errors) = errors {
        errors.register(&name, &format!("{group}-0"));
    }
    let options: Vec<_> = choices
        .into_iter()
        .enumerate()
        .map(|(index, Choice { value: own, label })| {
            let (wire, name) = (own.clone(), name.clone());
            view! {
                <label>
                    <input
                        type="radio"
                        id=format!("{group}-{index}")
                        name=group.clone()
                        value=own.clone()
                        prop:checked=move || value.get.with(|v| *v == own)
                        on:change=move |_| {
                            if let Some(errors) = errors {
                                errors.clear(&name);
                            }
                            value.set.run(wire.clone());
                        }
                    />
                    <span>{label}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="field radio">
            <legend>{label}</legend>
            <div class="radio-options">{options}</div>
            {move || {
                errors
                    .and_then(|errors| errors.of(&name))
                    .map(|error| view! { <p class="field-error">{coded(&error)}</p> })
            }}
        </fieldset>
    }
    .into_any()
}
