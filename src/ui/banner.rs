use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use weir_api::ApiError;

use super::{Button, CopyButton, Icon, IconName, Tone};
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

/// How long an answer may take before something is said.
const LATE: Duration = Duration::from_secs(5);

/// Of a call that belongs to no connection yet: says that its answer is long in coming.
#[component]
pub fn HeldBack(#[prop(into)] busy: Signal<bool>) -> impl IntoView {
    let late = RwSignal::new(false);
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = timer.flatten() {
            timer.clear();
        }
        late.set(false);
        let tell = move || {
            late.try_set(true);
        };
        let timer = busy.get().then(|| set_timeout_with_handle(tell, LATE));
        timer.and_then(Result::ok)
    });
    move || {
        late.get()
            .then(|| view! { <Banner tone=Tone::Accent>{errors::HELD_BACK}</Banner> })
    }
}

/// Characters of a message that are shown before it is asked for.
const SHOWN: usize = 2_000;

/// A server may send a megabyte.
#[component]
fn Detail(text: String) -> impl IntoView {
    let end = text.char_indices().nth(SHOWN).map(|(end, _)| end);
    let Some(end) = end else {
        return view! { <p class="detail">{text}</p> }.into_any();
    };
    let all = RwSignal::new(false);
    let size = super::number::bytes(text.len() as u64);
    let text = StoredValue::new(text);
    let part = move || {
        text.with_value(|text| match all.get() {
            true => text.clone(),
            false => format!("{}…", &text[..end]),
        })
    };
    view! {
        <p class="detail">{part}</p>
        <Show when=move || !all.get()>
            <Button on_click=move || all.set(true)>{format!("Show all {size}")}</Button>
        </Show>
    }
    .into_any()
}

/// A failed call in words, with the request's id to hand on; nothing while there is no error.
#[component]
pub fn ErrorBanner(#[prop(into)] error: Signal<Option<ApiError>>) -> impl IntoView {
    move || {
        let error = error.get().filter(|error| *error != ApiError::Cancelled)?;
        let words = errors::words(&error);
        let detail = (!words.detail.is_empty()).then(|| view! { <Detail text=words.detail /> });
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
