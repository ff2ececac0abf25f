use leptos::prelude::*;

use super::{Bound, Field, use_wiring};

/// Value on the wire and words for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }
}

#[component]
pub fn Select(
    #[prop(into)] label: String,
    #[prop(optional, into)] name: String,
    #[prop(into)] value: Bound,
    #[prop(into)] choices: Signal<Vec<Choice>>,
    #[prop(optional, into)] help: String,
    #[prop(optional)] required: bool,
    #[prop(optional)] bare: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let control = move || {
        let wiring = use_wiring();
        let (invalid, described) = (wiring.invalid(), wiring.described());
        let options = move || {
            choices
                .get()
                .into_iter()
                .map(|choice| {
                    let own = choice.value.clone();
                    view! {
                        <option value=choice.value prop:selected=move || value.get.with(|v| *v == own)>
                            {choice.label}
                        </option>
                    }
                })
                .collect_view()
        };
        view! {
            <select
                class="input"
                id=wiring.id.clone()
                disabled=disabled
                aria-required=wiring.required.then_some("true")
                aria-invalid=invalid
                aria-describedby=described
                on:change:target=move |event| {
                    wiring.touched();
                    value.set.run(event.target().value());
                }
            >
                {options}
            </select>
        }
        .into_any()
    };
    view! {
        <Field label name help required bare error>
            {control()}
        </Field>
    }
    .into_any()
}
