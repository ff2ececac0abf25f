use leptos::prelude::*;

use super::{Bound, Field, use_wiring};
use crate::ui::unique;

#[component]
pub fn TextField(
    #[prop(into)] label: String,
    #[prop(optional, into)] name: String,
    #[prop(into)] value: Bound,
    #[prop(optional, into)] help: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional)] required: bool,
    #[prop(optional)] bare: bool,
    #[prop(optional)] mono: bool,
    #[prop(optional)] autofocus: bool,
    /// `text`, `password`, `url` or `search`.
    #[prop(optional, into)]
    kind: Option<&'static str>,
    #[prop(optional, into)] autocomplete: Option<&'static str>,
    /// Id of a `<datalist>`.
    #[prop(optional, into)]
    list: Option<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let control = move || {
        let wiring = use_wiring();
        let (invalid, described) = (wiring.invalid(), wiring.described());
        view! {
            <input
                class="input"
                class:mono=mono
                type=kind.unwrap_or("text")
                id=wiring.id.clone()
                list=list
                placeholder=(!placeholder.is_empty()).then_some(placeholder)
                autocomplete=autocomplete.unwrap_or("off")
                autofocus=autofocus
                spellcheck="false"
                aria-required=wiring.required.then_some("true")
                aria-invalid=invalid
                aria-describedby=described
                prop:value=value.get
                on:input:target=move |event| {
                    wiring.touched();
                    value.set.run(event.target().value());
                }
            />
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

/// Free text with suggestions.
#[component]
pub fn Combobox(
    #[prop(into)] label: String,
    #[prop(optional, into)] name: String,
    #[prop(into)] value: Bound,
    suggestions: &'static [&'static str],
    #[prop(optional, into)] help: String,
    #[prop(optional, into)] placeholder: String,
    #[prop(optional)] required: bool,
    #[prop(optional)] bare: bool,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let list = unique("list");
    let options: Vec<_> = suggestions
        .iter()
        .map(|one| view! { <option value=*one></option> })
        .collect();
    view! {
        <TextField label name value help placeholder required bare mono=true list=list.clone() error />
        <datalist id=list>{options}</datalist>
    }
    .into_any()
}
