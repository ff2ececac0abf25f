//! A secret that the server shows once: a new API key, the link of an invitation.

use leptos::prelude::*;

use crate::ui::{Banner, CopyButton, Tone};

/// `back` leads to the list.
#[component]
pub fn ShownOnce(
    #[prop(into)] title: String,
    /// What it is, for example `API key`.
    #[prop(into)]
    label: String,
    secret: String,
    #[prop(into)] warning: String,
    back: String,
) -> impl IntoView {
    view! {
        <div class="page">
            <header class="page-head"><h1>{title}</h1></header>
            <Banner tone=Tone::Warn><strong>"This is shown once."</strong> " " {warning}</Banner>
            <div class="shown-once">
                <output class="mono" aria-label=label.clone() tabindex="0">{secret.clone()}</output>
                <CopyButton text=secret label=format!("Copy {label}") />
            </div>
            <p><a class="button primary" href=back>"Done"</a></p>
        </div>
    }
    .into_any()
}
