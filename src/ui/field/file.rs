use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::File;

use super::{Field, use_wiring};

/// A file of the person's device. It is only named here; whoever needs it reads it in slices.
#[component]
pub fn FileField(
    #[prop(into)] label: String,
    #[prop(optional, into)] name: String,
    #[prop(optional, into)] help: String,
    /// For example `.csv,.ndjson`.
    accept: &'static str,
    on_pick: Callback<Option<SendWrapper<File>>>,
    #[prop(optional, into)] disabled: Signal<bool>,
) -> impl IntoView {
    let control = move || {
        let wiring = use_wiring();
        let described = wiring.described();
        view! {
            <input
                class="input file"
                type="file"
                id=wiring.id.clone()
                accept=accept
                disabled=disabled
                aria-describedby=described
                on:change:target=move |event| {
                    let file = event.target().files().and_then(|files| files.get(0));
                    on_pick.run(file.map(SendWrapper::new));
                }
            />
        }
        .into_any()
    };
    view! {
        <Field label name help>
            {control()}
        </Field>
    }
    .into_any()
}
