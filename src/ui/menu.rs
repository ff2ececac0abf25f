//! A button that opens a small panel of links and buttons, on the browser's `<details>`.

use leptos::{
    ev::{FocusEvent, KeyboardEvent},
    html,
    prelude::*,
};
use wasm_bindgen::JsCast;

/// Closes on Escape, on a choice inside and when the focus leaves it.
#[component]
pub fn Menu(
    /// Accessible name of the button.
    #[prop(into)]
    label: Signal<String>,
    /// What the button shows.
    #[prop(into)]
    face: ViewFn,
    /// The panel hangs from the button's right edge.
    #[prop(optional)]
    right: bool,
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Details>::new();
    let close = move || {
        if let Some(details) = node.try_get_untracked().flatten() {
            details.set_open(false);
        }
    };
    let keys = move |event: KeyboardEvent| {
        let Some(details) = node.get_untracked() else {
            return;
        };
        if event.key() == "Escape" && details.open() {
            event.stop_propagation();
            close();
            if let Ok(Some(summary)) = details.query_selector("summary") {
                let _ = summary
                    .unchecked_ref::<leptos::web_sys::HtmlElement>()
                    .focus();
            }
        }
    };
    let left = move |event: FocusEvent| {
        let to = event
            .related_target()
            .map(|to| to.unchecked_into::<leptos::web_sys::Node>());
        // The focus also leaves when the page with the menu goes.
        let inside = node
            .try_get_untracked()
            .flatten()
            .is_some_and(|details| details.contains(to.as_ref()));
        if !inside {
            close();
        }
    };
    view! {
        <details node_ref=node class="menu" class:right=right on:keydown=keys on:focusout=left>
            <summary class="button quiet" aria-label=move || label.get() title=move || label.get()>
                {face.run()}
            </summary>
            <div class="menu-panel" tabindex="-1" on:click=move |_| close()>
                {children()}
            </div>
        </details>
    }
    .into_any()
}
