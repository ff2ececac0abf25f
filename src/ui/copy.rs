use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

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

/// False where the browser refuses, for example on a page without TLS.
pub async fn clipboard(text: &str) -> bool {
    let navigator = window().navigator();
    // Absent (`undefined`) outside secure contexts, whatever the bindings promise.
    let there =
        js_sys::Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|it| it.is_object());
    there
        && JsFuture::from(navigator.clipboard().write_text(text))
            .await
            .is_ok()
}
