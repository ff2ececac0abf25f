use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Element, HtmlElement, HtmlTextAreaElement};

use super::{Button, ButtonKind, Icon, IconName, use_toasts};

/// Puts `text` on the clipboard and shows that it did.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    /// What is copied, for example `Copy request id`.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let copied = RwSignal::new(false);
    let toasts = use_toasts();
    let copy = move || {
        let text = text.get_untracked();
        leptos::task::spawn_local(async move {
            if clipboard(&text).await {
                copied.set(true);
                set_timeout(
                    move || {
                        copied.try_set(false);
                    },
                    Duration::from_secs(2),
                );
            } else {
                toasts.error("The browser blocked copying. Select the text and copy it.");
            }
        });
    };
    view! {
        <Button kind=ButtonKind::Quiet label on_click=copy>
            {move || view! { <Icon name=if copied.get() { IconName::Check } else { IconName::Copy } /> }}
            <span class="visually-hidden" role="status">
                {move || copied.get().then_some("Copied")}
            </span>
        </Button>
    }
    .into_any()
}

/// False where the browser refuses.
pub async fn clipboard(text: &str) -> bool {
    let navigator = window().navigator();
    // Absent (`undefined`) outside secure contexts, whatever the bindings promise.
    let there =
        js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|it| it.is_object());
    if !there {
        return copy_selected(text);
    }
    let written = JsFuture::from(navigator.clipboard().write_text(text)).await;
    written.is_ok() || copy_selected(text)
}

/// The way of pages without TLS: a field with the text is selected and the browser told to copy.
/// It stands where the focus is, because nothing outside an open dialog can be selected.
fn copy_selected(text: &str) -> bool {
    let document = document();
    let active = document.active_element();
    let place = active
        .as_ref()
        .and_then(|element| element.closest("dialog").ok().flatten())
        .or_else(|| document.body().map(Element::from));
    let area = document.create_element("textarea").ok();
    let Some((place, area)) = place.zip(area) else {
        return false;
    };
    let area: HtmlTextAreaElement = area.unchecked_into();
    area.set_value(text);
    area.set_read_only(true);
    area.set_class_name("visually-hidden");
    if place.append_child(&area).is_err() {
        return false;
    }
    area.select();
    let copied = js_sys::Reflect::get(&document, &"execCommand".into())
        .and_then(|command| command.dyn_into::<js_sys::Function>())
        .and_then(|command| command.call1(&document, &"copy".into()))
        .is_ok_and(|done| done.is_truthy());
    area.remove();
    if let Some(active) = active.and_then(|active| active.dyn_into::<HtmlElement>().ok()) {
        let _ = active.focus();
    }
    copied
}
