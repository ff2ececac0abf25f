//! Streams.

use leptos::prelude::*;

#[component]
pub fn StreamListPage() -> impl IntoView {
    view! { <h1>"Streams"</h1> }
}

#[component]
pub fn StreamCreatePage() -> impl IntoView {
    view! { <h1>"Create stream"</h1> }
}

#[component]
pub fn StreamDetailPage() -> impl IntoView {
    view! { <h1>"Stream"</h1> }
}

#[component]
pub fn StreamEditPage() -> impl IntoView {
    view! { <h1>"Edit stream"</h1> }
}
