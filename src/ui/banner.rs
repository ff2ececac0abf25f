use leptos::prelude::*;
use weir_api::ApiError;

use super::{CopyButton, Icon, IconName, Tone};
use crate::errors;

/// A message that belongs to a page or a form. `Bad` and `Warn` are announced at once.
#[component]
pub fn Banner(#[prop(optional)] tone: Tone, children: Children) -> impl IntoView {
    let urgent = matches!(tone, Tone::Bad | Tone::Warn);
    let icon = match tone {
        Tone::Good => IconName::Check,
        Tone::Bad | Tone::Warn => IconName::Warning,
        Tone::Neutral | Tone::Accent => IconName::Info,
    };
    view! {
        <div class="banner" data-tone=tone.as_str() role=if urgent { "alert" } else { "status" }>
            <Icon name=icon />
            <div class="banner-body">{children()}</div>
        </div>
    }
    .into_any()
}

/// A failed call in words, with the request's id to hand on; nothing while there is no error.
#[component]
pub fn ErrorBanner(#[prop(into)] error: Signal<Option<ApiError>>) -> impl IntoView {
    move || {
        let error = error.get().filter(|error| *error != ApiError::Cancelled)?;
        let words = errors::words(&error);
        let detail =
            (!words.detail.is_empty()).then(|| view! { <p class="detail">{words.detail}</p> });
        let request = words.request_id.map(|id| {
            view! {
                <p class="request-id">
                    "Request " <code>{id.clone()}</code> <CopyButton text=id label="Copy request id" />
                </p>
            }
        });
        Some(view! {
            <Banner tone=Tone::Bad>
                <strong>{words.title}</strong>
                {detail}
                {request}
            </Banner>
        })
    }
}
