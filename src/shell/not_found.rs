use leptos::prelude::*;

use crate::{connections::use_connection, paths};

#[component]
pub fn NotFound() -> impl IntoView {
    let connection = use_connection();
    let (href, words) = match connection.get_untracked() {
        Some(connection) => (
            paths::home(&connection.id),
            format!("Open {}", connection.name),
        ),
        None => (paths::connections(), "Choose a connection".into()),
    };
    view! {
        <div class="page narrow">
            <h1>"Page not found"</h1>
            <p class="lead">"The URL is wrong, or the resource has been removed."</p>
            <div class="actions"><a class="button primary" href=href>{words}</a></div>
        </div>
    }
    .into_any()
}
