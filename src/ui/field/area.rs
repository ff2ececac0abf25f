use leptos::prelude::*;

use super::{Bound, Field, use_wiring};

/// Several lines of text.
#[component]
pub fn TextArea(
    #[prop(into)] label: String,
    #[prop(optional, into)] name: String,
    #[prop(into)] value: Bound,
    #[prop(optional, into)] help: String,
    #[prop(optional, into)] placeholder: Signal<String>,
    #[prop(optional)] required: bool,
    #[prop(optional)] mono: bool,
    #[prop(optional, into)] disabled: Signal<bool>,
    #[prop(default = 3)] rows: u32,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let control = move || {
        let wiring = use_wiring();
        let (invalid, described) = (wiring.invalid(), wiring.described());
        view! {
            <textarea
                class="input"
                class:mono=mono
                id=wiring.id.clone()
                rows=rows
                placeholder=placeholder
                spellcheck=if mono { "false" } else { "true" }
                disabled=disabled
                aria-required=wiring.required.then_some("true")
                aria-invalid=invalid
                aria-describedby=described
                prop:value=value.get
                on:input:target=move |event| {
                    wiring.touched();
                    value.set.run(event.target().value());
                }
            ></textarea>
        }
        .into_any()
    };
    view! {
        <Field label name help required error>
            {control()}
        </Field>
    }
    .into_any()
}
