//! Queries.

use leptos::prelude::*;

#[component]
pub fn QueryListPage() -> impl IntoView {
    view! { <h1>"Queries"</h1> }
}

#[component]
pub fn QueryDetailPage() -> impl IntoView {
    view! { <h1>"Query"</h1> }
}
