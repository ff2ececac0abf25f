//! The SQL workspace.

use leptos::prelude::*;

#[component]
pub fn WorkspacePage() -> impl IntoView {
    view! { <h1>"SQL workspace"</h1> }
}
