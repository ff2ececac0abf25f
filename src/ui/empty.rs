use leptos::prelude::*;

use crate::text::visible;

/// Stands where rows would be: what is not there yet and what to do next.
#[component]
pub fn Empty(
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] hint: Signal<String>,
    /// Links and buttons that lead on.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <p class="empty-title">{move || title.with(|title| visible(title).into_owned())}</p>
            <p>{move || hint.get()}</p>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
    .into_any()
}
